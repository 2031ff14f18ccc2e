// How a plan by machine is drawn: rows of machines, lines of time, and bars of stages.

import { HOUR_MS, laned, linesOf, scaleOf } from "./gantt-scale.js";
import { html } from "./preact.js";
import { SHAPES } from "./signs.js";
import { clockOf, dayNameOf, say, spanOf } from "./words.js";

const HEAD = 44;
const LANE = 38;
const NAMES = 150;
const PLANNED = 18;
const REAL = 7;
const STATES = { planned: "planned", in_progress: "running", paused: "paused", done: "done" };
const WORDS = {
  planned: "state_planned", running: "state_running", paused: "state_paused",
  blocked: "state_blocked", held: "state_held", done: "state_done",
};
const ENDED = ["done", "skipped", "cancelled"];

// What is drawn of a stage, in milliseconds. `real` is null before anybody worked on it.
export function barOf(stage, now) {
  const [start, end] = [Date.parse(stage.planned_start), Date.parse(stage.planned_end)];
  const ended = ENDED.includes(stage.status);
  const realEnd = ended ? Date.parse(stage.ended_at) : now;
  const real = stage.started_at ? { start: Date.parse(stage.started_at), end: realEnd } : null;
  return { id: stage.id, stage, start, end, machine: stage.machine_id, real, state: stateOf(stage), isLate: end < realEnd };
}

function stateOf(stage) {
  if (stage.blocked_by?.length) return "blocked";
  return stage.held && stage.status !== "done" ? "held" : STATES[stage.status];
}

// The rows of a plan, each with its bars in lanes. A bar that is being moved stands where it would come.
export function rowsOf(machines, bars, draft, range) {
  const rows = machines.map((machine) => ({ machine, bars: [] }));
  const known = new Map(rows.map((row) => [row.machine.id, row]));
  for (const [order, each] of bars.entries()) {
    const bar = { ...each, order, ...(draft?.id === each.id && { ...draft, isMoved: true }) };
    bar.from = Math.min(bar.start, bar.real?.start ?? bar.start);
    bar.to = Math.max(bar.end, bar.real?.end ?? bar.end);
    const inRange = bar.from < range.to && bar.to > range.from;
    if (inRange || bar.isMoved) known.get(bar.machine)?.bars.push(bar);
  }
  let y = HEAD;
  for (const row of rows) {
    Object.assign(row, { y, height: LANE * laned(row.bars) });
    y += row.height;
  }
  return { rows, height: y };
}

export function placesOf(range, width) {
  const { x, at } = scaleOf(range.from, range.to, Math.max(100, width - NAMES));
  return { x: (instant) => NAMES + x(instant), at: (place) => at(place - NAMES) };
}

export function Plan({ plan, range, width, now, zone, events }) {
  const places = placesOf(range, width);
  // A bar that comes into another row stays where it is in the page: otherwise it would lose the pointer and the focus.
  const drawn = plan.rows
    .flatMap((row) => row.bars.map((bar) => ({ bar, row })))
    .sort((one, other) => one.bar.order - other.bar.order);
  const clock = clockOf(zone);
  const name = dayNameOf(zone);
  const span = spanOf(zone);
  return html`<svg class="gantt" width=${width} height=${plan.height} role="group" aria-label=${say("gantt")}>
    <${Patterns} />
    ${plan.rows.map((row, index) => html`<g key=${row.machine.id ?? ""}>
      <rect class=${index % 2 ? "row odd" : "row"} x="0" y=${row.y} width=${width} height=${row.height} />
      <${Cut} x="8" y=${row.y} width=${NAMES - 12} height=${LANE} text=${row.machine.name} class="machine" />
    </g>`)}
    ${linesOf(range.first, range.days, range.days > 1 ? 24 : 2, zone).map(({ instant, isDay }) => html`<g>
      <path class=${isDay ? "line day" : "line"} d="M${places.x(instant)} ${isDay ? 2 : 22}V${plan.height}" />
      ${isDay && html`<text class="day" x=${places.x(instant) + 4} y="16">${name(instant)}</text>`}
      ${range.days === 1 && html`<text x=${places.x(instant) + 4} y="36">${clock(instant)}</text>`}
    </g>`)}
    ${drawn.map(({ bar, row }) => html`<${Bar} key=${bar.id} ...${{ bar, row, places, span, range, events }} />`)}
    ${now > range.from && now < range.to && html`<path class="now" d="M${places.x(now)} 22V${plan.height}">
      <title>${say("now")} ${clock(now)}</title>
    </path>`}
  </svg>`;
}

function Bar({ bar, row, places, span, range, events }) {
  const text = textOf(bar, row.machine, span);
  const top = row.y + LANE * bar.lane + 4;
  const box = boxOf(places, range, bar);
  const real = bar.real && boxOf(places, range, bar.real);
  const kind = ["bar", bar.state, bar.isLate && "late", bar.isMoved && "moved"];
  return html`<g class=${kind.filter(Boolean).join(" ")} tabindex="0" role="button" data-stage=${bar.id}
    aria-label=${text} ...${events(bar)}>
    <rect class="hit" x=${box.x - 2} y=${top - 2} width=${box.width + 4} height=${LANE - 6} />
    ${box.isSeen && html`<rect class="box" x=${box.x} y=${top} width=${box.width} height=${PLANNED} rx="2"
      fill="url(#fill-${bar.state})" />
    ${box.width > 16 && html`<svg x=${box.x + 3} y=${top + 3} width="12" height="12" viewBox="0 0 10 10" class="shape">
      <path d=${SHAPES[bar.state]} fill-rule="evenodd" />
    </svg>`}
    <${Cut} x=${box.x + 18} y=${top} width=${box.width - 20} height=${PLANNED} text=${`${bar.stage.order_number} · ${bar.stage.name}`} />`}
    ${real?.isSeen && html`<rect class="real" x=${real.x} y=${top + PLANNED + 2} width=${real.width} height=${REAL} />`}
    ${bar.isLate && html`<path class="edge" d="M${box.x + box.width} ${top - 2}v${PLANNED + 4}" />
    <svg x=${box.x + box.width + 2} y=${top + 3} width="12" height="12" viewBox="0 0 10 10" class="late-sign"><path d=${SHAPES.late} /></svg>`}
    <title>${text}</title>
  </g>`;
}

// Where a time lies, cut to the range; at least three pixels wide, so that a short one can be seen.
function boxOf(places, range, { start, end }) {
  const [from, to] = [start, end].map((each) => places.x(Math.min(Math.max(each, range.from), range.to)));
  return { x: from, width: Math.max(3, to - from), isSeen: start < range.to && end > range.from };
}

export function stateWord(state) {
  return say(WORDS[state]);
}

// What a bar says to those who do not see it.
function textOf({ stage, start, end, state, isLate }, machine, span) {
  const parts = [`${stage.order_number} ${stage.name}`, machine.name, span(start, end), stateWord(state)];
  return [...parts, isLate && say("late_stage")].filter(Boolean).join(", ");
}

// A text of one line that ends where its box ends.
function Cut({ x, y, width, height, text, ...others }) {
  return width > 12 && html`<svg x=${x} y=${y} width=${width} height=${height} ...${others}><text y="13">${text}</text></svg>`;
}

// Each state has a pattern of its own.
function Patterns() {
  const pattern = (state, path) => html`<pattern id="fill-${state}" width="8" height="8" patternUnits="userSpaceOnUse">
    <rect class="ground" width="8" height="8" />${path && html`<path d=${path} />`}
  </pattern>`;
  return html`<defs>
    ${pattern("planned")}${pattern("running", "M0 8h8")}${pattern("paused", "M2 0v8")}
    ${pattern("blocked", "M0 0l8 8M8 0l-8 8")}${pattern("held", "M0 8l8-8")}${pattern("done", "M0 4h8M4 0v8")}
  </defs>`;
}

// By how much an arrow key moves a bar.
export function stepOf(days) {
  return days > 1 ? HOUR_MS : HOUR_MS / 4;
}
