// Keeps a page up to date: hears live that something changed, and asks now and then. Where it cannot hear, it asks often.

const OFTEN_MS = 15_000;
const RARELY_MS = 300_000;
// Everybody hears the same hint at once, and must not ask at once.
const SPREAD_MS = 1_000;
const PATIENCE_MS = 10_000;
const PING_MS = 30_000;
// A new connection is made in the last fifth of the time of an address.
const RENEWED_AFTER = 0.8;
const FIRST_WAIT_MS = 1_000;
const LONGEST_WAIT_MS = 300_000;

// Calls `read` now, on each hint, and now and then, until the function that it returns is called. `address` asks
// POST /live. `kinds` names the topics. `take`, if given, gets the messages of boards, which need no reading.
export function follow({ read, address, kinds, take }) {
  let [timer, isLive, stopped, running, again] = [null, false, false, false, false];
  const ask = async () => {
    if (running) return void (again = true);
    running = true;
    await read();
    running = false;
    later(again ? SPREAD_MS : undefined);
    again = false;
  };
  const later = (ms = isLive ? RARELY_MS : OFTEN_MS) => {
    clearTimeout(timer);
    if (!stopped) timer = setTimeout(ask, ms * (0.9 + 0.2 * Math.random()));
  };
  const soon = () => (running ? (again = true) : later(Math.random() * SPREAD_MS));
  const heard = (kind, message) => {
    if (kind !== "board") soon();
    else if (take(message)) later();
  };
  const stop = hear({ address, kinds, heard, lives: (now) => ((isLive = now), soon()) });
  ask();
  return () => {
    stopped = true;
    clearTimeout(timer);
    stop();
  };
}

// Hears until the function that it returns is called. `lives` is told when it begins to hear, and when it ends.
function hear({ address, kinds, heard, lives }) {
  let [current, stopped, wait, timer] = [null, false, FIRST_WAIT_MS, null];
  const next = (ms) => (clearTimeout(timer), stopped || (timer = setTimeout(connect, ms)));
  const lost = (socket) => {
    if (socket !== current) return;
    current = null;
    lives(false);
    retry();
  };
  const retry = () => {
    next(wait * Math.random());
    wait = Math.min(2 * wait, LONGEST_WAIT_MS);
  };
  const connect = async () => {
    try {
      const { live } = await address();
      if (!live) return; // Takip runs without it here
      const socket = await opened(live, kinds, heard, lost);
      if (stopped) return socket.close();
      const [before, was] = [current, current !== null];
      [current, wait] = [socket, FIRST_WAIT_MS];
      before?.close();
      if (!was) lives(true);
      next(live.expires_in * 1_000 * RENEWED_AFTER);
    } catch {
      retry();
    }
  };
  connect();
  return () => {
    stopped = true;
    clearTimeout(timer);
    current?.close();
  };
}

// A connection that hears these kinds of topics. `lost` is called once if it ends. Throws if there is none in time.
async function opened(live, kinds, heard, lost) {
  const { default: mqtt } = await import("./mqtt.js");
  const names = Object.fromEntries(kinds.filter((kind) => live.topics[kind]).map((kind) => [live.topics[kind], kind]));
  const client = mqtt({ on_mqtt_type: { mqtt_publish: (packet) => heard(names[packet.topic], packet.json()) } });
  const socket = new WebSocket(live.url, ["mqtt"]);
  const quiet = () => null;
  client.with({ log_conn: quiet, on_error: quiet, on_live: quiet, on_disconnect: quiet }).with_websock(socket);
  try {
    await inTime(client.connect({ client_id: live.client_prefix + crypto.randomUUID().slice(0, 8), keep_alive: 60 }));
    const [{ answers }] = await inTime(client.subscribe(Object.keys(names)));
    if (answers.some((answer) => answer > 2)) throw new Error("refused");
  } catch (fault) {
    socket.close();
    throw fault;
  }
  // A cable that was pulled closes nothing, so an answer is asked for.
  const pings = setInterval(() => inTime(client.ping()).catch(() => socket.close()), PING_MS);
  socket.addEventListener("close", () => (clearInterval(pings), lost(socket)));
  if (socket.readyState !== WebSocket.OPEN) throw new Error("closed");
  return socket;
}

function inTime(promise) {
  return Promise.race([promise, new Promise((_, refuse) => setTimeout(refuse, PATIENCE_MS, new Error("no answer")))]);
}
