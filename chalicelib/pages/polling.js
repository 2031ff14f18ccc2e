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
// gets what it may call: `soon`, `later` (what is shown is new) and `lives` (whether it hears); it returns what stops it.
export function follow(ask, heed) {
  let timer = null;
  let isLive = false;
  let isAsking = false;
  let isDue = false;
  let isStopped = false;
  const later = (ms = isLive ? RARELY_MS : OFTEN_MS) => {
    clearTimeout(timer);
    if (!isStopped) timer = setTimeout(turn, ms * (0.9 + 0.2 * Math.random()));
  };
  const soon = () => (isAsking ? (isDue = true) : later(SPREAD_MS * Math.random()));
  const turn = async () => {
    if (document.visibilityState === "visible") {
      isAsking = true;
      await ask();
      isAsking = false;
    }
    later(isDue ? SPREAD_MS : undefined);
    isDue = false;
  };
  const lives = (now) => {
    isLive = now;
    soon();
  };
  const stop = heed?.({ soon, later, lives });
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
// anew. Returns { seen, refusal, again }.
export function useFollowed(about, read) {
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
    // New plans and corrections have no event, so nothing is heard of them: it is asked as often while this page hears.
    const stop = follow(ask, ({ soon }) => planner.on({ heard: soon, lives: soon }));
    return () => {
      asked += 1;
      stop();
    };
  }, [about]);
  return { seen: shown.about === about ? shown.seen : undefined, refusal: shown.refusal, again: again.now };
}
