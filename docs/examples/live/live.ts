// Hears live that something changed, and asks now and then. A client for apps, without packages; see docs/live.md.

import { connect, type Connection, type Dial } from "./mqtt.ts";

export interface Address {
  url: string;
  expires_in: number;
  client_prefix: string;
  topics: Partial<Record<Kind, string>>;
}
export type Kind = "board" | "user" | "issues" | "orders";

export interface Wanted {
  /** POST /live: the address, or null where Takip has no live. Throws if there is no answer. */
  address: () => Promise<Address | null>;
  /** Reads what the app shows. It is called at the start, after every hint, and now and then. */
  read: () => Promise<void>;
  /** A board came that is newer than the last one. */
  board?: (board: { as_of: string }) => void;
  dial?: Dial;
  often_ms?: number;
  rarely_ms?: number;
  /** Everybody hears a hint at the same moment. Each one reads within this time, so that they do not read together. */
  spread_ms?: number;
  first_wait_ms?: number;
}

const LONGEST_WAIT_MS = 300_000;
const RENEWED_AFTER = 0.8;

export class Live {
  readonly #wanted: Required<Omit<Wanted, "dial" | "board">> & Wanted;
  #connection: Connection | null = null;
  #timers = new Map<string, ReturnType<typeof setTimeout>>();
  #wait: number;
  #newest = "";
  #reading = false;
  #due = false;
  #stopped = false;

  constructor(wanted: Wanted) {
    this.#wanted = { often_ms: 15_000, rarely_ms: 300_000, spread_ms: 1_000, first_wait_ms: 1_000, ...wanted };
    this.#wait = this.#wanted.first_wait_ms;
    void this.#read();
    void this.#connect();
  }

  get hears(): boolean {
    return this.#connection !== null;
  }

  stop(): void {
    this.#stopped = true;
    for (const timer of this.#timers.values()) clearTimeout(timer);
    this.#connection?.close();
  }

  /** One reading at a time. What is heard meanwhile is read afterwards. */
  async #read(): Promise<void> {
    if (this.#reading) {
      this.#due = true;
      return;
    }
    this.#reading = true;
    await this.#wanted.read().catch(() => null); // the next one may have an answer
    this.#reading = false;
    const pause = this.hears ? this.#wanted.rarely_ms : this.#wanted.often_ms;
    if (this.#due) this.#soon();
    else this.#later("read", pause * (0.9 + 0.2 * Math.random()), () => this.#read());
    this.#due = false;
  }

  #soon(): void {
    if (this.#reading) this.#due = true;
    else this.#later("read", this.#wanted.spread_ms * Math.random(), () => this.#read());
  }

  async #connect(): Promise<void> {
    try {
      const address = await this.#wanted.address();
      if (!address || this.#stopped) return;
      const made = await connect(address.url, {
        clientId: address.client_prefix + Math.random().toString(36).slice(2, 10),
        topics: Object.values(address.topics),
        heard: (topic, text) => this.#hear(topic === address.topics.board, text),
        ended: () => this.#ended(made),
        ...(this.#wanted.dial ? { dial: this.#wanted.dial } : {}),
      });
      const before = this.#connection;
      this.#connection = made;
      this.#wait = this.#wanted.first_wait_ms;
      before?.close(); // only now, so that nothing is missed between the two
      if (this.#stopped) return made.close();
      if (!before) void this.#read(); // what changed before it heard
      this.#later("connect", address.expires_in * 1_000 * RENEWED_AFTER, () => this.#connect());
    } catch {
      this.#again();
    }
  }

  #ended(which: Connection): void {
    if (which !== this.#connection || this.#stopped) return;
    this.#connection = null;
    this.#again();
    void this.#read();
  }

  #again(): void {
    this.#later("connect", this.#wait * (0.5 + 0.5 * Math.random()), () => this.#connect());
    this.#wait = Math.min(2 * this.#wait, LONGEST_WAIT_MS);
  }

  /** A hint may come twice or late: reading again does no harm. A board may be older than the last one. */
  #hear(isBoard: boolean, text: string): void {
    if (!isBoard) return this.#soon();
    const board: { as_of: string } = JSON.parse(text);
    if (board.as_of <= this.#newest) return;
    this.#newest = board.as_of;
    this.#wanted.board?.(board);
  }

  #later(name: string, ms: number, act: () => Promise<void>): void {
    clearTimeout(this.#timers.get(name));
    if (!this.#stopped) this.#timers.set(name, setTimeout(() => void act(), ms));
  }
}
