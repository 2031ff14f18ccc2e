// Where a wall board gets its state: who asks, how often, and what becomes of it when nobody answers.

import { connection } from "./live.js";
import { follow } from "./polling.js";
import { call, opened, person, send } from "./session.js";

const KEPT = "takip.screen";
const KEY = /^takip-screen\./;
const EVERY_MS = 15_000;
const RELEASE_EVERY_MS = 300_000;
// After two answers that did not come, what is shown may no longer be true.
const MISSED_MS = 2 * EVERY_MS + 5_000;

// The link of a screen has its key behind the `#`. It is kept, and taken out of the address, which others can read.
export function screenKey() {
  const given = decodeURIComponent(location.hash.slice(1));
  if (KEY.test(given)) {
    localStorage.setItem(KEPT, given);
    history.replaceState(null, "", location.pathname + location.search);
  }
  return localStorage.getItem(KEPT);
}

export function forgetScreen() {
  localStorage.removeItem(KEPT);
}

// Follows a board until the function that it returns is called. `show` gets { board, missed, refusal }, of which each may
// be missing. A board that is soon another's, or that is explained, is not worth a connection.
export function watch(line, explain, isBrief, show) {
  const asked = new URLSearchParams({ ...(line && { line }), ...(explain && { explain: "1" }) });
  const path = `/board${asked.size ? `?${asked}` : ""}`;
  let seen = {};
  let answeredAt = Date.now();
  const ask = async () => {
    try {
      const answer = await read(path, seen);
      if (!isOlder(answer.board, seen.board)) seen = answer; // meanwhile a newer one may have been heard
      answeredAt = Date.now();
      show({ board: seen.board, skew: seen.skew });
    } catch (refusal) {
      show({ refusal, missed: Date.now() - answeredAt > MISSED_MS });
    }
  };
  // What was retained may be older than what is shown, and nobody knows how old before the server answered.
  const take = (board) => {
    if (!seen.board || isOlder(board, seen.board)) return;
    seen = { board, skew: seen.skew };
    answeredAt = Date.now();
    show(seen);
  };
  if (explain || isBrief) return follow(ask);
  const live = connection(() => liveAddress(line), ["board"]);
  // What is heard does not put off the next question: only an answer tells what time it is, and that a key was revoked.
  const heed = ({ lives }) => {
    live.on({ lives, heard: (_, board) => take(board) });
    return live.close;
  };
  return follow(ask, heed);
}

function isOlder(board, known) {
  return known !== undefined && Date.parse(board.as_of) < Date.parse(known.as_of);
}

async function liveAddress(line) {
  const key = localStorage.getItem(KEPT);
  const asked = { method: "POST", body: line ? { line } : {} };
  if (!key) return call("/live", asked);
  return opened(await send("/live", { ...asked, headers: { "X-Screen-Key": key } }));
}

// What was seen before, if it is still so. `skew` is by how much the clock of this screen is wrong, in milliseconds.
async function read(path, seen) {
  const key = localStorage.getItem(KEPT);
  if (!key && person()) return { board: await call(path), skew: 0 };
  const headers = { "X-Screen-Key": key ?? "" };
  if (seen.etag) headers["If-None-Match"] = seen.etag;
  const answer = await send(path, { headers, cache: "no-store" });
  const skew = Date.now() - Date.parse(answer.headers.get("Date") ?? new Date());
  if (answer.status === 304) return { ...seen, skew };
  return { board: await opened(answer), etag: answer.headers.get("ETag"), skew };
}

// Loads the page again when another release is there: then its text names other files.
export async function followReleases() {
  const text = () => fetch(location.href, { headers: { Accept: "text/html" } }).then((answer) => answer.ok && answer.text()).catch(() => false);
  let own = await text();
  setInterval(async () => {
    const now = await text();
    if (own && now && now !== own) location.reload();
    own ||= now; // it did not come when the page began
  }, RELEASE_EVERY_MS);
}
