// The filters of the orders on the planner's page. All of them stand in the address.

import { html } from "./preact.js";
import { labelOf, say } from "./words.js";

// Letters are compared as in numbers of orders: case does not matter, and İ, I, ı and i are one.
export function folded(text) {
  return text.toLowerCase().normalize("NFD").replace(/\p{M}/gu, "").replaceAll("ı", "i");
}

// Whether an order that was read is shown. What the server filters by is not looked at again.
export function fits(order, { text, late, line, machine }, machines) {
  if (late && !order.is_late) return false;
  const next = order.next_stage?.machine_id;
  if ((machine && next !== machine) || (line && machines.get(next)?.line !== line)) return false;
  const told = [order.number, order.lot_no, order.product_code, order.customer, order.note];
  return !text || folded(told.filter(Boolean).join("\n")).includes(folded(text));
}

export function Filters({ address, change, meta, machines, orders }) {
  const write = (event) => change({ [event.target.name]: event.target.value }, { quietly: true });
  const known = (field) => [...new Set(orders.map((order) => order[field]).filter(Boolean))].sort();
  return html`<form class="filters" role="search" onSubmit=${(event) => event.preventDefault()}>
    <label>${say("search")} <input name="text" type="search" dir="auto" value=${address.text ?? ""} onInput=${write} /></label>
    <${Known} name="product" values=${known("product_code")} ...${{ address, write }} />
    <${Known} name="customer" values=${known("customer")} ...${{ address, write }} />
    <${Choice} name="line" word="factory_line" values=${linesOf(machines).map((line) => [line, line])} ...${{ address, write }} />
    <${Choice} name="machine" word="machine" values=${[...machines].map(([id, { name }]) => [id, name])} ...${{ address, write }} />
    <label>${say("state")}
      <select name="status" value=${address.status ?? ""} onChange=${write}>
        <option value="">${say("not_ended")}</option>
        ${meta.values.order_status.map((value) => html`<option value=${value}>${labelOf(meta, "order_status", value)}</option>`)}
      </select>
    </label>
    <label>${say("sort")}
      <select name="sort" value=${address.sort ?? ""} onChange=${write}>
        <option value="">${say("due")}</option><option value="newest">${say("newest")}</option>
      </select>
    </label>
    <label class="check">
      <input name="late" type="checkbox" checked=${Boolean(address.late)}
        onChange=${({ target }) => change({ late: target.checked ? "1" : null }, { quietly: true })} /> ${say("only_late")}
    </label>
  </form>`;
}

function linesOf(machines) {
  return [...new Set([...machines.values()].map(({ line }) => line).filter(Boolean))].sort();
}

// Orders whose next stage is there.
function Choice({ name, word, values, address, write }) {
  if (values.length === 0) return null;
  return html`<label>${say(word)}
    <select name=${name} value=${address[name] ?? ""} onChange=${write}>
      <option value="">${say("every")}</option>
      ${values.map(([value, title]) => html`<option value=${value}>${title}</option>`)}
    </select>
  </label>`;
}

// A field whose values are offered. The server takes whole values only, so it is asked when the field is left.
function Known({ name, values, address, write }) {
  return html`<label>${say(name)}
    <input name=${name} dir="auto" list="known-${name}" key=${address[name]} defaultValue=${address[name] ?? ""} onChange=${write} />
    <datalist id="known-${name}">${values.map((value) => html`<option value=${value} />`)}</datalist>
  </label>`;
}
