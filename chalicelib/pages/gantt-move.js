// Moving a stage on the plan: what the server says to it, what else it touches, the reason, and then the command.

import { stateWord } from "./gantt-bars.js";
import { overlap } from "./gantt-scale.js";
import { Edit } from "./plan-edit.js";
import { html, useEffect, useRef, useState } from "./preact.js";
import { Refusal } from "./refusal.js";
import { useSending } from "./sending.js";
import { API, call } from "./session.js";
import { say, spanOf } from "./words.js";

const MOVED = ["planned_start", "planned_end", "machine_id"];

// Asks the server what a move would do. Returns { answer, others }: the stage as it would be, and the stages of its order.
export async function proposed(bar, wanted) {
  const [answer, { items }] = await Promise.all([
    call(`${pathOf(bar)}?dry_run=1`, { method: "PATCH", body: bodyOf(bar, wanted, say("gantt")), headers: atVersion(bar) }),
    call(`/workorders/${encodeURIComponent(bar.stage.work_order_id)}/stages`),
  ]);
  return { answer, others: items.filter((stage) => stage.id !== bar.id) };
}

const pathOf = (bar) => `/stages/${encodeURIComponent(bar.id)}`;
const atVersion = (bar) => ({ "If-Match": `"${bar.stage.version}"` });

function bodyOf(bar, wanted, reason) {
  const wire = (instant) => new Date(instant).toISOString();
  const machine = wanted.machine === bar.stage.machine_id ? {} : { machine_id: wanted.machine };
  return { reason, planned_start: wire(wanted.start), planned_end: wire(wanted.end), ...machine };
}

export function Move({ bar, wanted, answer, others, plan, zone, meta, machines, moved, giveUp }) {
  const { send, look, refusal, isBusy } = useSending();
  const [wants, setWants] = useState({});
  const [found, setFound] = useState(null);
  const title = `${bar.stage.order_number} · ${bar.stage.name}`;
  const span = spanOf(zone);
  const machineOf = (id) => plan.rows.find((row) => row.machine.id === id)?.machine.name ?? id;
  const submit = async (event) => {
    event.preventDefault();
    const body = bodyOf(bar, wanted, new FormData(event.target).get("reason"));
    setWants(body);
    const stage = await send("PATCH", pathOf(bar), body, atVersion(bar));
    if (stage) moved(stage);
  };
  const changes = [
    [say("planned"), span(bar.stage.planned_start, bar.stage.planned_end), span(answer.planned_start, answer.planned_end)],
    [say("machine"), machineOf(bar.stage.machine_id), machineOf(answer.machine_id)],
  ];
  if (found) {
    const edit = { about: found, from: bar.stage, wants, found, path: pathOf(bar), fields: MOVED, meta, machines };
    return html`<${Dialog} key="edit" ...${{ title, close: giveUp }}><${Edit} ...${{ ...edit, close: giveUp, done: giveUp }} /><//>`;
  }
  return html`<${Dialog} ...${{ title, close: giveUp }}>
    <table class="changes">
      <thead><tr><th></th><th>${say("before")}</th><th>${say("after")}</th></tr></thead>
      <tbody>${changes.map(([name, before, after]) => html`<tr class=${before === after ? "" : "changed"}>
        <th>${name}</th><td>${before}</td><td>${after}</td>
      </tr>`)}</tbody>
    </table>
    <${Touched} ...${{ before: bar.stage, answer, wanted, others, plan, zone }} />
    <${Refusal} refusal=${refusal} />
    ${refusal?.status === 412 && html`<button type="button" class="merge"
      onClick=${async () => setFound(await look(pathOf(bar)))}>${say("merge")}</button>`}
    <form onSubmit=${submit}>
      <label>${say("reason")} <input name="reason" required maxlength="200" /></label>
      <button disabled=${isBusy}>${say("move")}</button>
      <button type="button" onClick=${giveUp}>${say("cancel")}</button>
    </form>
  <//>`;
}

// What else a move touches. Takip allows two stages on a machine at one time, and a plan against the flow: people decide.
function Touched({ before, answer, wanted, others, plan, zone }) {
  const own = { start: wanted.start, end: wanted.end };
  const span = spanOf(zone);
  const timesOf = (stage) => ({ start: Date.parse(stage.planned_start), end: Date.parse(stage.planned_end) });
  const onMachine = plan.rows
    .filter((row) => row.machine.id !== null && row.machine.id === wanted.machine)
    .flatMap((row) => row.bars)
    .filter((bar) => bar.id !== wanted.id && bar.state !== "done" && overlap(own, bar))
    .map(({ stage }) => `${say("same_machine")}: ${stage.order_number} ${stage.name}, ${span(stage.planned_start, stage.planned_end)}`);
  const clash = (times, stage) =>
    overlap(times, timesOf(stage)) || stage.position < answer.position === timesOf(stage).start > times.start;
  const inOrder = others
    .filter((stage) => clash(own, stage) && !clash(timesOf(before), stage))
    .map((stage) => `${say("same_order")}: ${stage.position}. ${stage.name}, ${span(stage.planned_start, stage.planned_end)}`);
  const past = own.start < Date.now() && !answer.started_at ? [say("starts_in_past")] : [];
  const told = [...past, ...onMachine, ...inOrder];
  return html`<h3>${say("touches")}</h3>
    <ul class="touched">${told.length ? told.map((text) => html`<li>${text}</li>`) : html`<li>${say("nothing")}</li>`}</ul>`;
}

// What is known of a stage.
export function Opened({ bar, zone, giveUp }) {
  const { stage, real } = bar;
  const span = spanOf(zone);
  const facts = [
    ["order", html`<a href="${API}/orders/${encodeURIComponent(stage.work_order_id)}/card">${stage.order_number}</a>`],
    ["product", stage.product_code],
    ["planned", span(stage.planned_start, stage.planned_end)],
    ["first_plan", span(stage.baseline_start, stage.baseline_end)],
    ["worked", real && span(real.start, real.end)],
    ["state", stateWord(bar.state)],
    ["good", `${stage.good} / ${stage.quantity}`],
  ];
  return html`<${Dialog} title=${stage.name} close=${giveUp}>
    <dl>${facts.filter(([, value]) => value).map(([word, value]) => html`<dt>${say(word)}</dt><dd>${value}</dd>`)}</dl>
    <button onClick=${giveUp}>${say("close")}</button>
  <//>`;
}

// A dialog above the page. The browser keeps the focus in it, closes it with Escape, and gives the focus back.
export function Dialog({ title, close, children }) {
  const own = useRef(null);
  useEffect(() => own.current.showModal(), []);
  return html`<dialog ref=${own} onClose=${close} aria-label=${title}><h2>${title}</h2>${children}</dialog>`;
}
