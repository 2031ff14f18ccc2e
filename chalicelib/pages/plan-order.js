// An order that is opened on the planner's page: its fields, its stages, and what can be done with them.

import { addressOf } from "./plan-address.js";
import { Commands } from "./plan-command.js";
import { useFollowed } from "./polling.js";
import { html, useEffect, useRef, useState } from "./preact.js";
import { Refusal } from "./refusal.js";
import { API, call, readAgain } from "./session.js";
import { instantOf, labelOf, number, say, spanOf } from "./words.js";

const ORDER_FIELDS = ["quantity", "planned_start", "planned_end", "priority", "customer", "note"];
const STAGE_FIELDS = ["name", "planned_start", "planned_end", "machine_id", "standard_seconds_per_unit"];

async function namesOf(path) {
  const { items } = await call(path);
  return new Map(items.map(({ id, name }) => [id, name]));
}

export function Order({ address, change, meta, machines }) {
  const path = `/workorders/${encodeURIComponent(address.order)}`;
  const { seen, refusal, again } = useFollowed(path, (before) => readAgain(path, before));
  const [people, setPeople] = useState(new Map());
  const title = useRef(null);
  const version = seen?.data.version;
  useEffect(() => title.current?.focus(), [version === undefined]);
  useEffect(() => {
    if (version) namesOf(`${path}/people`).then(setPeople, () => null);
  }, [version]);
  const shared = { meta, done: again, machines, people };
  return html`<article class="opened">
    <button type="button" onClick=${() => change({ order: null })}>${say("back")}</button>
    <${Refusal} ...${{ refusal, again }} />
    ${seen ? html`<${Whole} order=${seen.data} ...${{ path, title, shared }} />` : !refusal && html`<p role="status">${say("loading")}</p>`}
  </article>`;
}

function Whole({ order, path, title, shared }) {
  const { meta, people } = shared;
  const at = instantOf(meta.plant.time_zone);
  const facts = [
    ["state", labelOf(meta, "order_status", order.status)],
    ["state_held", order.held && `${order.held.reason} (${people.get(order.held.by) ?? order.held.by}, ${at(order.held.since)})`],
    ["product", order.product_code],
    ["made_of", `${order.good === null ? "–" : number(order.good)} / ${number(order.quantity)}`],
    ["priority", number(order.priority)],
    ["lot", order.lot_no],
    ["customer", order.customer],
    ["planned", spanOf(meta.plant.time_zone)(order.planned_start, order.planned_end)],
    ["note", order.note],
  ];
  return html`
    <h2 tabindex="-1" dir="auto" ref=${title}>${order.number}</h2>
    <p><a href="${API}/orders/${order.id}/card">${say("job_card")}</a></p>
    <${Facts} facts=${facts} />
    <${Commands} about=${order} fields=${ORDER_FIELDS} ...${{ path, ...shared }} />
    <ol class="stages">${order.stages.map((stage) => html`<${Stage} key=${stage.id} ...${{ stage, shared }} />`)}</ol>
  `;
}

function Stage({ stage, shared }) {
  const { meta, people, machines } = shared;
  const [at, span] = [instantOf(meta.plant.time_zone), spanOf(meta.plant.time_zone)];
  const name = (id) => people.get(id) ?? id;
  const facts = [
    ["state", labelOf(meta, "stage_status", stage.status)],
    ["machine", stage.machine_id && html`<${Machine} id=${stage.machine_id} machines=${machines} />`],
    ["people", stage.assignee_ids.map(name).join(", ")],
    ["at_work", stage.open_sessions.map(({ worker_id, started_at }) => `${name(worker_id)} (${at(started_at)})`).join(", ")],
    ["made_of", `${number(stage.good)} / ${number(stage.quantity)}`],
    ["scrap_pieces", stage.scrap > 0 && number(stage.scrap)],
    ["rework", stage.rework > 0 && number(stage.rework)],
    ["planned", span(stage.planned_start, stage.planned_end)],
    ["began", stage.started_at && at(stage.started_at)],
    ["ended", stage.ended_at && at(stage.ended_at)],
    ["waits_for", stage.waits_for_stage?.name],
    ["issues", stage.open_issues.length > 0 && number(stage.open_issues.length)],
  ];
  return html`<li>
    <h3 dir="auto">${stage.position}. ${stage.name}</h3>
    <${Facts} facts=${facts} />
    <${Commands} about=${stage} path="/stages/${encodeURIComponent(stage.id)}" fields=${STAGE_FIELDS} ...${shared} />
  </li>`;
}

// A machine leads to the orders whose next stage is there.
function Machine({ id, machines }) {
  return html`<a href=${addressOf({ order: null, tab: "all", machine: id })}>${machines.get(id)?.name ?? id}</a>`;
}

function Facts({ facts }) {
  return html`<dl>${facts.filter(([, value]) => value).map(([word, value]) => html`<dt>${say(word)}</dt><dd dir="auto">${value}</dd>`)}</dl>`;
}
