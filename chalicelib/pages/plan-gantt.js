// The Gantt of the planner's page: stages by machine and time. A stage is moved by dragging it, or with the arrow keys.

import { barOf, placesOf, Plan, rowsOf, stepOf } from "./gantt-bars.js";
import { readPlan, rangeOf } from "./gantt-data.js";
import { Move, Opened, proposed } from "./gantt-move.js";
import { QUARTER_MS, snapped } from "./gantt-scale.js";
import { useFollowed } from "./polling.js";
import { html, useLayoutEffect, useRef, useState } from "./preact.js";
import { Refusal } from "./refusal.js";
import { say } from "./words.js";
import { dayOf, plusDays } from "./zone.js";

// A hand that trembles by less than this wants to open a bar, not to move it.
const TREMBLE = 4;

export function Gantt({ address, change, meta, machines }) {
  const zone = meta.plant.time_zone;
  const days = address.days === "1" ? 1 : 7;
  const first = address.day ?? dayOf(Date.now(), zone);
  const line = address.line ?? "";
  const range = rangeOf(first, days, zone);
  const [draft, setDraft] = useState(null);
  const [open, setOpen] = useState(null);
  const [notice, setNotice] = useState(null);
  const [last, setLast] = useState(null);
  const [frame, width] = useWidth();
  const isBusy = useRef(false);
  isBusy.current = draft !== null || open !== null;

  const { seen: shown, refusal: unread, again: read } = useFollowed(`${first} ${days} ${line}`, (before) =>
    before && isBusy.current ? before : readPlan(range, line, before));
  const giveUp = () => {
    isBusy.current = false;
    setDraft(null);
    setOpen(null);
    read();
  };
  // What the server says to a move, before anything is changed: a dialog, or why not.
  const propose = async (bar, wanted) => {
    setNotice(null);
    try {
      setOpen({ kind: "move", bar, wanted, ...(await proposed(bar, wanted)) });
    } catch (refusal) {
      giveUp();
      setNotice({ refusal });
    }
  };
  const moved = (stage) => {
    giveUp();
    setLast(stage);
    setNotice({ text: `${stage.order_number} ${stage.name}: ${say("moved")}` });
  };
  // Lists are a moment behind: what was moved here stands where the server put it.
  const bars = shown?.bars.map((bar) => (last?.id === bar.id && last.version > bar.stage.version ? barOf(last, Date.now()) : bar));
  const plan = shown && rowsOf(shown.machines, bars, draft, range);
  const events = (bar) => eventsOf({ bar, plan, range, width, draft, setDraft, setOpen, propose, giveUp });
  return html`<section class="plan-gantt">
    <${Tools} ...${{ first, days, zone, line, change }} />
    <div role="status" class="notice">${notice?.text}</div>
    ${notice?.refusal && html`<div class="not-moved"><b>${say("not_moved")}</b><${Refusal} refusal=${notice.refusal} /></div>`}
    <${Refusal} refusal=${unread} again=${read} />
    <p class="hint">${say("gantt_keys")}</p>
    <div class="frame" ref=${frame}>
      ${plan ? html`<${Plan} ...${{ plan, range, width, zone, events, now: Date.now() }} />` : say("loading")}
    </div>
    ${shown?.hasMore && html`<p>${say("not_all_shown")}</p>`}
    ${open?.kind === "move" && html`<${Move} ...${{ ...open, zone, plan, meta, machines, moved, giveUp }} />`}
    ${open?.kind === "look" && html`<${Opened} ...${{ bar: open.bar, zone, giveUp }} />`}
  </section>`;
}

function Tools({ first, days, zone, line, change }) {
  const go = (day) => change({ day: day === dayOf(Date.now(), zone) ? null : day });
  return html`<form class="tools" onSubmit=${(event) => event.preventDefault()}>
    <button type="button" aria-label=${say("earlier")} onClick=${() => go(plusDays(first, -days))}>←</button>
    <button type="button" onClick=${() => go(null)}>${say("today")}</button>
    <button type="button" aria-label=${say("later")} onClick=${() => go(plusDays(first, days))}>→</button>
    <label>${say("from_day")} <input type="date" key=${first} defaultValue=${first} required
      onChange=${({ target }) => target.value && go(target.value)} /></label>
    <label>${say("range")} <select value=${days} onChange=${({ target }) => change({ days: target.value === "1" ? "1" : null })}>
      <option value="1">${say("one_day")}</option><option value="7">${say("one_week")}</option>
    </select></label>
    <label>${say("factory_line")} <input name="line" key=${line} defaultValue=${line} onChange=${({ target }) => change({ line: target.value })} /></label>
  </form>`;
}

function useWidth() {
  const frame = useRef(null);
  const [width, setWidth] = useState(900);
  useLayoutEffect(() => {
    const seen = new ResizeObserver(([entry]) => setWidth(Math.round(entry.contentRect.width)));
    seen.observe(frame.current);
    return () => seen.disconnect();
  }, []);
  return [frame, width];
}

// What a bar does with the pointer and with keys. Every move is kept apart (`draft`) until the server took it.
function eventsOf({ bar, plan, range, width, draft, setDraft, setOpen, propose, giveUp }) {
  const mayMove = bar.stage.allowed.includes("replan");
  const places = placesOf(range, width);
  const machines = plan.rows.map((row) => row.machine.id);
  const own = draft?.id === bar.id ? draft : null;
  const [start, end] = [bar.stage.planned_start, bar.stage.planned_end].map(Date.parse);
  const shift = (by, machine = bar.machine) => ({ id: bar.id, start: start + by, end: end + by, machine, by });
  const look = () => setOpen({ kind: "look", bar });
  const keys = {
    ArrowLeft: () => setDraft(shift((own?.by ?? 0) - stepOf(range.days))),
    ArrowRight: () => setDraft(shift((own?.by ?? 0) + stepOf(range.days))),
    ArrowUp: () => setDraft(shift(own?.by ?? 0, machines[Math.max(0, machines.indexOf(bar.machine) - 1)])),
    ArrowDown: () => setDraft(shift(own?.by ?? 0, machines[Math.min(machines.length - 1, machines.indexOf(bar.machine) + 1)])),
    Enter: () => (own ? propose(bar, own) : look()),
    " ": look,
    Escape: giveUp,
  };
  return {
    onKeyDown: (event) => {
      const isMove = event.key.startsWith("Arrow");
      if (!keys[event.key] || (isMove && !mayMove)) return;
      event.preventDefault();
      keys[event.key]();
    },
    onPointerDown: (event) => event.button === 0 && dragged(event),
  };

  function dragged(down) {
    const bars = down.currentTarget;
    const top = bars.ownerSVGElement.getBoundingClientRect().top;
    let wanted = null;
    bars.setPointerCapture(down.pointerId);
    const follow = (event) => {
      const isFar = Math.hypot(event.clientX - down.clientX, event.clientY - down.clientY) > TREMBLE;
      if (!mayMove || (!isFar && !wanted)) return;
      const by = snapped(places.at(event.clientX) - places.at(down.clientX), QUARTER_MS);
      const y = event.clientY - top;
      const row = plan.rows.find((each) => y >= each.y && y < each.y + each.height);
      wanted = shift(by, row ? row.machine.id : bar.machine);
      setDraft(wanted);
    };
    const end = (event) => {
      leave();
      if (event.type === "pointercancel") giveUp();
      else if (wanted) propose(bar, wanted);
      else look();
    };
    const stop = (event) => event.key === "Escape" && (leave(), giveUp());
    const leave = () => {
      for (const [name, listener] of Object.entries(listeners)) bars.removeEventListener(name, listener);
      removeEventListener("keydown", stop);
    };
    const listeners = { pointermove: follow, pointerup: end, pointercancel: end };
    for (const [name, listener] of Object.entries(listeners)) bars.addEventListener(name, listener);
    addEventListener("keydown", stop);
  }
}
