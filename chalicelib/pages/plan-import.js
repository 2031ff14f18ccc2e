// The tab in which many orders are opened from a file or from cells that were copied in a spreadsheet.

import { fieldsOf, headed, rememberFields } from "./import-columns.js";
import { identified, ordersOf } from "./import-orders.js";
import { sent } from "./import-send.js";
import { ImportTable, problemsOf } from "./import-table.js";
import { html, useEffect, useMemo, useState } from "./preact.js";
import { API } from "./session.js";
import { readFile, readText, saveCsv } from "./sheet.js";
import { SignIn } from "./sign-in.js";
import { number, say, told } from "./words.js";
import { clockReader } from "./read-time.js";

const MOST_ROWS = 2_000;
const MOST_BYTES = 10_000_000;

export function PlanImport({ meta: { plant } }) {
  const [sheets, setSheets] = useState(null);
  const [fault, setFault] = useState(null);
  const open = async (reading) => {
    setFault(null);
    setSheets(null);
    try {
      const read = (await reading()).filter(({ rows }) => rows.length > 1);
      setSheets(read.length > 0 ? read : null);
      setFault(read.length > 0 ? null : "sheet_empty");
    } catch {
      setFault("sheet_unreadable");
    }
  };
  return html`<section class="import">
    <${Source} open=${open} />
    ${fault && html`<p role="alert">${say(fault)}</p>`}
    ${sheets && html`<${Sheets} key=${sheets} ...${{ sheets, plant }} />`}
  </section>`;
}

function Source({ open }) {
  const [over, setOver] = useState(false);
  const take = (file) => file && open(() => (file.size > MOST_BYTES ? Promise.reject(file) : readFile(file)));
  const drop = (event) => {
    event.preventDefault();
    setOver(false);
    const file = event.dataTransfer.files[0];
    const text = event.dataTransfer.getData("text/plain");
    if (file) take(file);
    else if (text) open(() => readText(text));
  };
  const paste = (event) => {
    event.preventDefault();
    open(() => readText(event.clipboardData.getData("text/plain")));
  };
  return html`<div class="source ${over ? "over" : ""}" onDrop=${drop}
    onDragOver=${(event) => (event.preventDefault(), setOver(true))} onDragLeave=${() => setOver(false)}>
    <label>${say("drop_here")} <input type="file" accept=".csv,.txt,.tsv,.xlsx"
      onChange=${({ target }) => (take(target.files[0]), (target.value = ""))} /></label>
    <label>${say("paste_here")} <textarea rows="2" onPaste=${paste}
      onChange=${({ target }) => target.value.trim() && open(() => readText(target.value))}></textarea></label>
  </div>`;
}

function Sheets({ sheets, plant }) {
  const [at, choose] = useState(0);
  return html`
    ${sheets.length > 1 && html`<label>${say("sheet")} <select onChange=${({ target }) => choose(Number(target.value))}>
      ${sheets.map(({ name }, index) => html`<option value=${index} selected=${index === at}>${name}</option>`)}
    </select></label>`}
    <${Preview} key=${at} ...${{ sheet: sheets[at], plant }} />
  `;
}

function Preview({ sheet, plant }) {
  const found = useMemo(() => headed(sheet.rows), [sheet]);
  const [rows, setRows] = useState(found.rows);
  const [fields, setFields] = useState(() => fieldsOf(found.header));
  const [shown, setShown] = useState({ orders: [], done: null, fault: null });
  const [progress, setProgress] = useState(null);
  const [again, setAgain] = useState(0);
  const isTooLong = rows.length > MOST_ROWS;

  // While a check is under way the cells may change: then its answers are of the past.
  useEffect(() => {
    let isOld = isTooLong;
    const orders = isOld ? [] : ordersOf(rows, fields, clockReader(plant.time_zone), sheet.decimal);
    setShown({ orders, done: null, fault: null });
    if (orders.length === 0) return undefined;
    const tell = (count) => isOld || setProgress({ count, of: orders.length });
    tell(0);
    identified(orders).then((known) => sent(known, { dryRun: true }, tell))
      .then((judged) => isOld || setShown({ orders: judged, done: null, fault: null }))
      .catch((fault) => isOld || setShown({ orders, done: null, fault }))
      .finally(() => isOld || setProgress(null));
    return () => (isOld = true);
  }, [rows, fields, again]);

  const right = shown.orders.filter(({ state }) => state === "created");
  const create = async () => {
    setProgress({ count: 0, of: right.length });
    try {
      const done = await sent(right, { dryRun: false }, (count) => setProgress({ count, of: right.length }));
      setShown({ ...shown, done: [...done, ...shown.orders.filter(({ state }) => state !== "created")], fault: null });
    } catch (fault) {
      setShown({ ...shown, fault });
    }
    setProgress(null);
  };
  const map = (index, field) => {
    const mapped = fields.map((before, each) => (each === index ? field : before === field ? "" : before));
    rememberFields(found.header, mapped);
    setFields(mapped);
  };
  const edit = (line, index, text) =>
    setRows(rows.map((row) => (row.line === line ? { line, cells: row.cells.with(index, text.trim()) } : row)));

  if (isTooLong) return html`<p role="alert">${say("sheet_too_long")} ${number(MOST_ROWS)}</p>`;
  if (shown.done) return html`<${Results} ...${{ orders: shown.done, header: found.header }} />`;
  const count = (state) => number(shown.orders.filter((order) => order.state === state).length);
  return html`
    <p role="status">${progress
      ? html`${say("checking")} ${number(progress.count)} / ${number(progress.of)} <progress value=${progress.count} max=${progress.of} aria-label=${say("checking")} />`
      : html`${say("right")}: ${count("created")} · ${say("there")}: ${count("there")} · ${say("refused")}: ${count("refused")}`}</p>
    ${shown.fault && html`<p role="alert">${told(shown.fault)} <button onClick=${() => setAgain(again + 1)}>${say("again")}</button></p>`}
    ${shown.fault?.status === 401 && html`<${SignIn} done=${() => setAgain(again + 1)} />`}
    <button class="create" disabled=${Boolean(progress) || right.length === 0} onClick=${create}>
      ${say("create_orders")}: ${number(right.length)}
    </button>
    <${ImportTable} ...${{ header: found.header, rows, fields, orders: shown.orders, map, edit, plant }} />
  `;
}

// What became of each order, with what was refused to take away, correct and drop again.
function Results({ orders, header }) {
  const refused = orders.filter(({ state }) => state === "refused");
  const save = () => saveCsv(say("refused"), [
    [...header, say("reason")],
    ...refused.flatMap((order) => order.rows.map((row) => [...header.map((_, index) => row.cells[index]), problemsOf(order, row)])),
  ]);
  return html`
    <p role="status">${["created", "there", "refused"]
      .map((state) => `${say(state)}: ${number(orders.filter((order) => order.state === state).length)}`).join(" · ")}</p>
    ${refused.length > 0 && html`<button onClick=${save}>${say("save_refused")}</button>`}
    <ul class="results">${orders.map((order) => html`<li class=${order.state}>
      ${say(order.state)}: ${order.state === "created"
        ? html`<b>${order.data.number}</b> <a href="${API}/orders/${order.body.id}/card">${say("job_card")}</a>`
        : html`<b>${order.body.number ?? order.body.product_code}</b> ${order.rows.map((row) => problemsOf(order, row)).filter(Boolean).join(" ")}`}
    </li>`)}</ul>
  `;
}
