// Reads times as people and spreadsheets write them: they are of the plant's clock.

import { DAY_MS, offsetIn } from "./zone.js";

const CLOCK = String.raw`(?<hour>\d{1,2})[:.](?<minute>\d{2})(?::(?<second>\d{2})(?:\.0+)?)?`;
const FORMS = [
  new RegExp(String.raw`^(?<day>\d{1,2})[./-](?<month>\d{1,2})[./-](?<year>\d{4})(?:[ T,]+${CLOCK})?$`),
  new RegExp(String.raw`^(?<year>\d{4})[-./](?<month>\d{1,2})[-./](?<day>\d{1,2})(?:[ T,]+${CLOCK})?$`),
];
const WITH_OFFSET = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?(Z|[+-]\d{2}:\d{2})$/;
const SERIAL = /^\d{5}([.,]\d+)?$/;
// A spreadsheet counts days from here.
const FIRST_DAY = Date.UTC(1899, 11, 30);

// A number of days in a spreadsheet as the milliseconds that a clock of UTC would show.
export function ofSerial(days) {
  return FIRST_DAY + 1000 * Math.round((days * DAY_MS) / 1000);
}

// Reads times of a plant's clock, such as "28.11.2026 08:30". Returns { instant } or { problem }, a word.
// A day alone is its beginning, or with `asEnd` its end. An hour that a clock shows twice is the first of the two.
export function clockReader(timeZone) {
  const offset = offsetIn(timeZone);
  const instantOf = (shown) => {
    const instants = [shown - DAY_MS, shown + DAY_MS].map((near) => shown - offset(near));
    return instants.find((instant) => instant + offset(instant) === shown);
  };
  return (text, asEnd = false) => {
    if (WITH_OFFSET.test(text) && !Number.isNaN(Date.parse(text))) return { instant: new Date(text).toISOString() };
    const read = readClock(text);
    if (!read) return { problem: "no_time" };
    const instant = instantOf(read.shown + (asEnd && read.isDay ? DAY_MS : 0));
    return instant === undefined ? { problem: "no_such_hour" } : { instant: new Date(instant).toISOString() };
  };
}

function readClock(text) {
  if (SERIAL.test(text)) {
    const days = Number(text.replace(",", "."));
    return { shown: ofSerial(days), isDay: Number.isInteger(days) };
  }
  const groups = FORMS.map((form) => form.exec(text)?.groups).find(Boolean);
  if (!groups) return null;
  const { year, month, day, hour = 0, minute = 0, second = 0 } = groups;
  const given = [year, month, day, hour, minute, second].map(Number);
  const shown = Date.UTC(given[0], given[1] - 1, ...given.slice(2));
  const at = new Date(shown);
  const kept = [at.getUTCFullYear(), at.getUTCMonth() + 1, at.getUTCDate(), at.getUTCHours(), at.getUTCMinutes(), at.getUTCSeconds()];
  return kept.every((part, index) => part === given[index]) ? { shown, isDay: groups.hour === undefined } : null;
}
