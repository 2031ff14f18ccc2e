// The parts of the wall board that list something: what runs, what needs action, pieces an hour, and losses.

import { html } from "./preact.js";
import { number, say, sayReason } from "./words.js";

// A state is told by its shape as well as by its colour. Each is drawn in a square of 10.
const SHAPES = {
  running: "M2 1l7 4l-7 4z",
  paused: "M2 1h2v8h-2zM6 1h2v8h-2z",
  blocked: "M2 1l3 3l3-3l1 1l-3 3l3 3l-1 1l-3-3l-3 3l-1-1l3-3l-3-3z",
  held: "M1 1h8v8h-8zM3 3v4h4v-4z",
  late: "M4 1h2v5h-2zM4 7h2v2h-2z",
};

function Sign({ of }) {
  return html`<svg class="sign" viewBox="0 0 10 10" aria-hidden="true"><path d=${SHAPES[of]} fill-rule="evenodd" /></svg>`;
}

// How long something has been so, such as "2:05": hours and minutes.
function since(instant, skew) {
  const minutes = Math.max(0, Math.floor((Date.now() - (skew ?? 0) - Date.parse(instant)) / 60_000));
  return `${Math.floor(minutes / 60)}:${String(minutes % 60).padStart(2, "0")}`;
}

export function Rows({ board, at, skew }) {
  return html`<div class="rows">
    <table>
      <thead>
        <tr>
          <th>${say("state")}</th><th>${say("order")}</th><th>${say("made")}</th><th>${say("people")}</th>
          <th>${say("ends")}</th><th>${say("late")}</th>
        </tr>
      </thead>
      <tbody>${board.rows.map((row) => html`<${Row} key=${row.stage_id} ...${{ row, at, skew }} />`)}</tbody>
    </table>
    <p class="more">
      ${board.more_rows > 0 && `+ ${number(board.more_rows)} ${say("more")} · `}
      ${say("idle")}: ${number(board.idle)} / ${number(board.machines)}
    </p>
  </div>`;
}

function Row({ row, at, skew }) {
  const people = [...row.people, row.more_people && `+${row.more_people}`].filter(Boolean).join(", ");
  return html`<tr class="${row.state} ${row.is_late ? "late" : ""}">
    <td><${Sign} of=${row.state} /> ${say(`state_${row.state}`)} ${since(row.since, skew)}</td>
    <td><b>${row.number}</b> ${row.product} · ${row.stage}${row.machine && ` · ${row.machine}`}</td>
    <td>${number(row.good)} / ${row.expected === undefined ? "–" : number(row.expected)} / ${number(row.quantity)}</td>
    <td>${people}</td>
    <td>${row.projected_end ? at(row.projected_end) : "–"}</td>
    <td>${row.is_late && html`<${Sign} of="late" />`} ${number(Math.round(row.late_minutes))} ${say("min")}</td>
  </tr>`;
}

export function Needs({ board, at, skew }) {
  return html`<div class="needs">
    <h2>${say("needs_action")}</h2>
    ${board.needs.length === 0 && html`<p>${say("nothing")}</p>`}
    <ol>
      ${board.needs.map((need) => html`<li class=${need.priority ?? ""}>
        <b>${say(need.kind)} ${since(need.since, skew)}</b> ${[need.number, need.machine, need.person].filter(Boolean).join(" · ")}
        <span>${need.text}</span>
        ${need.escalates_at && html`<em>${say("escalates")} ${at(need.escalates_at)}</em>`}
      </li>`)}
    </ol>
    ${board.more_needs > 0 && html`<p>+ ${number(board.more_needs)} ${say("more")}</p>`}
  </div>`;
}

// Good pieces of each hour as a bar, and what was expected as a line across it.
export function Hours({ board, at }) {
  const top = Math.max(1, ...board.hours.flatMap(({ good, expected }) => [good, expected ?? 0]));
  const height = (pieces) => (80 * pieces) / top;
  return html`<div class="hours">
    <h2>${say("an_hour")}</h2>
    <svg viewBox="0 0 ${Math.max(1, board.hours.length) * 40} 100" role="img" aria-label=${say("an_hour")}>
      ${board.hours.map((hour, index) => html`<g>
        <rect class=${hour.expected !== null && hour.good < hour.expected ? "slow" : "fast"}
          x=${40 * index + 6} width="28" y=${84 - height(hour.good)} height=${height(hour.good)} />
        ${hour.expected !== null && html`<path class="plan" d="M${40 * index + 2} ${84 - height(hour.expected)}h36" />`}
        <text x=${40 * index + 20} y="97" text-anchor="middle">${at(hour.from)}</text>
        <title>${at(hour.from)}: ${number(hour.good)} / ${hour.expected === null ? "–" : number(hour.expected)}</title>
      </g>`)}
    </svg>
  </div>`;
}

export function Losses({ title, unit, losses }) {
  return html`<div class="losses">
    <h2>${title}</h2>
    ${losses.length === 0 && html`<p>${say("nothing")}</p>`}
    <ol>${losses.map(({ reason, size }) => html`<li>${sayReason(reason)} <b>${number(Math.round(size))} ${unit}</b></li>`)}</ol>
  </div>`;
}
