// From times to places on a plan and back, and which bars lie beside each other: pure functions, without a page.

import { momentOf, plusDays } from "./zone.js";

export const MINUTE_MS = 60_000;
export const HOUR_MS = 60 * MINUTE_MS;
// Time zones differ by whole quarters of an hour, so a quarter is one on every clock.
export const QUARTER_MS = 15 * MINUTE_MS;

// The place of an instant between two others on so many pixels, and the instant of a place.
export function scaleOf(from, to, width) {
  const pixels = width / (to - from);
  return { from, to, x: (instant) => (instant - from) * pixels, at: (x) => from + x / pixels };
}

export function snapped(instant, step) {
  return Math.round(instant / step) * step;
}

// The instants of lines across a plan of so many days: every so many hours, by the clock of the plant.
export function linesOf(first, days, hours, timeZone) {
  const lines = [];
  for (let day = 0; day < days; day += 1) {
    for (let hour = 0; hour < 24; hour += hours) {
      const instant = momentOf(plusDays(first, day), hour, timeZone);
      if (instant !== null) lines.push({ instant, isDay: hour === 0 });
    }
  }
  return lines;
}

export function overlap(one, other) {
  return one.start < other.end && other.start < one.end;
}

// Puts bars into as few lanes as they need so that none covers another. Returns the count; each bar gets its `lane`.
export function laned(bars) {
  const ends = [];
  for (const bar of bars.sort((one, other) => one.from - other.from)) {
    const free = ends.findIndex((end) => end <= bar.from);
    bar.lane = free < 0 ? ends.length : free;
    ends[bar.lane] = bar.to;
  }
  return Math.max(1, ends.length);
}
