// Orders in a table, by when they are due, as the filters in the address say.

import { readPages } from "./listed.js";
import { addressOf } from "./plan-address.js";
import { Filters, fits } from "./plan-filters.js";
import { useFollowed } from "./polling.js";
import { html, useRef } from "./preact.js";
import { Refusal } from "./refusal.js";
import { instantOf, labelOf, number, say } from "./words.js";
import { startOfDay } from "./zone.js";

const A_PAGE = 100;

// Which orders the server is asked for. The rest of the filters are its list's, read on this page.
function asked(address, zone) {
  const { tab, product, customer, status, sort } = address;
  const due = {
    late: { due_before: new Date().toISOString() },
    today: { due_after: startOfDay(zone).toISOString(), due_before: startOfDay(zone, 1).toISOString() },
    week: { due_after: startOfDay(zone).toISOString(), due_before: startOfDay(zone, 7).toISOString() },
  };
  const given = { ...due[tab], product_code: product, customer, status, order: sort, next_stage: 1, limit: A_PAGE };
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value));
}

export function Orders({ address, change, meta, machines }) {
  const { tab, product, customer, status, sort } = address;
  const about = JSON.stringify([tab, product, customer, status, sort]);
  const wanted = useRef({});
  if (wanted.current.about !== about) wanted.current = { about, pages: 1 };
  const read = (seen) => readPages("/workorders", asked(address, meta.plant.time_zone), wanted.current.pages, seen);
  const { seen, refusal, again } = useFollowed(about, read);
  const more = () => (wanted.current.pages += 1, again());
  const orders = (seen ?? []).flatMap(({ data }) => data.items);
  const shown = orders.filter((order) => fits(order, address, machines));
  const hasMore = seen?.at(-1)?.data.next_cursor !== undefined;
  return html`
    <${Filters} ...${{ address, change, meta, machines, orders }} />
    <${Refusal} ...${{ refusal, again }} />
    <p role="status">${seen ? `${number(shown.length)} / ${number(orders.length)}${hasMore ? "+" : ""} ${say("orders")}` : say("loading")}</p>
    ${shown.length > 0 && html`<${Table} ...${{ orders: shown, change, meta, machines }} />`}
    ${shown.length > 0 && html`<button type="button" onClick=${() => save(tab, shown, meta)}>${say("save_csv")}</button>`}
    ${hasMore && html`<button type="button" onClick=${more}>${say("show_more")}</button>`}
  `;
}

// Saves what is shown. What one cell of the page says in several numbers has a column for each of them.
async function save(tab, orders, meta) {
  const { saveCsv } = await import("./sheet.js");
  const due = instantOf(meta.plant.time_zone);
  const header = ["order", "product", "customer", "good", "quantity", "stages_done", "stages_total", "delay_minutes", "issues", "due", "state"];
  const rows = orders.map((order) => [
    order.number, order.product_code, order.customer, order.good, order.quantity, order.stages_done, order.stages_total,
    order.delay_minutes && Math.round(order.delay_minutes), issuesOf(order), due(order.planned_end), stateOf(order, meta),
  ]);
  await saveCsv(say(`tab_${tab}`), [header.map(say), ...rows]);
}

function issuesOf(order) {
  return Object.values(order.open_issues ?? {}).reduce((sum, found) => sum + found, 0);
}

function stateOf(order, meta) {
  return order.held ? say("state_held") : labelOf(meta, "order_status", order.status);
}

const COLUMNS = ["order", "product", "customer", "progress", "next_stage", "delay", "issues", "due", "state"];

function Table({ orders, ...shared }) {
  return html`<table class="orders">
    <thead><tr>${COLUMNS.map((word) => html`<th scope="col">${say(word)}</th>`)}</tr></thead>
    <tbody>${orders.map((order) => html`<${Row} key=${order.id} ...${{ order, ...shared }} />`)}</tbody>
  </table>`;
}

function Row({ order, change, meta, machines }) {
  const open = (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    change({ order: order.id });
  };
  const cells = {
    order: html`<a dir="auto" data-order=${order.id} href=${addressOf({ order: order.id })} onClick=${open}>${order.number}</a>`,
    product: html`<span dir="auto">${order.product_code}</span>`,
    customer: html`<span dir="auto" class="short" title=${order.customer}>${order.customer}</span>`,
    progress: html`<${Progress} order=${order} />`,
    next_stage: html`<${NextStage} stage=${order.next_stage} ...${{ meta, machines }} />`,
    delay: order.delay_minutes === null ? "–" : `${order.is_late ? "! " : ""}${number(Math.round(order.delay_minutes))} ${say("min")}`,
    issues: number(issuesOf(order)),
    due: instantOf(meta.plant.time_zone)(order.planned_end),
    state: stateOf(order, meta),
  };
  return html`<tr class=${order.is_late ? "late" : ""}>
    ${COLUMNS.map((word) => html`<td data-title=${say(word)}>${cells[word]}</td>`)}
  </tr>`;
}

function NextStage({ stage, meta, machines }) {
  if (!stage) return "–";
  const { position, name, status, machine_id } = stage;
  const where = machine_id && ` · ${machines.get(machine_id)?.name ?? machine_id}`;
  return html`<span dir="auto" class="short" title=${name}>${position}. ${name}</span> ${labelOf(meta, "stage_status", status)}${where}`;
}

function Progress({ order }) {
  const done = order.good ?? 0;
  return html`<progress max=${order.quantity} value=${Math.min(done, order.quantity)} aria-label=${say("progress")}></progress>
    ${" "}${number(done)} / ${number(order.quantity)} · ${order.stages_done ?? "–"} / ${order.stages_total ?? "–"} ${say("stages")}`;
}
