// The rows of a sheet before they are orders: each column with its field, each wrong cell with its error.

import { NAMES } from "./import-columns.js";
import { html } from "./preact.js";
import { number, say, spanOf } from "./words.js";

// More rows than these are shown only if something is wrong with them.
const MOST_SHOWN = 100;
const WORDS = {
  number: "order_number", product_code: "product", lot_no: "lot", quantity: "quantity", customer: "customer",
  planned_start: "planned_start", planned_end: "planned_end", priority: "priority", note: "note", stage_name: "stage",
  stage_start: "stage_start", stage_end: "stage_end", duration_minutes: "stage_minutes", machine_id: "machine",
  standard_seconds_per_unit: "seconds_per_piece",
};

function errorsOf(order, row) {
  const own = (order?.problems ?? []).map(({ word, ...place }) => ({ ...place, text: say(word) }));
  return [...own, ...(order?.errors ?? [])].filter((error) => error.row.line === row.line);
}

function withField({ field, text }) {
  return field ? `${say(WORDS[field])}: ${text}` : text;
}

// What is wrong with a row, in one text.
export function problemsOf(order, row) {
  return errorsOf(order, row).map(withField).join(" ");
}

export function ImportTable({ header, rows, fields, orders, map, edit, plant }) {
  const of = new Map(orders.flatMap((order) => order.rows.map((row) => [row.line, order])));
  const isShown = (row, index) => index < MOST_SHOWN || errorsOf(of.get(row.line), row).length > 0;
  const shown = rows.filter(isShown).slice(0, 2 * MOST_SHOWN);
  const span = spanOf(plant.time_zone);
  return html`<div class="sheet" tabindex="0" role="region" aria-label=${say("sheet")}>
    <table>
      <thead><tr>
        <th>${say("line")}</th>
        ${header.map((name, index) => html`<th>
          <label>${name || "–"} <select onChange=${({ target }) => map(index, target.value)}>
            <option value="" selected=${!fields[index]}>–</option>
            ${Object.keys(NAMES).map((field) => html`<option value=${field} selected=${fields[index] === field}>${say(WORDS[field])}</option>`)}
          </select></label>
        </th>`)}
        <th>${say("state")}</th>
      </tr></thead>
      <tbody>${shown.map((row) => html`<${Row} key=${row.line} ...${{ row, order: of.get(row.line), header, fields, edit, span }} />`)}</tbody>
    </table>
    ${rows.length > shown.length && html`<p>+ ${number(rows.length - shown.length)} ${say("more")}</p>`}
  </div>`;
}

function Row({ row, order, header, fields, edit, span }) {
  const errors = errorsOf(order, row);
  const loose = errors.filter(({ field }) => !fields.includes(field));
  return html`<tr class=${order?.state ?? ""}>
    <th>${row.line}</th>
    ${header.map((name, index) => html`<${Cell} ...${{
      label: `${name} ${row.line}`, text: row.cells[index] ?? "", change: (text) => edit(row.line, index, text),
      errors: errors.filter(({ field }) => field && field === fields[index]), at: `${row.line}-${index}`,
    }} />`)}
    <td>
      ${order?.state && say(order.state === "created" ? "right" : order.state)}
      ${order?.data && order.rows[0].line === row.line && html` · ${number(order.data.quantity)} ${say("pieces")} · ${span(order.data.planned_start, order.data.planned_end)}${" "}
        · ${number(order.data.stages_total)} ${say("stages")}`}
      ${loose.map((error) => html`<p role="alert">${withField(error)}</p>`)}
    </td>
  </tr>`;
}

function Cell({ label, text, change, errors, at }) {
  const isWrong = errors.length > 0;
  return html`<td class=${isWrong ? "wrong" : ""}>
    <input defaultValue=${text} size=${Math.max(4, Math.min(text.length, 24))} aria-label=${label}
      aria-invalid=${isWrong} aria-describedby=${isWrong ? `error-${at}` : undefined}
      onChange=${({ target }) => change(target.value)} />
    ${isWrong && html`<small id="error-${at}">${errors.map((error) => error.text).join(" ")}</small>`}
  </td>`;
}
