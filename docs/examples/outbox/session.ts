// Signed in, and kept so: every request has a good access token, and one refresh serves all that wait for it.

import createClient, { type Client } from "openapi-fetch";
import type { components, paths } from "./schema.d.ts";

/** Where the app keeps what must outlive it: for tokens, where the system keeps secrets. */
export interface Kept {
  get(name: string): Promise<string | null>;
  set(name: string, text: string): Promise<void>;
}

/** Ask the person for the password. What was not sent yet stays in the outbox. */
export class SignInNeeded extends Error {}

export type Send = (request: Request) => Promise<Response>;
export type Problem = components["schemas"]["Problem"];
type SignedIn = components["schemas"]["SignedIn"];

const REFRESH_TOKEN = "refresh_token";
const OLD = ["ERR_AUTH_TOKEN_EXPIRED", "ERR_AUTH_TOKEN_INVALID"];

export class Session {
  /** The client of the API. Its requests are signed. */
  readonly api: Client<paths>;
  readonly #public: Client<paths>;
  readonly #kept: Kept;
  readonly #send: Send;
  #token: string | null = null;
  #refreshing: Promise<string> | null = null;

  constructor(url: string, kept: Kept, send: Send = fetch) {
    this.#kept = kept;
    this.#send = send;
    this.#public = createClient<paths>({ baseUrl: url, fetch: send });
    this.api = createClient<paths>({ baseUrl: url, fetch: (request) => this.#signed(request) });
  }

  /** Sign in. While the device's last refresh token is good, guesses of others do not block it. */
  async signIn(username: string, password: string, device: string): Promise<SignedIn["user"]> {
    const last = await this.#kept.get(REFRESH_TOKEN);
    const body = { username, password, device, ...(last ? { refresh_token: last } : {}) };
    const { data, error } = await this.#public.POST("/auth/login", { body });
    if (!data) throw new SignInNeeded(problemOf(error).detail);
    await this.#keep(data.data);
    return data.data.user;
  }

  async #signed(request: Request): Promise<Response> {
    const again = request.clone();
    const token = this.#token ?? (await this.#refresh());
    const answer = await this.#send(withToken(request, token));
    if (answer.status !== 401 || !OLD.includes(await codeOf(answer))) return answer;
    // Another request may have refreshed meanwhile.
    const next = this.#token !== null && this.#token !== token ? this.#token : await this.#refresh();
    return this.#send(withToken(again, next));
  }

  /** The next access token. Whoever asks while it is on its way waits for the same one. */
  #refresh(): Promise<string> {
    this.#refreshing ??= this.#nextPair().finally(() => {
      this.#refreshing = null;
    });
    return this.#refreshing;
  }

  async #nextPair(): Promise<string> {
    const last = await this.#kept.get(REFRESH_TOKEN);
    if (!last) throw new SignInNeeded("Sign in.");
    // If its answer is lost, the same token is sent again: the same successor comes back.
    const { data, error, response } = await this.#public.POST("/auth/refresh", { body: { refresh_token: last } });
    if (data) return this.#keep(data.data);
    if (response.status === 401) throw new SignInNeeded(problemOf(error).detail);
    throw new TypeError(`The refresh was answered by ${response.status}.`); // as if there were no network
  }

  async #keep(pair: SignedIn): Promise<string> {
    await this.#kept.set(REFRESH_TOKEN, pair.refresh_token); // before the access token is used
    this.#token = pair.access_token;
    return pair.access_token;
  }
}

/** The problem that an answer tells, whether it was asked for as JSON or as a problem document. */
export function problemOf(error: components["schemas"]["Error"] | Problem): Problem {
  return "error" in error ? error.error : error;
}

function withToken(request: Request, token: string): Request {
  request.headers.set("Authorization", `Bearer ${token}`);
  return request;
}

async function codeOf(answer: Response): Promise<string> {
  return problemOf(await answer.clone().json()).code;
}
