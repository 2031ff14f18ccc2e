// An order that is opened on the planner's page: its fields and its stages.

import { useFollowed } from "./polling.js";
import { html, useEffect, useRef } from "./preact.js";
import { Refusal } from "./refusal.js";
import { API, readAgain } from "./session.js";
import { labelOf, number, say, spanOf } from "./words.js";

export function Order({ address, change, meta }) {
  const path = `/workorders/${encodeURIComponent(address.order)}`;
  const { seen, refusal, again } = useFollowed(path, (before) => readAgain(path, before));
  const title = useRef(null);
  useEffect(() => title.current?.focus(), [Boolean(seen)]);
  return html`<article class="opened">
    <button type="button" onClick=${() => change({ order: null })}>${say("back")}</button>
    <${Refusal} ...${{ refusal, again }} />
    ${seen ? html`<${Fields} order=${seen.data} ...${{ meta, title }} />` : !refusal && html`<p role="status">${say("loading")}</p>`}
  </article>`;
}

function Fields({ order, meta, title }) {
  const span = spanOf(meta.plant.time_zone);
  const facts = [
    ["state", order.held ? say("state_held") : labelOf(meta, "order_status", order.status)],
    ["product", order.product_code],
    ["quantity", `${number(order.good ?? 0)} / ${number(order.quantity)}`],
    ["lot", order.lot_no],
    ["customer", order.customer],
    ["planned", span(order.planned_start, order.planned_end)],
    ["note", order.note],
  ];
  return html`
    <h2 tabindex="-1" dir="auto" ref=${title}>${order.number}</h2>
    <p><a href="${API}/orders/${order.id}/card">${say("job_card")}</a></p>
    <dl>${facts.filter(([, value]) => value).map(([word, value]) => html`<dt>${say(word)}</dt><dd dir="auto">${value}</dd>`)}</dl>
    <ol class="stages">${order.stages.map((stage) => html`<li key=${stage.id}>
      <b dir="auto">${stage.name}</b> ${labelOf(meta, "stage_status", stage.status)} · ${span(stage.planned_start, stage.planned_end)}
    </li>`)}</ol>
  `;
}
