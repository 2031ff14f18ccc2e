// Hears over MQTT that something changed. Nothing is lost without it: what is true is asked for.

const PATIENCE_MS = 10_000;
const PING_MS = 30_000;
const FIRST_WAIT_MS = 1_000;
const LONGEST_WAIT_MS = 300_000;
// A new connection is made in the last fifth of the time of an address.
const RENEWED_AFTER = 0.8;
const REFUSED = 0x80;

// A connection that is made when somebody first listens, and made again whenever it ends. `address` asks POST /live;
// `kinds` names its topics. A listener is told what was `heard`, of which kind, and whether the connection `lives`.
export function connection(address, kinds) {
  const listeners = new Set();
  let socket = null;
  let timer = null;
  let wait = FIRST_WAIT_MS;
  let isOpen = false;
  const tell = (what, ...told) => listeners.forEach((each) => each[what](...told));
  const next = (ms) => {
    clearTimeout(timer);
    if (isOpen) timer = setTimeout(connect, ms);
  };
  const retry = () => {
    next(wait * (0.5 + 0.5 * Math.random()));
    wait = Math.min(2 * wait, LONGEST_WAIT_MS);
  };
  const ended = (which) => {
    if (which !== socket) return;
    socket = null;
    tell("lives", false);
    retry();
  };
  const connect = async () => {
    try {
      const { live } = await address();
      // Without it, Takip runs where there is none. Without a topic, this person may hear nothing of these kinds.
      if (!isOpen || !kinds.some((kind) => live?.topics[kind])) return;
      const made = await opened(live, kinds, (...heard) => tell("heard", ...heard), ended);
      if (!isOpen) return void made.close();
      const before = socket;
      socket = made;
      wait = FIRST_WAIT_MS;
      if (before) before.close();
      else tell("lives", true);
      next(live.expires_in * 1_000 * RENEWED_AFTER);
    } catch {
      retry();
    }
  };
  return {
    on(listener) {
      listeners.add(listener);
      if (socket) listener.lives(true);
      if (!isOpen) {
        isOpen = true;
        connect();
      }
      return () => listeners.delete(listener);
    },
    close() {
      isOpen = false;
      listeners.clear();
      clearTimeout(timer);
      socket?.close();
    },
  };
}

// A socket that hears these kinds of topics. `ended` is called once when it closes. Throws if it does not come to hear.
async function opened(live, kinds, heard, ended) {
  const { default: mqtt } = await import("./mqtt.js");
  const names = new Map(kinds.filter((kind) => live.topics[kind]).map((kind) => [live.topics[kind], kind]));
  const client = mqtt({ on_mqtt_type: { mqtt_publish: (packet) => heard(names.get(packet.topic), packet.json()) } });
  const socket = new WebSocket(live.url, ["mqtt"]);
  const quiet = () => null;
  client.with({ log_conn: quiet, on_error: quiet, on_live: quiet, on_disconnect: quiet }).with_websock(socket);
  try {
    const client_id = live.client_prefix + crypto.getRandomValues(new Uint32Array(1))[0].toString(36);
    await inTime(client.connect({ client_id, keep_alive: 60 }));
    const [{ answers }] = await inTime(client.subscribe([...names.keys()]));
    if (answers.some((answer) => answer >= REFUSED) || socket.readyState !== WebSocket.OPEN) throw new Error("refused");
  } catch (fault) {
    socket.close();
    throw fault;
  }
  // A cable that was pulled closes nothing, so an answer is asked for.
  const pings = setInterval(() => inTime(client.ping()).catch(() => socket.close()), PING_MS);
  socket.addEventListener("close", () => {
    clearInterval(pings);
    ended(socket);
  });
  return socket;
}

function inTime(promise) {
  const late = new Promise((_, refuse) => setTimeout(refuse, PATIENCE_MS, new Error("no answer")));
  return Promise.race([promise, late]);
}
