// Reads an XLSX file with what a browser has: its sheets, and in them the cells as texts.

import { language } from "./words.js";
import { ofSerial } from "./read-time.js";

const [DIRECTORY_END, END_BYTES, ENTRY_BYTES, HEADER_BYTES] = [0x06054b50, 22, 46, 30];
// Numbers of formats that stand in no file: days, hours, and days with hours.
const DATES = new Set([14, 15, 16, 17, 18, 19, 20, 21, 22, 27, 30, 36, 45, 46, 47, 50, 57]);
// What in the code of a format is text, a colour or a condition.
const NO_CODE = /"[^"]*"|\[(?!h+\]|m+\]|s+\])[^\]]*\]|\\./gi;
const DAYS_UNTIL_1904 = 1462;
export const DECIMAL = language === "tr" ? "," : ".";

// The sheets of a file that are not hidden: [{ name, rows }], each row a list of texts. Throws if it is no such file.
export async function sheetsOf(buffer) {
  const files = unzipped(buffer);
  const book = await xml(files, "xl/workbook.xml");
  const targets = new Map(all(await xml(files, "xl/_rels/workbook.xml.rels"), "Relationship").map(
    (each) => [each.getAttribute("Id"), new URL(each.getAttribute("Target"), "file:///xl/").pathname.slice(1)],
  ));
  const told = {
    texts: files.has("xl/sharedStrings.xml") ? all(await xml(files, "xl/sharedStrings.xml"), "si").map(textOf) : [],
    dates: files.has("xl/styles.xml") ? datesOf(await xml(files, "xl/styles.xml")) : [],
    shift: ["1", "true"].includes(all(book, "workbookPr")[0]?.getAttribute("date1904")) ? DAYS_UNTIL_1904 : 0,
  };
  const shown = all(book, "sheet").filter((sheet) => (sheet.getAttribute("state") ?? "visible") === "visible");
  return Promise.all(shown.map(async (sheet) => {
    const id = [...sheet.attributes].find(({ localName, prefix }) => localName === "id" && prefix).value;
    return { name: sheet.getAttribute("name"), rows: rowsOf(await xml(files, targets.get(id)), told) };
  }));
}

// How to read each file of a zip, by its path.
function unzipped(buffer) {
  const [bytes, view] = [new Uint8Array(buffer), new DataView(buffer)];
  const [two, four] = [(at) => view.getUint16(at, true), (at) => view.getUint32(at, true)];
  let end = bytes.length - END_BYTES;
  while (four(end) !== DIRECTORY_END) end -= 1;
  const files = new Map();
  let at = four(end + 16);
  for (let left = two(end + 10); left > 0; left -= 1) {
    const [method, size, header, name] = [two(at + 10), four(at + 20), four(at + 42), two(at + 28)];
    files.set(new TextDecoder().decode(bytes.subarray(at + ENTRY_BYTES, at + ENTRY_BYTES + name)), () => {
      const from = header + HEADER_BYTES + two(header + 26) + two(header + 28);
      const content = new Blob([bytes.subarray(from, from + size)]).stream();
      return new Response(method ? content.pipeThrough(new DecompressionStream("deflate-raw")) : content).text();
    });
    at += ENTRY_BYTES + name + two(at + 30) + two(at + 32);
  }
  return files;
}

async function xml(files, path) {
  return new DOMParser().parseFromString(await files.get(path)(), "application/xml");
}

function all(node, name) {
  return [...node.getElementsByTagNameNS("*", name)];
}

// A text may be in parts, one for each font. How a text is pronounced is no part of it.
function textOf(node) {
  return all(node, "t").filter((part) => part.parentNode.localName !== "rPh").map((part) => part.textContent).join("");
}

// Of each style of a cell, whether it shows a number as a date.
function datesOf(styles) {
  const codes = new Map(all(styles, "numFmt").map((each) => [each.getAttribute("numFmtId"), each.getAttribute("formatCode")]));
  const isDate = (id) => DATES.has(Number(id)) || /[ymdhs]/i.test((codes.get(id) ?? "").replace(NO_CODE, ""));
  return all(all(styles, "cellXfs")[0] ?? styles, "xf").map((style) => isDate(style.getAttribute("numFmtId")));
}

function rowsOf(sheet, told) {
  const rows = [];
  for (const row of all(sheet, "row")) {
    const cells = [];
    for (const cell of all(row, "c")) {
      const column = columnOf(cell.getAttribute("r")) ?? cells.length;
      while (cells.length < column) cells.push("");
      cells[column] = shown(cell, told);
    }
    const line = Number(row.getAttribute("r")) || rows.length + 1;
    while (rows.length < line - 1) rows.push([]);
    rows[line - 1] = cells;
  }
  return rows;
}

// The number of the column of a place such as "AB12", counted from 0.
function columnOf(place) {
  const letters = place?.replace(/\d+/, "");
  return letters && [...letters].reduce((sum, letter) => 26 * sum + letter.charCodeAt(0) - 64, 0) - 1;
}

function shown(cell, { texts, dates, shift }) {
  const kind = cell.getAttribute("t") ?? "n";
  if (kind === "inlineStr") return textOf(cell);
  const [value, formula] = ["v", "f"].map((name) => all(cell, name)[0]?.textContent);
  // A formula that was never computed is shown as it is, so that its cell is seen to be wrong.
  if (!value) return formula ? `=${formula}` : "";
  if (kind === "s") return texts[value] ?? "";
  if (kind !== "n") return value;
  const number = Number(value);
  return dates[cell.getAttribute("s")] ? dateText(number + shift) : String(Number(number.toPrecision(15))).replace(".", DECIMAL);
}

function dateText(days) {
  const [day, clock] = new Date(ofSerial(days)).toISOString().split(/[T.]/);
  const date = day.split("-").reverse().join(".");
  return clock === "00:00:00" ? date : `${date} ${clock.replace(/:00$/, "")}`;
}
