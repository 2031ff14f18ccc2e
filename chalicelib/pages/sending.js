// Commands that are sent once, however often the button is pressed or the network fails.

import { useRef, useState } from "./preact.js";
import { call } from "./session.js";

// Browsers give `randomUUID` only to pages that came by HTTPS; a plant's own network may have none.
export function newKey() {
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

// Returns { send, look, refusal, isBusy }. `send` returns the answer's data, or null if it was refused. The same request
// sent again has the same Idempotency-Key, so what was done although its answer was lost is not done twice. `look`
// returns what is there now, or null.
export function useSending() {
  const last = useRef({});
  const [told, tell] = useState({});
  const attempt = async (asking) => {
    try {
      const data = await asking();
      tell({});
      return data;
    } catch (refusal) {
      tell({ refusal });
      return null;
    }
  };
  const send = async (method, path, body, headers = {}) => {
    const asked = JSON.stringify([method, path, body, headers]);
    if (last.current.asked !== asked) last.current = { asked, key: newKey() };
    tell({ isBusy: true });
    return attempt(async () => {
      const data = await call(path, { method, body, headers: { ...headers, "Idempotency-Key": last.current.key } });
      last.current = {};
      return data;
    });
  };
  const look = (path) => attempt(() => call(path));
  return { send, look, ...told };
}
