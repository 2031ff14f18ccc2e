// Fields of forms on the planner's page: how a value of the API is written in one, and read from it.

import { html, useEffect, useRef } from "./preact.js";
import { Refusal } from "./refusal.js";
import { labelOf, say } from "./words.js";
import { fieldOf, instantOfField } from "./zone.js";

// What a field of the API is: what kind, and which word names it. `values` names a list of GET /meta.
export const FIELDS = {
  reason: { word: "reason", kind: "text" },
  note: { word: "note", kind: "text" },
  name: { word: "name", kind: "text" },
  customer: { word: "customer", kind: "text" },
  quantity: { word: "quantity", kind: "number" },
  priority: { word: "priority", kind: "number" },
  good: { word: "good", kind: "number" },
  scrap: { word: "scrap_pieces", kind: "number" },
  rework: { word: "rework", kind: "number" },
  standard_seconds_per_unit: { word: "standard", kind: "number" },
  planned_start: { word: "planned_start", kind: "time" },
  planned_end: { word: "due", kind: "time" },
  started_at: { word: "began", kind: "time" },
  ended_at: { word: "ended", kind: "time" },
  scrap_reason: { word: "scrap_reason", kind: "value", values: "scrap_reason" },
  pause_reason: { word: "reason", kind: "value", values: "pause_reason" },
  machine_id: { word: "machine", kind: "machine" },
  worker_id: { word: "worker", kind: "person" },
};

// A value of the API as its field shows it.
export function written(name, value, meta) {
  if (value === null || value === undefined) return "";
  return FIELDS[name].kind === "time" ? fieldOf(meta.plant.time_zone, value) : String(value);
}

// What is sent for a field that shows this text. An empty field is null. What is no number is sent as it is, and refused.
export function readField(name, text, meta) {
  if (text.trim() === "") return null;
  const number = Number(text.replace(",", "."));
  if (FIELDS[name].kind === "number") return Number.isFinite(number) ? number : text;
  return FIELDS[name].kind === "time" ? instantOfField(meta.plant.time_zone, text) : text;
}

export function Field({ name, text, write, meta, people, machines, isRequired }) {
  const { word, kind, values } = FIELDS[name];
  const given = { name, required: isRequired, value: text, onInput: (event) => write(event.target.value) };
  return html`<label>${say(word)} <${INPUTS[kind]} ...${{ given, values, meta, people, machines }} /></label>`;
}

const INPUTS = {
  text: ({ given }) => html`<input ...${given} dir="auto" autocomplete="off" />`,
  number: ({ given }) => html`<input ...${given} inputmode="decimal" autocomplete="off" />`,
  time: ({ given }) => html`<input ...${given} type="datetime-local" />`,
  value: ({ given, values, meta }) =>
    html`<${Choice} given=${given} from=${meta.values[values].map((value) => [value, labelOf(meta, values, value)])} />`,
  person: ({ given, people }) => html`<${Choice} given=${given} from=${[...people]} />`,
  machine: ({ given, machines }) => html`<${Choice} given=${given} from=${[...machines].map(([id, { name }]) => [id, name])} />`,
};

// One of some values. The one that is there now is offered also if the list does not have it.
function Choice({ given, from }) {
  const lacks = given.value && !from.some(([value]) => value === given.value);
  return html`<select ...${given}>
    <option value=""></option>
    ${lacks && html`<option value=${given.value}>${given.value}</option>`}
    ${from.map(([value, name]) => html`<option value=${value}>${name}</option>`)}
  </select>`;
}

// A form that opens under its button. It takes the focus, and says what it was refused for.
export function Form({ title, submit, close, isBusy, refusal, children }) {
  const form = useRef(null);
  useEffect(() => form.current.querySelector("input, select, button").focus(), []);
  const sent = (event) => (event.preventDefault(), isBusy || submit());
  return html`<form class="command" ref=${form} onSubmit=${sent} aria-label=${title}>
      ${children}
      <div class="buttons">
        <button aria-disabled=${String(Boolean(isBusy))}>${title}</button> <button type="button" onClick=${close}>${say("close")}</button>
      </div>
    </form>
    <${Refusal} ...${{ refusal, again: submit }} />`;
}
