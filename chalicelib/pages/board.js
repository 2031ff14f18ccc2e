// The wall board: what a line makes against its plan, what runs, and what needs somebody. Read from across a hall.

import { Hours, Losses, Needs, Rows } from "./board-parts.js";
import { followReleases, forgetScreen, screenKey, watch } from "./board-state.js";
import { html, render, useEffect, useState } from "./preact.js";
import { person } from "./session.js";
import { SignIn } from "./sign-in.js";
import { clockOf, say, told, whole } from "./words.js";

const asked = new URLSearchParams(location.search);
const lines = asked.get("rotate")?.split(",").filter(Boolean) ?? [asked.get("line")];
const ROTATE_MS = 20_000;
const MINUTE_MS = 60_000;
// A picture that never moves burns into a screen, so it moves a little each minute.
const PIXELS = [[0, 0], [1, 0], [1, 1], [0, 1]];

document.title = say("board");
document.body.classList.add("board", asked.get("theme") ?? "auto");

function useEvery(ms) {
  const [count, setCount] = useState(0);
  useEffect(() => {
    const timer = setInterval(() => setCount((before) => before + 1), ms);
    return () => clearInterval(timer);
  }, [ms]);
  return count;
}

function Board() {
  const key = screenKey();
  const [signedIn, setSignedIn] = useState(person() !== null);
  const turn = useEvery(ROTATE_MS) % lines.length;
  const [explain, setExplain] = useState(asked.has("explain"));
  const [shown, setShown] = useState({});
  const isKnown = key || signedIn;
  useEffect(() => {
    if (!isKnown) return undefined;
    // An answer that is still on its way when the next line has its turn is of the past.
    let isOver = false;
    const show = (news) => isOver || setShown(({ board, skew }) => ({ board, skew, ...news }));
    const stop = watch(key ? null : lines[turn], explain, lines.length > 1, show);
    return () => {
      isOver = true;
      stop();
    };
  }, [isKnown, turn, explain]);
  useEffect(() => {
    const toggle = (event) => event.key === "?" && setExplain((before) => !before);
    addEventListener("keydown", toggle);
    return () => removeEventListener("keydown", toggle);
  }, []);
  if (!isKnown) return html`<${SignIn} done=${() => setSignedIn(true)} />`;
  if (shown.refusal?.status === 401) return html`<${Refused} refusal=${shown.refusal} />`;
  if (!shown.board) return html`<p class="wait" role="status">${shown.refusal ? told(shown.refusal) : say("loading")}</p>`;
  return html`<${Wall} ...${shown} explain=${() => setExplain(!explain)} />`;
}

function Refused({ refusal }) {
  return html`<div class="wait">
    <p role="alert">${told(refusal)}</p>
    <p>${say("screen_revoked")}</p>
    <button onClick=${() => (forgetScreen(), location.reload())}>${say("sign_in")}</button>
  </div>`;
}

function Wall({ board, missed, skew, explain }) {
  const [x, y] = PIXELS[useEvery(MINUTE_MS) % PIXELS.length];
  const isOld = missed || board.stale;
  const at = clockOf(board.timezone);
  return html`<div class="wall ${isOld ? "old" : ""}" style=${{ transform: `translate(${x}px, ${y}px)` }}>
    <${Head} ...${{ board, isOld, at, skew }} />
    <${Tiles} board=${board} />
    <section class="work">
      <${Rows} ...${{ board, at, skew }} />
      <${Needs} ...${{ board, at, skew }} />
    </section>
    <footer>
      <${Hours} ...${{ board, at }} />
      <${Losses} title=${say("stops")} unit=${say("min")} losses=${board.stops} />
      <${Losses} title=${say("scrap")} unit=${say("pieces")} losses=${board.scrap} />
      <button class="explain" title=${say("explain")} aria-label=${say("explain")} onClick=${explain}>?</button>
    </footer>
    ${board.explained && html`<${Explained} board=${board} close=${explain} />`}
  </div>`;
}

function Head({ board, isOld, at, skew }) {
  useEvery(1_000);
  const { value, unit } = board.verdict;
  const name = board.line ?? (board.tenant === "default" ? say("plant") : board.tenant);
  const word = value === null ? "unknown" : value < 0 ? "behind" : "ahead";
  return html`<header>
    <div class="where">
      <h1>${name}</h1>
      <p>${board.shift.name ?? say("today")} · <time>${at(Date.now() - (skew ?? 0))}</time></p>
      <p class="as-of" role="status">${isOld ? say("old_since") : say("as_of")} ${at(board.as_of)}</p>
    </div>
    <div class="verdict ${word}" aria-label=${say("verdict")}>
      <strong>${value === null ? "–" : whole(Math.abs(value))}</strong>
      <span>${value === null ? say("no_plan") : `${say(unit === "minutes" ? "min" : "pieces")} ${say(word)}`}</span>
    </div>
  </header>`;
}

function Tiles({ board }) {
  const { made, tiles } = board;
  const issues = Object.values(tiles.open_issues).reduce((sum, count) => sum + count, 0);
  const worst = ["critical", "high", "normal", "low"].find((priority) => tiles.open_issues[priority]);
  const shown = [
    [say("good"), whole(made.good), made.expected === null ? say("no_plan") : `/ ${whole(made.expected)}`, ""],
    [say("late"), whole(tiles.late_orders), `${whole(tiles.late_stages)} ${say("stages")}`, tiles.late_orders && "bad"],
    [
      say("standing"),
      whole(tiles.blocked + tiles.held),
      `${tiles.blocked} ${say("state_blocked")} · ${tiles.held} ${say("state_held")}`,
      tiles.blocked + tiles.held && "bad",
    ],
    [say("issues"), whole(issues), worst ? say(`priority_${worst}`) : "", issues && "bad"],
    [say("on_time"), tiles.on_time.value === null ? "–" : whole(tiles.on_time.value / 100, { style: "percent" }), say("today"), ""],
  ];
  return html`<section class="tiles">
    ${shown.map(([title, value, more, kind]) => html`<div class="tile ${kind}" style=${{ "--signs": signs(value) }}>
      <h2>${title}</h2><strong>${value}</strong><span>${more}</span>
    </div>`)}
  </section>`;
}

// How wide a number is: a digit is one, a comma less. Three have room at full size.
function signs(value) {
  return Math.max(3, value.length - 0.5 * value.replace(/[^.,\s]/g, "").length);
}

function Explained({ board, close }) {
  return html`<dialog open class="explained">
    <button onClick=${close}>${say("close")}</button>
    <table>
      <thead><tr>${["number", "metric", "formula", "how"].map((word) => html`<th>${say(word)}</th>`)}</tr></thead>
      <tbody>
        ${board.explained.map((each) => html`<tr>
          <td>${each.number}</td><td>${each.name}</td><td>${each.formula}</td><td>${each.words} <code>${each.door}</code></td>
        </tr>`)}
      </tbody>
    </table>
  </dialog>`;
}

render(html`<${Board} />`, document.querySelector("main"));
followReleases();
navigator.wakeLock?.request("screen").catch(() => null);
