// Who is signed in, for all pages and tabs of this browser: signs in, keeps the sign-in alive, and sends requests.

import { language, say } from "./words.js";

export const API = new URL("..", import.meta.url).href.replace(/\/$/, "");
const KEPT = "takip.session";
const EARLY_MS = 30_000;
// API Gateway gives up after 29 seconds. A request without an end would keep old numbers on a page as if they were true.
const PATIENCE_MS = 40_000;

// A request that Takip refused. `status` is 0 if there was no answer.
export class Refused extends Error {
  constructor(status, error) {
    super(error.detail ?? error.title);
    Object.assign(this, { status, title: error.title, code: error.code, errors: error.errors ?? [] });
  }
}

// The person who is signed in, or null.
export function person() {
  return kept()?.user ?? null;
}

export async function signIn(filled) {
  keep(await asked("/auth/login", { method: "POST", body: filled }));
}

export function signOut() {
  const token = kept()?.access_token;
  localStorage.removeItem(KEPT);
  return token ? asked("/auth/logout", { method: "POST", token }).catch(() => null) : null;
}

// Sends a request as the person who is signed in. Returns the answer's data. Throws Refused.
export async function call(path, options = {}) {
  return asked(path, { ...options, token: await freshToken() });
}

// Reads something again, and returns what was seen before if it is still so: { data, etag }. Throws Refused.
export async function readAgain(path, seen) {
  const headers = seen?.etag ? { "If-None-Match": seen.etag } : {};
  const answer = await send(path, { token: await freshToken(), headers, cache: "no-store" });
  return answer.status === 304 ? seen : { data: await opened(answer), etag: answer.headers.get("ETag") };
}

// Sends a request as the person who is signed in. Returns the answer as it came, if it is not a refusal. Throws Refused.
export async function answerTo(path, options = {}) {
  const answer = await send(path, { ...options, token: await freshToken() });
  return answer.ok ? answer : opened(answer);
}

// Another tab may have refreshed meanwhile, so what is kept is read again inside the lock.
async function freshToken() {
  const now = () => kept()?.until - EARLY_MS > Date.now() && kept().access_token;
  return now() || alone(async () => now() || refreshed());
}

async function refreshed() {
  const refresh_token = kept()?.refresh_token;
  if (!refresh_token) throw new Refused(401, { title: say("signed_out"), detail: say("sign_in") });
  try {
    keep(await asked("/auth/refresh", { method: "POST", body: { refresh_token } }));
  } catch (refusal) {
    if (refusal.status === 401) localStorage.removeItem(KEPT);
    throw refusal;
  }
  return kept().access_token;
}

function alone(task) {
  return navigator.locks ? navigator.locks.request(KEPT, task) : task();
}

async function asked(path, options) {
  return opened(await send(path, options));
}

// Sends a request, and returns the answer as it came. Throws Refused if there is none.
export async function send(path, { body, token, headers = {}, ...options }) {
  const sent = { Accept: "application/json", "Accept-Language": language, ...headers };
  if (token) sent.Authorization = `Bearer ${token}`;
  if (body) sent["Content-Type"] = "application/json";
  try {
    const signal = AbortSignal.timeout(PATIENCE_MS);
    return await fetch(API + path, { signal, ...options, headers: sent, body: body && JSON.stringify(body) });
  } catch (fault) {
    throw new Refused(0, { title: fault.message });
  }
}

// The data of an answer. Throws Refused.
export async function opened(answer) {
  const { data, error } = await answer.json().catch(() => ({}));
  if (error) throw new Refused(answer.status, error);
  if (data === undefined) throw new Refused(0, { title: answer.statusText }); // not from Takip: a proxy, or cut off
  return data;
}

function kept() {
  return JSON.parse(localStorage.getItem(KEPT));
}

function keep({ access_token, refresh_token, expires_in, user }) {
  const until = Date.now() + 1000 * expires_in;
  localStorage.setItem(KEPT, JSON.stringify({ access_token, refresh_token, until, user }));
}
