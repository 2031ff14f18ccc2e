// What a plan by machine shows, read in pages that the range bounds.

import { barOf } from "./gantt-bars.js";
import { listed } from "./listed.js";
import { answerTo } from "./session.js";
import { say } from "./words.js";
import { momentOf, plusDays } from "./zone.js";

// A stage that ends later than this after the range is not looked for.
const AFTER_DAYS = 14;

export function rangeOf(first, days, timeZone) {
  const [from, to] = [first, plusDays(first, days)].map((day) => momentOf(day, 0, timeZone));
  return { first, days, from, to, last: plusDays(first, days - 1), until: momentOf(plusDays(first, days + AFTER_DAYS), 0, timeZone) };
}

// `before` is what was read last: pages that did not change are not sent again. Machines hardly change: they are read once.
export async function readPlan(range, line, before) {
  const now = Date.now();
  const wire = (instant) => new Date(instant).toISOString();
  const due = { due_after: wire(range.from), due_before: wire(range.until) };
  const isNow = range.from <= now && now < range.to;
  const [machines, coming, late, ended] = await Promise.all([
    before?.machines ?? machinesOf(line),
    listed("/stages", due, undefined, before?.coming),
    isNow ? listed("/stages", { due_before: wire(range.from), order: "newest" }, 1, before?.late) : { items: [], hasMore: false },
    range.from < now ? endedIn(range) : [],
  ]);
  const begun = late.items.filter((stage) => stage.started_at);
  const stages = [...coming.items.filter((stage) => Date.parse(stage.planned_start) < range.to || stage.started_at), ...begun, ...ended];
  const known = new Map(stages.map((stage) => [stage.id, stage]));
  return {
    machines,
    bars: [...known.values()].map((stage) => barOf(stage, now)).sort(byPlace),
    coming: coming.pages,
    late: late.pages,
    hasMore: coming.hasMore || late.hasMore,
  };
}

// The machines of a line; without one all, and a row for stages that have none.
async function machinesOf(line) {
  const { items } = await listed("/machines", line ? { line } : {});
  return line ? items : [...items, { id: null, name: say("no_machine") }];
}

// The stages that ended in the days of a range. Exports give a line of JSON for each, and no commands.
async function endedIn({ first, last }) {
  const answer = await answerTo(`/exports/stages?${new URLSearchParams({ from: first, to: last })}`, {
    headers: { Accept: "application/x-ndjson" },
  });
  const rows = (await answer.text()).split("\n").filter(Boolean).map((line) => JSON.parse(line));
  return rows.filter(({ status }) => status === "done").map((row) => ({ ...row, allowed: [] }));
}

// In the order of the rows, so that the tab key goes through a plan as one reads it.
function byPlace(one, other) {
  return (one.machine ?? "~").localeCompare(other.machine ?? "~") || one.start - other.start;
}
