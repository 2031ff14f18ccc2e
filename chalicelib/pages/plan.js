// The planner's page: orders by when they are due, an opened order, and what other scripts show in its tabs.

import { useAddress } from "./plan-address.js";
import { Orders } from "./plan-orders.js";
import { html, render, useEffect, useRef, useState } from "./preact.js";
import { call, person } from "./session.js";
import { SignedIn, SignIn } from "./sign-in.js";
import { say, told } from "./words.js";

// What each tab shows, in their order. Each part gets { address, change, meta, machines }: what the address says, how to
// change it, the answer of GET /meta with the plant's time zone and the labels of values, and the machines by their ids.
const TABS = {
  late: Orders,
  today: Orders,
  week: Orders,
  all: Orders,
  gantt: later(() => import("./plan-gantt.js"), "Gantt"),
  issues: later(() => import("./plan-issues.js"), "Issues"),
  create: later(() => import("./plan-create.js"), "PlanCreate"),
  import: later(() => import("./plan-import.js"), "PlanImport"),
};
const FIRST = "late";
// The server would refuse what a worker fills in there.
const OF_PLANNERS = ["create", "import"];
const Order = later(() => import("./plan-order.js"), "Order");

document.title = say("plan");

// A part of the page that is loaded when it is first shown.
function later(load, name) {
  return function Later(props) {
    const [loaded, setLoaded] = useState({});
    useEffect(() => {
      load().then((parts) => setLoaded({ Part: parts[name] }), () => setLoaded({ isLost: true }));
    }, []);
    // After a new release the page must be loaded again: the files that it names are of the former one.
    const reload = () => location.reload();
    if (loaded.isLost) return html`<p role="alert">${say("no_answer")} <button onClick=${reload}>${say("again")}</button></p>`;
    return loaded.Part ? html`<${loaded.Part} ...${props} />` : html`<p role="status">${say("loading")}</p>`;
  };
}

async function readMachines(found = new Map(), cursor = "") {
  const { items, next_cursor } = await call(`/machines?limit=100${cursor && `&cursor=${encodeURIComponent(cursor)}`}`);
  items.forEach((machine) => found.set(machine.id, machine));
  return next_cursor ? readMachines(found, next_cursor) : found;
}

function Page() {
  const [signedIn, setSignedIn] = useState(person() !== null);
  const [shown, show] = useState({});
  useEffect(() => {
    const fail = (refusal) => (refusal.status === 401 ? setSignedIn(false) : show({ refusal }));
    const read = () => Promise.all([call("/meta"), readMachines()]);
    if (signedIn) read().then(([meta, machines]) => show({ meta, machines }), fail);
  }, [signedIn]);
  if (!signedIn) return html`<${SignIn} done=${() => setSignedIn(true)} />`;
  if (shown.refusal) return html`<p role="alert">${told(shown.refusal)}</p>`;
  return shown.meta ? html`<${Plan} ...${shown} />` : html`<p role="status">${say("loading")}</p>`;
}

// Whoever closes an order goes on where they opened it.
function comeBack(order) {
  const link = document.querySelector(`[data-order="${CSS.escape(order)}"]`);
  (link ?? document.querySelector('[aria-selected="true"]')).focus();
}

function Plan({ meta, machines }) {
  const [address, change] = useAddress();
  const names = Object.keys(TABS).filter((name) => person()?.role !== "worker" || !OF_PLANNERS.includes(name));
  const tab = names.includes(address.tab) ? address.tab : FIRST;
  const former = useRef(null);
  useEffect(() => {
    if (former.current && !address.order) comeBack(former.current);
    former.current = address.order;
  }, [address.order]);
  const shared = { address: { ...address, tab }, change, meta, machines };
  return html`
    <header><h1>${say("plan")}</h1><${SignedIn} /></header>
    <${Tabs} ...${{ names, tab, change }} />
    <div role="tabpanel" id="panel" aria-labelledby="tab-${tab}" hidden=${Boolean(address.order)}>
      <${TABS[tab]} key=${tab} ...${shared} />
    </div>
    ${address.order && html`<${Order} key=${address.order} ...${shared} />`}
  `;
}

// Tabs are chosen by the arrow keys too, as screen readers expect it: only the chosen one is reached by the tab key.
function Tabs({ names, tab, change }) {
  const list = useRef(null);
  const choose = (name) => change({ tab: name, order: null });
  const move = (event) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    const name = { Home: names[0], End: names.at(-1) }[event.key] ?? (step && names.at((names.indexOf(tab) + step) % names.length));
    if (!name) return;
    event.preventDefault();
    choose(name);
    list.current.querySelector(`#tab-${name}`).focus();
  };
  return html`<div role="tablist" ref=${list} onKeyDown=${move} aria-label=${say("plan")}>
    ${names.map((name) => html`<button type="button" role="tab" id="tab-${name}" aria-selected=${String(name === tab)}
      aria-controls="panel" tabindex=${name === tab ? 0 : -1} onClick=${() => choose(name)}>${say(`tab_${name}`)}</button>`)}
  </div>`;
}

render(html`<${Page} />`, document.querySelector("main"));
