// What others change is seen without a reload: what is shown is asked for again and again.

import { useEffect, useState } from "./preact.js";

const EVERY_MS = 15_000;

// Calls `ask` now and again until the returned function is called. A tab that nobody sees asks nothing.
export function follow(ask) {
  let timer = null;
  let isStopped = false;
  const turn = async () => {
    if (document.visibilityState === "visible") await ask();
    if (!isStopped) timer = setTimeout(turn, EVERY_MS * (0.9 + 0.2 * Math.random()));
  };
  turn();
  return () => {
    isStopped = true;
    clearTimeout(timer);
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
    const stop = follow(ask);
    return () => {
      asked += 1;
      stop();
    };
  }, [about]);
  return { seen: shown.about === about ? shown.seen : undefined, refusal: shown.refusal, again: again.now };
}
