// Makes orders of the rows of a sheet, and leads each error of the server back to the cell from which it came.

import { NAMES } from "./import-columns.js";

const STAGE = {
  stage_name: "name",
  stage_start: "planned_start",
  stage_end: "planned_end",
  duration_minutes: "duration_minutes",
  machine_id: "machine_id",
  standard_seconds_per_unit: "standard_seconds_per_unit",
};
const NUMBERS = new Set(["quantity", "priority", "duration_minutes", "standard_seconds_per_unit"]);
const TIMES = new Set(["planned_start", "planned_end", "stage_start", "stage_end"]);
const ID_BYTES = 13;
const [GROUPED, PLAIN] = [/^-?\d{1,3}([.,' \u00a0])\d{3}(\1\d{3})*$/, /^-?\d+$/];

// Reads "1.250,5", "1,250.5" or "1250.5". `decimal` decides what "1.250" is. Returns { value } or { problem }.
export function readNumber(text, decimal) {
  const last = Math.max(text.lastIndexOf("."), text.lastIndexOf(","));
  const mark = text[last];
  const isSure = text.length - last !== 4 || text.startsWith("0") || text.includes(mark === "." ? "," : ".");
  const isDecimal = mark && text.indexOf(mark) === last && (isSure || mark === decimal);
  const [whole, part] = isDecimal ? [text.slice(0, last), text.slice(last + 1)] : [text, ""];
  const grouped = GROUPED.exec(whole);
  const right = (PLAIN.test(whole) || (grouped && grouped[1] !== (isDecimal && mark))) && /^\d*$/.test(part);
  return right ? { value: Number(`${whole.replace(/[^\d-]/g, "")}.${part || 0}`) } : { problem: "no_number" };
}

// The orders of rows. If there is a column of stages, the rows of one number are the stages of one order, and so is a row
// without number and product, as merged cells leave it: it belongs to the order above.
// Each is { rows, body, problems, cells }: `problems` is [{ row, field, word }], `cells` where each field of the body is.
export function ordersOf(rows, fields, readTime, decimal) {
  const column = Object.fromEntries(fields.map((field, index) => [field, index]));
  const text = (row, field) => row.cells[column[field]] ?? "";
  const staged = "stage_name" in column;
  const groups = new Map();
  let above = null;
  for (const row of rows) {
    const number = text(row, "number");
    const goesOn = staged && above && !number && !text(row, "product_code");
    above = goesOn ? above : staged && number ? number : row;
    groups.set(above, [...(groups.get(above) ?? []), row]);
  }
  const read = (field, given) => {
    if (NUMBERS.has(field)) return readNumber(given, decimal);
    if (!TIMES.has(field)) return { value: given };
    const { instant, problem } = readTime(given, field.endsWith("_end"));
    return { value: instant, problem };
  };
  return [...groups.values()].map((group) => orderOf(group, fields.filter(Boolean), text, read));
}

function orderOf(rows, fields, text, read) {
  const order = { rows, body: {}, problems: [], cells: new Map() };
  const take = (body, name, path, row, field) => {
    const given = text(row, field);
    order.cells.set(path, { row, field });
    if (!given) return;
    const { value, problem } = read(field, given);
    if (problem) order.problems.push({ row, field, word: problem });
    else body[name] = value;
  };
  for (const field of fields.filter((each) => !(each in STAGE))) {
    const [first, ...others] = rows.filter((row) => text(row, field));
    take(order.body, field, field, first ?? rows[0], field);
    const differing = others.filter((row) => text(row, field) !== text(first, field));
    order.problems.push(...differing.map((row) => ({ row, field, word: "differs" })));
  }
  const staged = fields.filter((field) => field in STAGE);
  for (const row of rows.filter((each) => staged.some((field) => text(each, field)))) {
    const stages = (order.body.stages ??= []);
    const stage = {};
    for (const field of staged) take(stage, STAGE[field], `stages[${stages.length}].${STAGE[field]}`, row, field);
    stages.push(stage);
  }
  return order;
}

// Gives each order an id that follows from what stands in it, so that the same rows never open an order twice.
// The second of two equal orders in one sheet is another order.
export function identified(orders) {
  const seen = new Map();
  return Promise.all(orders.map((order) => {
    const text = JSON.stringify(order.body);
    const count = (seen.get(text) ?? 0) + 1;
    seen.set(text, count);
    return digest(`${count} ${text}`).then((id) => ({ ...order, body: { ...order.body, id } }));
  }));
}

export async function digest(text) {
  const bytes = new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text)));
  return [...bytes.slice(0, ID_BYTES)].map((byte) => byte.toString(16).padStart(2, "0")).join("").toUpperCase();
}

// The errors of an answer, each at its cell: [{ row, field, text }]. An error of no field of a sheet has null.
// What is not read from a cell is not sent, so what the server says of it is left out: its cell has an error already.
export function placed(order, error) {
  const told = new Set(order.problems.map(({ row, field }) => `${row.line} ${field}`));
  const errors = (error.errors ?? []).map(({ field, message }) => {
    const path = field.replace(/^rows\[\d+\]\.?/, "");
    const cell = order.cells.get(path) ?? { row: order.rows[0], field: path in NAMES ? path : null };
    return { ...cell, text: cell.field ? message : `${path}: ${message}` };
  });
  if (errors.length > 0) return errors.filter(({ row, field }) => !told.has(`${row.line} ${field}`));
  const taken = error.code === "ERR_ORDER_NUMBER_TAKEN" ? order.cells.get("number") : undefined;
  return [{ ...(taken ?? { row: order.rows[0], field: null }), text: `${error.title}. ${error.detail}` }];
}
