// Reads what a planner drops or pastes: a CSV or XLSX file, or cells of a spreadsheet. Writes CSV for a spreadsheet.

import { language } from "./words.js";

const ZIP = [0x50, 0x4b];
const UTF_16 = [0xff, 0xfe];
const SEPARATORS = [";", "\t", ","];
// As functions/_exported.py guards texts: where a spreadsheet would take one for a formula, at its start or behind what
// a program may take for the end of a cell.
const FORMULA = /^(?=[=+\-@\uff1d\uff0b\uff0d\uff20\t\r\n])|(?<=[;,\t\r\n])(?="*[=+\-@\uff1d\uff0b\uff0d\uff20])/g;

// Papa Parse is a classic script: it puts itself into the window.
let papa = null;

function parser() {
  papa ??= new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.addEventListener("load", () => resolve(window.Papa));
    script.addEventListener("error", (fault) => {
      papa = null; // the next time it may come
      reject(fault);
    });
    script.src = new URL("./papaparse.js", import.meta.url);
    document.head.append(script);
  });
  return papa;
}

// The sheets of a file: [{ name, rows, decimal }], each row { line, cells }. `decimal` is the mark before decimals where
// a number alone does not tell. Throws if the file cannot be read.
export async function readFile(file) {
  const buffer = await file.arrayBuffer();
  const bytes = new Uint8Array(buffer);
  if (!startsWith(bytes, ZIP)) return readText(decoded(bytes), file.name);
  const { DECIMAL, sheetsOf } = await import("./xlsx.js");
  return (await sheetsOf(buffer)).map(({ name, rows }) => ({ name, rows: filled(rows), decimal: DECIMAL }));
}

// The one sheet of a text: CSV, or cells that were copied in a spreadsheet.
export async function readText(text, name = "") {
  const Papa = await parser();
  const named = /^sep=(.)\r?\n/.exec(text);
  const given = named ? text.slice(named[0].length) : text;
  const widthWith = (delimiter) => Papa.parse(given, { delimiter, preview: 1 }).data[0]?.length ?? 0;
  const delimiter = named?.[1] ?? SEPARATORS.toSorted((one, other) => widthWith(other) - widthWith(one))[0];
  const usual = { ";": ",", ",": "." }[delimiter] ?? (language === "tr" ? "," : ".");
  return [{ name, rows: filled(Papa.parse(given, { delimiter }).data), decimal: usual }];
}

// Saves rows as a CSV file that a spreadsheet of the reader's language opens with a double click.
export async function saveCsv(name, rows) {
  const Papa = await parser();
  const isTurkish = language === "tr";
  const written = (value) => {
    if (typeof value === "number") return isTurkish ? String(value).replace(".", ",") : String(value);
    return (value ?? "").replace(FORMULA, "'");
  };
  const text = Papa.unparse(rows.map((row) => row.map(written)), { delimiter: isTurkish ? ";" : ",", newline: "\r\n" });
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob(["\ufeff", text, "\r\n"], { type: "text/csv" }));
  link.download = `${name}.csv`;
  link.click();
  URL.revokeObjectURL(link.href);
}

function startsWith(bytes, mark) {
  return mark.every((byte, index) => bytes[index] === byte);
}

// Older programs on Turkish Windows write windows-1254. Such letters are hardly ever UTF-8.
function decoded(bytes) {
  if (startsWith(bytes, UTF_16)) return new TextDecoder("utf-16le").decode(bytes);
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder("windows-1254").decode(bytes);
  }
}

function filled(rows) {
  const numbered = rows.map((cells, index) => ({ line: index + 1, cells: cells.map((cell) => cell.trim()) }));
  return numbered.filter(({ cells }) => cells.some(Boolean));
}
