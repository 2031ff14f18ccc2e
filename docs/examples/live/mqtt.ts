// As much of MQTT 3.1.1 over WebSocket as hearing needs: connect, subscribe, messages of QoS 0, and pings.

export type Dial = (url: string) => WebSocket;

export interface Hearing {
  clientId: string;
  topics: string[];
  heard: (topic: string, text: string) => void;
  ended: () => void;
  dial?: Dial;
}

export interface Connection {
  close: () => void;
}

const [CONNACK, PUBLISH, SUBACK, PINGRESP] = [2, 3, 9, 13];
const PATIENCE_MS = 10_000;
const PING_MS = 30_000;
const KEEP_ALIVE_SECONDS = 60;

/** Connects and subscribes. Throws if the server refuses, or does not answer in time. */
export function connect(url: string, hearing: Hearing): Promise<Connection> {
  return new Promise((resolve, reject) => {
    const socket = (hearing.dial ?? ((at) => new WebSocket(at, ["mqtt"])))(url);
    socket.binaryType = "arraybuffer";
    let bytes = new Uint8Array();
    let isHearing = false;
    let pings: ReturnType<typeof setInterval> | undefined;
    let patience = setTimeout(() => socket.close(), PATIENCE_MS);
    const taken = (kind: number, body: Uint8Array): void => {
      if (kind === CONNACK && body[1] === 0) socket.send(packet(0x82, [0, 1], ...hearing.topics.map(withQos0)));
      else if (kind === SUBACK && body.subarray(2).every((answer) => answer < 0x80)) {
        clearTimeout(patience);
        isHearing = true;
        pings = setInterval(() => {
          socket.send(packet(0xc0));
          patience = setTimeout(() => socket.close(), PATIENCE_MS); // a cable that was pulled closes nothing
        }, PING_MS);
        resolve({ close: () => socket.close() });
      } else if (kind === PUBLISH) {
        const end = 2 + ((body[0] ?? 0) << 8) + (body[1] ?? 0);
        hearing.heard(read(body.subarray(2, end)), read(body.subarray(end)));
      } else if (kind === PINGRESP) clearTimeout(patience);
      else socket.close();
    };
    socket.onopen = () => {
      const flags = [4, 2, KEEP_ALIVE_SECONDS >> 8, KEEP_ALIVE_SECONDS & 0xff]; // level 4, a clean session
      socket.send(packet(0x10, text("MQTT"), flags, text(hearing.clientId)));
    };
    socket.onmessage = ({ data }) => {
      bytes = joined(bytes, new Uint8Array(data));
      for (let found = first(bytes); found; found = first(bytes)) {
        bytes = found.rest;
        taken(found.kind, found.body);
      }
    };
    socket.onclose = () => {
      clearTimeout(patience);
      clearInterval(pings);
      if (isHearing) hearing.ended();
      else reject(new Error("no connection"));
    };
  });
}

function withQos0(topic: string): number[] {
  return [...text(topic), 0];
}

function text(written: string): number[] {
  const encoded = new TextEncoder().encode(written);
  return [encoded.length >> 8, encoded.length & 0xff, ...encoded];
}

function read(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes);
}

function packet(head: number, ...parts: number[][]): Uint8Array<ArrayBuffer> {
  const body = parts.flat();
  const size: number[] = [];
  let left = body.length;
  do {
    size.push((left & 0x7f) | (left > 0x7f ? 0x80 : 0));
    left >>= 7;
  } while (left);
  return new Uint8Array([head, ...size, ...body]);
}

/** The first whole packet of some bytes, and what comes after it; null if it is not whole yet. */
function first(bytes: Uint8Array): { kind: number; body: Uint8Array; rest: Uint8Array<ArrayBuffer> } | null {
  let [size, shift, at] = [0, 0, 1];
  for (; ; at++, shift += 7) {
    const byte = bytes[at];
    if (byte === undefined) return null;
    size += (byte & 0x7f) << shift;
    if (byte < 0x80) break;
  }
  const end = at + 1 + size;
  if (bytes.length < end) return null;
  return { kind: (bytes[0] ?? 0) >> 4, body: bytes.subarray(at + 1, end), rest: bytes.slice(end) };
}

function joined(before: Uint8Array, after: Uint8Array): Uint8Array<ArrayBuffer> {
  const both = new Uint8Array(before.length + after.length);
  both.set(before);
  both.set(after, before.length);
  return both;
}
