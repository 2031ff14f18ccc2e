// Job cards to print: an order, its stages, and a QR code of each, which a phone scans to come to it.

import { html, render, useEffect, useState } from "./preact.js";
import { QrCode } from "./qr.js";
import { API, call, person } from "./session.js";
import { SignedIn, SignIn } from "./sign-in.js";
import { spanOf, number, say, told } from "./words.js";

const asked = new URLSearchParams(location.search);
const [, first] = location.pathname.match(/\/orders\/([^/]+)\/card\/?$/);
const ids = [decodeURIComponent(first), ...(asked.get("also") ?? "").split(",").filter(Boolean)];

document.title = say("job_card");
document.body.classList.add(asked.get("size") ?? "a4");

// A list of one page: an order has at most a hundred stages and as many people.
async function namesOf(path) {
  const { items } = await call(path);
  return new Map(items.map(({ id, name }) => [id, name]));
}

async function read(id) {
  const [order, people] = await Promise.all([
    call(`/workorders/${encodeURIComponent(id)}`),
    namesOf(`/workorders/${encodeURIComponent(id)}/people`),
  ]);
  return { order, people };
}

// One after the other, so that fifty cards do not ask for everything at once.
async function readAll(show) {
  const { plant } = await call("/me/home");
  const cards = [];
  for (const id of new Set(ids)) {
    cards.push({ id, ...(await read(id).catch((refusal) => ({ refusal }))) });
    show({ cards: [...cards], span: spanOf(plant.time_zone) });
  }
}

function Cards() {
  const [signedIn, setSignedIn] = useState(person() !== null);
  const [shown, show] = useState(null);
  const fail = (refusal) => (refusal.status === 401 ? setSignedIn(false) : show({ refusal }));
  useEffect(() => {
    if (signedIn) readAll(show).catch(fail);
  }, [signedIn]);
  if (!signedIn) return html`<${SignIn} done=${() => setSignedIn(true)} />`;
  if (!shown) return html`<p>${say("loading")}</p>`;
  if (shown.refusal) return html`<p role="alert">${told(shown.refusal)}</p>`;
  return html`
    <nav><${SignedIn} /> <button onClick=${() => print()}>${say("print")}</button></nav>
    ${shown.cards.map((card) => html`<${Card} key=${card.id} span=${shown.span} ...${card} />`)}
  `;
}

function Card({ id, order, people, span, refusal }) {
  if (refusal) return html`<article class="card"><h1>${id}</h1><p role="alert">${told(refusal)}</p></article>`;
  const facts = [
    ["product", order.product_code],
    ["quantity", number(order.quantity)],
    ["lot", order.lot_no],
    ["customer", order.customer],
    ["planned", span(order.planned_start, order.planned_end)],
    ["note", order.note],
  ];
  return html`<article class="card">
    <header>
      <div>
        <h1>${order.number}</h1>
        <dl>
          ${facts.filter(([, value]) => value).map(([word, value]) => html`<dt>${say(word)}</dt><dd>${value}</dd>`)}
        </dl>
      </div>
      <${QrCode} text="${API}/o/${order.id}" title=${order.number} />
    </header>
    <table>
      <thead>
        <tr>${["stage", "machine", "people", "planned"].map((word) => html`<th>${say(word)}</th>`)}<th></th></tr>
      </thead>
      <tbody>${order.stages.map((stage) => html`<${Stage} ...${{ stage, people, span }} />`)}</tbody>
    </table>
  </article>`;
}

function Stage({ stage, people, span }) {
  return html`<tr>
    <td>${stage.position}. ${stage.name}</td>
    <td>${stage.machine_id}</td>
    <td>${stage.assignee_ids.map((id) => people.get(id) ?? id).join(", ")}</td>
    <td>${span(stage.planned_start, stage.planned_end)}</td>
    <td><${QrCode} text="${API}/s/${stage.id}" title="${stage.position}. ${stage.name}" /></td>
  </tr>`;
}

render(html`<${Cards} />`, document.querySelector("main"));
