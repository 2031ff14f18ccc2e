// A worker's phone on a running Takip whose network is cut: before a request arrives, or before its answer does.
// tests/e2e/test_clients.py gives the URL, a worker, three stages of theirs and a photo.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { env } from "node:process";
import { mock, test } from "node:test";
import { Outbox } from "./outbox.ts";
import { type Kept, Session, SignInNeeded } from "./session.ts";

const { TAKIP_URL = "", TAKIP_NAME = "", TAKIP_PASSWORD = "", TAKIP_STAGES = "", TAKIP_PHOTO = "" } = env;
const [finished = "", offline = "", lost = ""] = TAKIP_STAGES.split(",");

class Phone implements Kept {
  readonly #memory = new Map<string, string>();
  readonly sent: string[] = [];
  network: "good" | "cut" | "loses answers" = "good";

  async get(name: string): Promise<string | null> {
    return this.#memory.get(name) ?? null;
  }

  async set(name: string, text: string): Promise<void> {
    this.#memory.set(name, text);
  }

  readonly send = async (request: Request): Promise<Response> => {
    if (this.network === "cut") throw new TypeError("no network");
    this.sent.push(`${request.method} ${new URL(request.url).pathname.replace(/.*_user_request_/, "")}`);
    const answer = await fetch(request);
    if (this.network === "loses answers") throw new TypeError("the answer was lost");
    return answer;
  };

  /** The app as it is after a start: it knows only what was kept. */
  started(): Session {
    return new Session(TAKIP_URL, this, this.send);
  }

  async signedIn(): Promise<[Session, Outbox]> {
    const session = this.started();
    const { id } = await session.signIn(TAKIP_NAME, TAKIP_PASSWORD, "test");
    return [session, new Outbox(session, this, id)];
  }
}

async function good(session: Session, stage_id: string): Promise<number | undefined> {
  const { data } = await session.api.GET("/stages/{stage_id}", { params: { path: { stage_id } } });
  return data?.data.good;
}

test("an order is worked at and finished, with a photo of what was wrong", async () => {
  const [{ api }] = await new Phone().signedIn();
  const path = { stage_id: finished };
  const once = () => ({ "Idempotency-Key": crypto.randomUUID() });
  await api.POST("/stages/{stage_id}/start", { params: { path, header: once() } });

  const body = { type: "quality", description: "Çizik var" } as const;
  const issue = await api.POST("/stages/{stage_id}/issue", { params: { path, header: once() }, body });
  const issue_id = issue.data?.data.id ?? "";
  const photo = await readFile(TAKIP_PHOTO);
  const declared = { content_type: "image/jpeg", size_bytes: photo.length, name: "Çizik.jpg" } as const;
  const made = await api.POST("/issues/{issue_id}/attachments", { params: { path: { issue_id } }, body: declared });
  const { id: attachment_id = "", upload } = made.data?.data ?? {};
  const form = new FormData();
  for (const [name, value] of Object.entries(upload?.fields ?? {})) form.append(name, value);
  form.append("file", new Blob([photo]));
  assert.ok((await fetch(upload?.url ?? "", { method: "POST", body: form })).ok);
  const confirm = "/issues/{issue_id}/attachments/{attachment_id}/confirm";
  const confirmed = await api.POST(confirm, { params: { path: { issue_id, attachment_id } } });
  assert.equal(confirmed.data?.data.status, "processing");

  const done = await api.POST("/stages/{stage_id}/done", { params: { path, header: once() }, body: { good: 100 } });
  assert.equal(done.data?.data.status, "done");
});

test("requests at once share one refresh, and one whose answer was lost is repeated", async () => {
  const phone = new Phone();
  await phone.signedIn();
  phone.sent.length = 0;
  const session = phone.started(); // it has no access token
  const answers = await Promise.all([1, 2, 3, 4].map(() => session.api.GET("/auth/me")));
  assert.deepEqual(answers.map((each) => each.data?.data.username), Array(4).fill(TAKIP_NAME));
  assert.equal(phone.sent.filter((each) => each === "POST /auth/refresh").length, 1);

  const later = phone.started();
  phone.network = "loses answers";
  await assert.rejects(later.api.GET("/auth/me"), TypeError);
  phone.network = "good";
  assert.equal((await later.api.GET("/auth/me")).data?.data.username, TAKIP_NAME);
});

test("who is not signed in is asked for the password", async () => {
  await assert.rejects(new Phone().started().api.GET("/auth/me"), SignInNeeded);
  const [session] = await new Phone().signedIn();
  await assert.rejects(session.signIn(TAKIP_NAME, "another password", "test"), SignInNeeded);
});

test("what was done without a network waits over a restart, is sent in order, and what is impossible is shown", async () => {
  const phone = new Phone();
  const [session, outbox] = await phone.signedIn();
  phone.network = "cut";
  await outbox.add("start", offline);
  await outbox.add("report", offline, { good: 30 });
  await outbox.add("pause", offline, { pause_reason: "break" });
  const impossible = await outbox.add("report", offline, { good: 1 });
  assert.equal(await outbox.send(), 1);
  assert.equal((await outbox.waiting()).length, 4);

  const { data } = await new Phone().signedIn().then(([other]) => other.api.GET("/auth/me"));
  const restarted = new Outbox(phone.started(), phone, data?.data.id ?? "");
  const pauses: number[] = [];
  await restarted.keepSending(new AbortController().signal, async (seconds) => {
    pauses.push(seconds);
    if (pauses.length === 3) phone.network = "good";
  });

  assert.equal(pauses.length, 3);
  assert.deepEqual(await restarted.waiting(), []);
  const [refused] = await restarted.refused();
  assert.deepEqual([refused?.command.id, refused?.result.result], [impossible.id, "conflict"]);
  assert.ok(refused?.result.error?.allowed?.includes("start"));
  await restarted.seen(impossible.id);
  assert.deepEqual(await restarted.refused(), []);
  assert.equal(await good(session, offline), 30);
});

test("a batch whose answer was lost is sent again and booked once", async () => {
  const phone = new Phone();
  const [session, outbox] = await phone.signedIn();
  await session.api.GET("/auth/me");
  await outbox.add("start", lost);
  await outbox.add("report", lost, { good: 7 });
  phone.network = "loses answers";
  assert.equal(await outbox.send(), 1);
  phone.network = "good";
  assert.deepEqual(await Promise.all([outbox.send(), outbox.send()]), [0, 0]);
  assert.deepEqual([await outbox.waiting(), await outbox.refused()], [[], []]);
  assert.equal(await good(session, lost), 7);
  assert.equal(phone.sent.filter((each) => each === "POST /sync/commands").length, 2);
});

test("what a phone does whose clock is a day ahead is done all the same", async () => {
  const phone = new Phone();
  const [, outbox] = await phone.signedIn();
  mock.timers.enable({ apis: ["Date"], now: Date.now() + 24 * 60 * 60 * 1000 });
  await outbox.add("pause", lost, { pause_reason: "break" });
  assert.equal(await outbox.send(), 0);
  mock.timers.reset();
  assert.deepEqual([await outbox.waiting(), await outbox.refused()], [[], []]);
});
