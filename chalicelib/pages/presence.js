// Who is answering an issue right now, said again and again by each page that shows it.

import { useEffect, useRef } from "./preact.js";
import { call } from "./session.js";

const OFTEN_MS = 20_000;

// Says that somebody answers the issue at this path, as long as they see it, and that they do not any more. `heard` gets
// the others who do, each time. What is not said is over by itself in less than a minute.
export function usePresence(path, heard) {
  const latest = useRef(heard);
  latest.current = heard;
  useEffect(() => {
    let timer = null;
    const tell = (method) => call(`${path}/presence`, { method, keepalive: true }).catch(() => null);
    const turn = async () => {
      clearInterval(timer);
      if (document.visibilityState !== "visible") return void tell("DELETE");
      timer = setInterval(stay, OFTEN_MS);
      await stay();
    };
    const stay = async () => {
      const there = await tell("PUT");
      if (there && timer !== null) latest.current(there.answering);
    };
    document.addEventListener("visibilitychange", turn);
    turn();
    return () => {
      clearInterval(timer);
      timer = null;
      document.removeEventListener("visibilitychange", turn);
      tell("DELETE");
    };
  }, [path]);
}

// The ids of those who answer, to be compared.
export function idsOf(answering) {
  return answering.map(({ id }) => id).sort().join();
}
