// What others change is seen without a reload: what is shown is asked for now and then, and when it is said live that
// something changed. Where nothing can be heard live, it is asked for often.

import { connection } from "./live.js";
import { useEffect, useState } from "./preact.js";
import { call } from "./session.js";

const OFTEN_MS = 15_000;
const RARELY_MS = 300_000;
// Everybody hears the same at once, and must not ask at once.
const SPREAD_MS = 1_000;

const planner = connection(() => call("/live", { method: "POST", body: {} }), ["orders", "issues"]);

// Calls `ask` now and again until the returned function is called. A tab that nobody sees asks nothing. `heed`, if given,
// gets what it may call: `heard`, and `lives` (whether it hears); it returns what stops it.
export function follow(ask, heed) {
  let timer = null;
  let isLive = false;
  let isAsking = false;
  let isDue = false;
  let isStopped = false;
  let wasHeard = false;
  const later = (ms = isLive ? RARELY_MS : OFTEN_MS) => {
    clearTimeout(timer);
    if (!isStopped) timer = setTimeout(turn, ms * (0.9 + 0.2 * Math.random()));
  };
  const heard = () => {
    wasHeard = true;
    soon();
  };
  const soon = () => (isAsking ? (isDue = true) : later(SPREAD_MS * Math.random()));
  const turn = async () => {
    if (document.visibilityState === "visible") {
      isAsking = true;
      await ask();
      isAsking = false;
    }
    // Lists are a moment behind what was heard, so it is asked once more.
    later(isDue ? SPREAD_MS : wasHeard ? OFTEN_MS : undefined);
    wasHeard &&= isDue;
    isDue = false;
  };
  const lives = (now) => {
    isLive = now;
    soon();
  };
  const stop = heed?.({ heard, lives });
  document.addEventListener("visibilitychange", soon);
  turn();
  return () => {
    isStopped = true;
    clearTimeout(timer);
    document.removeEventListener("visibilitychange", soon);
    stop?.();
  };
}

// Shows what `read` returns, which gets what it returned before. `about` says what is read: with another, it starts
// anew. `kind` is what must be heard of for it to change. Returns { seen, refusal, again }.
export function useFollowed(about, read, kind = "orders") {
  const [shown, show] = useState({});
  const [again, setAgain] = useState({ now: () => null });
  useEffect(() => {
    let seen;
    let asked = 0;
    // An answer counts only if nothing was asked after it: it may be older than what is shown.
    const ask = async () => {
      const own = ++asked;
      try {
        const answer = await read(seen);
        if (own === asked) show({ about, seen: (seen = answer) });
      } catch (refusal) {
        if (own === asked) show((before) => ({ about, seen: before.about === about ? before.seen : undefined, refusal }));
      }
    };
    setAgain({ now: ask });
    const stop = follow(ask, ({ heard, lives }) => planner.on({ lives, heard: (of) => of === kind && heard() }));
    return () => {
      asked += 1;
      stop();
    };
  }, [about]);
  return { seen: shown.about === about ? shown.seen : undefined, refusal: shown.refusal, again: again.now };
}
