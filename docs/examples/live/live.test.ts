// The client on a network that is cut: it connects again, renews its address, and is not misled by old messages.

import assert from "node:assert/strict";
import { test } from "node:test";
import { setTimeout as after } from "node:timers/promises";
import { type Address, Live } from "./live.ts";

const BOARD = "takip/default/live/board/plant";
const USER = "takip/default/live/user/u1";

/** A server of MQTT in this process: it takes every connection unless it is down. */
class Server {
  down = false;
  readonly open = new Set<Socket>();
  made = 0;
  reads = 0;
  readonly boards: string[] = [];

  started(expires_in = 900): Live {
    const address: Address = { url: "ws://x/mqtt", expires_in, client_prefix: "p-", topics: { board: BOARD, user: USER } };
    return new Live({
      address: async () => address,
      read: async () => void this.reads++,
      board: ({ as_of }) => this.boards.push(as_of),
      dial: () => new Socket(this) as unknown as WebSocket,
      often_ms: 30,
      rarely_ms: 60_000,
      spread_ms: 20,
      first_wait_ms: 10,
    });
  }

  tell(topic: string, message: object): void {
    const [name, body] = [Buffer.from(topic), Buffer.from(JSON.stringify(message))];
    const packet = Buffer.concat([Buffer.from([0x30, 2 + name.length + body.length, 0, name.length]), name, body]);
    for (const socket of this.open) for (const byte of packet) socket.give([byte]); // in the smallest pieces
  }

  cut(): void {
    this.down = true;
    for (const socket of [...this.open]) socket.close();
  }
}

class Socket {
  onopen = (): void => {};
  onmessage = (_: { data: ArrayBuffer }): void => {};
  onclose = (): void => {};
  readonly server: Server;

  constructor(server: Server) {
    this.server = server;
    setTimeout(() => (server.down ? this.close() : (server.made++, this.onopen())));
  }

  send(packet: Uint8Array): void {
    if ((packet[0] ?? 0) >> 4 === 1) this.give([0x20, 2, 0, 0]);
    else {
      this.server.open.add(this);
      this.give([0x90, 4, 0, 1, 0, 0]);
    }
  }

  give(bytes: number[]): void {
    this.onmessage({ data: new Uint8Array(bytes).buffer });
  }

  close(): void {
    this.server.open.delete(this);
    setTimeout(() => this.onclose());
  }
}

async function until(holds: () => boolean): Promise<void> {
  for (let n = 0; n < 200 && !holds(); n++) await after(5);
  assert.ok(holds());
}

test("a hint is read, twice in a row once, and not by everybody at the same moment", async () => {
  const server = new Server();
  const live = server.started();
  await until(() => live.hears && server.reads === 2); // at the start, and when it began to hear
  server.tell(USER, { at: "2026-01-05T08:00:00.000Z" });
  server.tell(USER, { at: "2026-01-05T08:00:00.000Z" });
  assert.equal(server.reads, 2);
  await until(() => server.reads === 3);
  await after(40);
  assert.equal(server.reads, 3);
  live.stop();
});

test("a board that is old, or comes twice, is not shown", async () => {
  const server = new Server();
  const live = server.started();
  await until(() => live.hears);
  for (const minute of ["05", "04", "05", "06"]) server.tell(BOARD, { as_of: `2026-01-05T08:${minute}:00.000Z` });
  assert.deepEqual(server.boards, ["2026-01-05T08:05:00.000Z", "2026-01-05T08:06:00.000Z"]);
  live.stop();
});

test("while the network is cut it asks, and it hears again by itself", async () => {
  const server = new Server();
  const live = server.started();
  await until(() => live.hears);
  server.cut();
  await until(() => !live.hears);
  const before = server.reads;
  await until(() => server.reads > before + 2);
  server.down = false;
  await until(() => live.hears);
  live.stop();
});

test("an address is renewed before it ends, and one connection is left", async () => {
  const server = new Server();
  const live = server.started(0.05);
  await until(() => server.made >= 3);
  await until(() => server.open.size === 1 && live.hears);
  live.stop();
  await until(() => server.open.size === 0);
});
