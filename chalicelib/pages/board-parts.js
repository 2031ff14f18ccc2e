// The parts of the wall board that list something: what runs, what needs action, pieces an hour, and losses.

import { html } from "./preact.js";
import { Sign } from "./signs.js";
import { say, sayReason, whole } from "./words.js";

// So many rows have room for two lines each.
const FEW = 6;

// How long something has been so, such as "2:05": hours and minutes.
function since(instant, skew) {
  const minutes = Math.max(0, Math.floor((Date.now() - (skew ?? 0) - Date.parse(instant)) / 60_000));
  return `${Math.floor(minutes / 60)}:${String(minutes % 60).padStart(2, "0")}`;
}

export function Rows({ board, at, skew }) {
  return html`<div class="rows ${board.rows.length > FEW ? "" : "few"}">
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
      ${board.more_rows > 0 && `+ ${whole(board.more_rows)} ${say("more")} · `}
      ${say("idle")}: ${whole(board.idle)} / ${whole(board.machines)}
    </p>
  </div>`;
}

function Row({ row, at, skew }) {
  const people = [...row.people, row.more_people && `+${row.more_people}`].filter(Boolean).join(", ");
  return html`<tr class="${row.state} ${row.is_late ? "late" : ""}">
    <td><${Sign} of=${row.state} /> ${say(`state_${row.state}`)} ${since(row.since, skew)}</td>
    <td><b>${row.number}</b> ${row.product} · ${row.stage}${row.machine && ` · ${row.machine}`}</td>
    <td>${whole(row.good)} / ${row.expected === undefined ? "–" : whole(row.expected)} / ${whole(row.quantity)}</td>
    <td>${people}</td>
    <td>${row.projected_end ? at(row.projected_end) : "–"}</td>
    <td>${row.is_late && html`<${Sign} of="late" />`} ${whole(row.late_minutes)} ${say("min")}</td>
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
    ${board.more_needs > 0 && html`<p>+ ${whole(board.more_needs)} ${say("more")}</p>`}
  </div>`;
}

// Good pieces of each hour as a bar, and what was expected as a line across it. A table says the same to who cannot see.
export function Hours({ board, at }) {
  const top = Math.max(1, ...board.hours.flatMap(({ good, expected }) => [good, expected ?? 0]));
  const hours = board.hours.map((hour, index) => ({
    ...hour,
    x: 56 * index,
    is_slow: hour.expected !== null && hour.good < hour.expected,
    up: (72 * hour.good) / top,
    plan: hour.expected === null ? null : (72 * hour.expected) / top,
  }));
  return html`<figure class="hours">
    <h2>${say("an_hour")}</h2>
    <svg viewBox="0 0 ${Math.max(6, hours.length) * 56} 112" preserveAspectRatio="xMinYMid" aria-hidden="true">
      ${hours.map(({ from, good, x, is_slow, up, plan }) => html`<g>
        <rect class=${is_slow ? "slow" : "fast"} x=${x + 8} width="40" y=${94 - up} height=${up} />
        ${plan !== null && html`<path class="plan" d="M${x + 2} ${94 - plan}h52" />`}
        ${good > 0 && html`<text class="count" x=${x + 28} y=${90 - Math.max(up, plan ?? 0)}>${whole(good)}</text>`}
        <text x=${x + 28} y="110">${at(from)}</text>
      </g>`)}
    </svg>
    <table class="unseen">
      <thead><tr><th>${say("hour")}</th><th>${say("good")}</th><th>${say("plan")}</th></tr></thead>
      <tbody>${hours.map(({ from, good, expected }) => html`<tr>
        <td>${at(from)}</td><td>${whole(good)}</td><td>${expected === null ? "–" : whole(expected)}</td>
      </tr>`)}</tbody>
    </table>
  </figure>`;
}

export function Losses({ title, unit, losses }) {
  return html`<div class="losses">
    <h2>${title}</h2>
    ${losses.length === 0 && html`<p>${say("nothing")}</p>`}
    <ol>${losses.map(({ reason, label, size }) => html`<li>${sayReason({ reason, label })} <b>${whole(size)} ${unit}</b></li>`)}</ol>
  </div>`;
}
