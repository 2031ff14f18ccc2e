// What a person did waits here until Takip has answered it, also over days without a network, and is booked once.

import type { components } from "./schema.d.ts";
import { type Kept, problemOf, type Session } from "./session.ts";

export type Command = components["schemas"]["OfflineCommand"];
export type Result = components["schemas"]["Synchronised"];

/** A command that was not done, and why. It is shown until the person has seen it. */
export interface Refused {
  command: Command;
  result: Result;
}

interface State {
  waiting: Command[];
  refused: Refused[];
}

const MOST_A_BATCH = 100;
const FIRST_PAUSE = 1;
const LONGEST_PAUSE = 60;

export class Outbox {
  readonly #session: Session;
  readonly #kept: Kept;
  readonly #name: string;
  #changing: Promise<unknown> = Promise.resolve();
  #sending: Promise<number> | null = null;

  /** Each person has an outbox of their own: what one did is never sent with the token of another. */
  constructor(session: Session, kept: Kept, userId: string) {
    this.#session = session;
    this.#kept = kept;
    this.#name = `outbox ${userId}`;
  }

  /** Keep a command, with the time of the phone. When this returns, it is stored, and it may be sent. */
  async add(command: string, target: string, payload: Record<string, unknown> = {}): Promise<Command> {
    const added = { id: crypto.randomUUID(), command, target, payload, at: new Date().toISOString() };
    await this.#change((state) => state.waiting.push(added));
    return added;
  }

  /** What Takip has not answered yet, in order. */
  async waiting(): Promise<Command[]> {
    return (await this.#read()).waiting;
  }

  /** What was not done, and why: `result.error` has a title and a detail to show, and `allowed`. */
  async refused(): Promise<Refused[]> {
    return (await this.#read()).refused;
  }

  /** The person has seen why a command was not done. */
  async seen(id: string): Promise<void> {
    await this.#change((state) => {
      state.refused = state.refused.filter((each) => each.command.id !== id);
    });
  }

  /** Send what waits. Returns 0 if nothing waits any more, else after how many seconds to try again. */
  send(): Promise<number> {
    this.#sending ??= this.#sendAll().finally(() => {
      this.#sending = null;
    });
    return this.#sending;
  }

  /** Send what waits, and try again in longer and longer pauses, until nothing waits or it is stopped. */
  async keepSending(stop: AbortSignal, sleep: (seconds: number) => Promise<void> = pause): Promise<void> {
    let longest = FIRST_PAUSE;
    while (!stop.aborted) {
      const before = (await this.waiting()).length;
      const asked = await this.send();
      if (asked === 0) return;
      longest = (await this.waiting()).length < before ? FIRST_PAUSE : Math.min(2 * longest, LONGEST_PAUSE);
      await sleep(Math.max(asked, longest * Math.random())); // so that a plant's phones do not come all at once
    }
  }

  async #sendAll(): Promise<number> {
    for (;;) {
      const batch = (await this.waiting()).slice(0, MOST_A_BATCH);
      if (batch.length === 0) return 0;
      const answered = await this.#sendBatch(batch);
      if (typeof answered === "number") return answered;
      await this.#settle(batch, answered);
    }
  }

  /** The results of a batch, or after how many seconds to send it again. SignInNeeded passes. */
  async #sendBatch(commands: Command[]): Promise<Result[] | number> {
    let answer;
    try {
      // With the time at which the phone sends, Takip corrects the times of a wrong clock.
      const body = { commands, sent_at: new Date().toISOString() };
      answer = await this.#session.api.POST("/sync/commands", { body });
    } catch (error) {
      if (error instanceof TypeError) return FIRST_PAUSE; // no network, or the answer was lost
      throw error;
    }
    if (answer.data) return answer.data.data.items;
    const status = answer.response.status;
    if (status === 429 || status >= 500) return Number(answer.response.headers.get("Retry-After") ?? FIRST_PAUSE);
    throw new Error(`${status}: ${problemOf(answer.error).detail}`);
  }

  /** Results come in the order of the commands. A duplicate is one whose first answer was lost: it was done. */
  async #settle(batch: Command[], results: Result[]): Promise<void> {
    const answered = new Set(batch.slice(0, results.length).map((each) => each.id));
    await this.#change((state) => {
      state.waiting = state.waiting.filter((each) => !answered.has(each.id));
      for (const [place, result] of results.entries()) {
        const command = batch[place];
        if (command && (result.result === "conflict" || result.result === "rejected")) {
          state.refused.push({ command, result });
        }
      }
    });
  }

  async #read(): Promise<State> {
    const kept = await this.#kept.get(this.#name);
    return kept ? (JSON.parse(kept) as State) : { waiting: [], refused: [] };
  }

  /** Change what is kept, one change after the other. */
  #change(how: (state: State) => unknown): Promise<void> {
    const changed = this.#changing.then(async () => {
      const state = await this.#read();
      how(state);
      await this.#kept.set(this.#name, JSON.stringify(state));
    });
    this.#changing = changed.catch(() => undefined);
    return changed;
  }
}

function pause(seconds: number): Promise<void> {
  return new Promise((done) => setTimeout(done, 1000 * seconds));
}
