// The tab in which one order is opened with a form. The server's errors stand at the fields from which they come.

import { html, useEffect, useRef, useState } from "./preact.js";
import { Refusal } from "./refusal.js";
import { newKey } from "./sending.js";
import { API, call } from "./session.js";
import { say, spanOf, told } from "./words.js";
import { clockReader } from "./read-time.js";

const FIELDS = [
  { name: "number", word: "order_number" },
  { name: "product_code", word: "product", required: true, list: "products" },
  { name: "quantity", word: "quantity", required: true, type: "number", min: "0.001", step: "any" },
  { name: "lot_no", word: "lot" },
  { name: "customer", word: "customer" },
  { name: "planned_start", word: "planned_start", required: true, type: "datetime-local" },
  { name: "planned_end", word: "planned_end", required: true, type: "datetime-local" },
  { name: "priority", word: "priority", type: "number", min: "0", max: "9" },
  { name: "note", word: "note" },
];
const STAGE_FIELDS = [
  { name: "name", word: "stage" },
  { name: "machine_id", word: "machine", list: "machines" },
  { name: "duration_minutes", word: "stage_minutes", type: "number", min: "0", step: "any" },
  { name: "standard_seconds_per_unit", word: "seconds_per_piece", type: "number", min: "0", step: "any" },
];
const TAKEN = { ERR_ORDER_NUMBER_TAKEN: "number" };
const PATH = /^stages\[(\d+)\]\.(\w+)$/;

// The body of a filled form. What is left empty is left out. Times are of the plant's clock.
function bodyOf(filled, readTime) {
  const body = {};
  for (const [path, text] of filled.filter(([, given]) => given !== "")) {
    const [, index, name = path] = PATH.exec(path) ?? [];
    const part = index === undefined ? body : ((body.stages ??= [])[index] ??= {});
    const { type } = [...FIELDS, ...STAGE_FIELDS].find((field) => field.name === name);
    if (type === "number") part[name] = Number(text);
    else if (type === "datetime-local") part[name] = readTime(text).instant ?? text;
    else part[name] = text;
  }
  return body.stages ? { ...body, stages: [...body.stages].map((stage) => stage ?? {}) } : body;
}

// The errors of a refusal by the field to which each leads. What leads to none of them stands under "".
function errorsOf(refusal, fields) {
  if (refusal.errors.length === 0) return { [TAKEN[refusal.code] ?? ""]: told(refusal) };
  const placed = {};
  for (const { field, message } of refusal.errors) {
    const at = fields.includes(field) ? field : "";
    placed[at] = [placed[at], at ? message : `${field}: ${message}`].filter(Boolean).join(" ");
  }
  return placed;
}

// Suggestions are a help only: a plant may have more than a page of them, and any text may be typed.
function useSuggestions(path, name) {
  const [known, setKnown] = useState([]);
  useEffect(() => {
    call(`${path}?limit=100`).then(({ items }) => setKnown(items.map((item) => item[name])), () => null);
  }, []);
  return known;
}

export function PlanCreate({ meta: { plant } }) {
  const [stages, setStages] = useState([]);
  const [errors, setErrors] = useState({});
  const [preview, setPreview] = useState(null);
  const [created, setCreated] = useState(null);
  const [signedOut, setSignedOut] = useState(null);
  const form = useRef(null);
  const sent = useRef({});
  const [products, routes, machines] = [
    useSuggestions("/products", "product_code"), useSuggestions("/routes", "product_code"), useSuggestions("/machines", "id"),
  ];
  const codes = [...new Set([...products, ...routes])].filter((code) => code !== "default");

  // A form that is sent again as it was, because no answer came, has the key that it had.
  const post = async (query) => {
    const filled = [...new FormData(form.current)];
    const body = bodyOf(filled, clockReader(plant.time_zone));
    const text = JSON.stringify(body);
    if (sent.current.text !== text) sent.current = { text, key: newKey() };
    setErrors({});
    try {
      return await call(`/workorders${query}`, { method: "POST", body, headers: { "Idempotency-Key": sent.current.key } });
    } catch (refusal) {
      if (refusal.status === 401) setSignedOut(refusal);
      else setErrors(errorsOf(refusal, filled.map(([name]) => name)));
      return null;
    }
  };
  const look = async () => setPreview(await post("?dry_run=1"));
  const submit = async (event) => {
    event.preventDefault();
    const order = await post("");
    setCreated(order);
    if (!order) return;
    sent.current = {};
    setPreview(null);
    setStages([]);
    form.current.reset();
  };
  const take = () => setStages(preview.stages.map((stage) => ({ ...stage, duration_minutes: (Date.parse(stage.planned_end) - Date.parse(stage.planned_start)) / 60_000 })));
  return html`<form class="create" ref=${form} onSubmit=${submit} novalidate>
    ${created && html`<p role="status">${say("created")}: <b>${created.number}</b> <a href="${API}/orders/${created.id}/card">${say("job_card")}</a></p>`}
    ${errors[""] && html`<p role="alert">${errors[""]}</p>`}
    ${FIELDS.map((field) => html`<${Field} key=${field.name} ...${field} error=${errors[field.name]} />`)}
    <datalist id="products">${codes.map((code) => html`<option value=${code} />`)}</datalist>
    <datalist id="machines">${machines.map((id) => html`<option value=${id} />`)}</datalist>
    <fieldset>
      <legend>${say("stages_of_order")}</legend>
      ${stages.length === 0 && html`<p>${say("stages_of_route")}</p>`}
      ${stages.map((stage, index) => html`<div class="stage" key=${stage}>
        ${STAGE_FIELDS.map((field) => html`<${Field} ...${field} name="stages[${index}].${field.name}" defaultValue=${stage[field.name]}
          error=${errors[`stages[${index}].${field.name}`]} />`)}
        <button type="button" aria-label="${say("remove")} ${index + 1}" onClick=${() => setStages(stages.filter((each) => each !== stage))}>×</button>
      </div>`)}
      <button type="button" onClick=${() => setStages([...stages, {}])}>${say("add_stage")}</button>
    </fieldset>
    ${preview && html`<${Planned} ...${{ order: preview, plant, take }} />`}
    <p class="buttons">
      <button type="button" onClick=${look}>${say("preview")}</button>
      <button>${say("create_order")}</button>
    </p>
  </form>
  <${Refusal} refusal=${signedOut} again=${() => setSignedOut(null)} />`;
}

function Field({ name, word, error, ...given }) {
  const at = `error-${name}`;
  return html`<label class=${error ? "wrong" : ""}>
    ${say(word)}${given.required && " *"}
    <input name=${name} ...${given} aria-invalid=${Boolean(error)} aria-describedby=${error ? at : undefined} />
    ${error && html`<small id=${at}>${error}</small>`}
  </label>`;
}

// The stages that the server would make, with their times.
function Planned({ order, plant, take }) {
  const span = spanOf(plant.time_zone);
  return html`<div class="planned" role="status">
    <ol>${order.stages.map((stage) => html`<li>${[stage.name, stage.machine_id, span(stage.planned_start, stage.planned_end)].filter(Boolean).join(" · ")}</li>`)}</ol>
    <button type="button" onClick=${take}>${say("edit_stages")}</button>
  </div>`;
}
