// An issue that is opened in the inbox: what is known of it, what may be done with it now, and its notes and photos.

import { useFollowed } from "./polling.js";
import { html, useEffect, useRef, useState } from "./preact.js";
import { idsOf, usePresence } from "./presence.js";
import { Refusal } from "./refusal.js";
import { useSending } from "./sending.js";
import { call, person, readAgain } from "./session.js";
import { instantOf, labelOf, say } from "./words.js";

const READY = "ready";

export function Issue({ id, change, meta, people, changed }) {
  const path = `/issues/${encodeURIComponent(id)}`;
  const { seen, refusal, again } = useFollowed(path, (before) => readAgain(path, before), "issues");
  const { send: sendOnce, refusal: refused } = useSending();
  const title = useRef(null);
  useEffect(() => title.current?.focus(), [Boolean(seen)]);
  // Returns whether it was done. Where somebody else was faster, the page shows what is now.
  const send = async (body) => {
    const done = await sendOnce("PATCH", path, body);
    await Promise.all([again(), changed()]);
    return done !== null;
  };
  const issue = seen?.data;
  usePresence(path, (others) => issue && idsOf(others) !== idsOf(issue.answering) && again());
  return html`<article class="opened issue" aria-label=${say("issue")}>
    <button type="button" onClick=${() => change({ issue: null })}>${say("close")}</button>
    <${Refusal} ...${{ refusal: refused ?? refusal, again }} />
    ${issue && html`<h2 tabindex="-1" ref=${title}>${labelOf(meta, "issue_type", issue.type)} · ${issue.stage_id ?? issue.machine_id}</h2>
    <p class="answering" aria-live="polite" dir="auto"><b>${answeringNow(issue.answering)}</b></p>
    <p dir="auto">${issue.description}</p>
    <${Facts} ...${{ issue, meta, people }} />
    <${Answers} ...${{ issue, meta, people, send }} />
    <${Photos} path=${path} />
    <${Notes} ...${{ issue, meta, people, send }} />`}
  </article>`;
}

// Nobody is a space as high as a name, so that no button moves under a hand when somebody comes.
function answeringNow(answering) {
  const names = answering.map(({ name }) => name).join(", ");
  return names === "" ? "\u00a0" : `${names} ${say(answering.length > 1 ? "are_answering" : "is_answering")}`;
}

function nameOf(people, id) {
  const found = people.find((each) => each.id === id);
  return found?.full_name ?? found?.username ?? id;
}

function Facts({ issue, meta, people }) {
  const at = instantOf(meta.plant.time_zone);
  const by = (instant, who) => instant && `${at(instant)} · ${nameOf(people, who)}`;
  const facts = [
    ["state", labelOf(meta, "issue_status", issue.status)],
    ["priority", labelOf(meta, "issue_priority", issue.priority)],
    ["reported", by(issue.created_at, issue.created_by)],
    ["acknowledged", by(issue.acknowledged_at, issue.acknowledged_by)],
    ["assigned_to", issue.assignee_id && nameOf(people, issue.assignee_id)],
    ["escalates", issue.next_escalation_at && at(issue.next_escalation_at)],
    ["resolved", by(issue.resolved_at, issue.resolved_by)],
    ["cause", [issue.cause_code && labelOf(meta, "issue_cause", issue.cause_code), issue.cause].filter(Boolean).join(" · ")],
    ["action", issue.action],
  ];
  return html`<dl>${facts.filter(([, value]) => value).map(([word, value]) => html`<dt>${say(word)}</dt><dd dir="auto">${value}</dd>`)}</dl>`;
}

// What may be done, by the server's own table: the steps from this status for the role of who is signed in.
function Answers({ issue, meta, people, send }) {
  const [steps, setSteps] = useState([]);
  const [isResolving, setResolving] = useState(false);
  useEffect(() => {
    call("/meta/transitions").then((tables) => setSteps(tables.issue), () => null);
  }, []);
  const allowed = steps.filter((step) => step.from === issue.status && step.roles.includes(person()?.role));
  const press = { acknowledge: () => send({ status: "ack" }), reopen: () => send({ status: "open" }), resolve: () => setResolving(true) };
  return html`<div class="answers">
    ${allowed.filter(({ command }) => press[command]).map(({ command }) => html`<button type="button" key=${command}
      onClick=${press[command]}>${labelOf(meta, "command", command)}</button>`)}
    ${allowed.some(({ command }) => command === "resolve") && html`<${Assign} key=${issue.assignee_id} ...${{ issue, meta, people, send }} />`}
    ${isResolving && issue.status !== "resolved" && html`<${Solution} ...${{ meta, send, giveUp: () => setResolving(false) }} />`}
  </div>`;
}

// What is chosen stays chosen while others change the issue.
function Assign({ issue, meta, people, send }) {
  const [chosen, choose] = useState(issue.assignee_id ?? "");
  const submit = (event) => {
    event.preventDefault();
    send({ assignee_id: chosen || null });
  };
  return html`<form onSubmit=${submit}>
    <label>${say("assigned_to")} <select name="assignee" value=${chosen} onChange=${({ target }) => choose(target.value)}>
      <option value="">${say("nobody")}</option>
      ${people.filter(({ active }) => active).map(({ id }) => html`<option value=${id}>${nameOf(people, id)}</option>`)}
    </select></label>
    <button>${labelOf(meta, "command", "assign")}</button>
  </form>`;
}

function Solution({ meta, send, giveUp }) {
  const submit = async (event) => {
    event.preventDefault();
    const filled = [...new FormData(event.target)].filter(([, value]) => value.trim());
    if (await send({ status: "resolved", ...Object.fromEntries(filled) })) giveUp();
  };
  return html`<form class="solution" onSubmit=${submit}>
    <label>${say("cause_code")} <select name="cause_code">
      <option value="">–</option>
      ${Object.keys(meta.labels.issue_cause).map((code) => html`<option value=${code}>${labelOf(meta, "issue_cause", code)}</option>`)}
    </select></label>
    <label>${say("cause")} <input name="cause" maxlength="200" /></label>
    <label>${say("action")} <input name="action" maxlength="4000" /></label>
    <button>${labelOf(meta, "command", "resolve")}</button>
    <button type="button" onClick=${giveUp}>${say("cancel")}</button>
  </form>`;
}

// Photos lie in the store, which is another origin, and a page shows nothing of another: they are links.
function Photos({ path }) {
  const [photos, setPhotos] = useState([]);
  useEffect(() => {
    call(`${path}/attachments`).then(({ items }) => setPhotos(items), () => null);
  }, []);
  const ready = photos.filter(({ status }) => status === READY);
  if (!ready.length) return null;
  return html`<h3>${say("photos")}</h3>
    <ul>${ready.map((photo) => html`<li><a href=${photo.download} target="_blank" rel="noreferrer" dir="auto">${photo.name}</a></li>`)}</ul>`;
}

function Notes({ issue, meta, people, send }) {
  const at = instantOf(meta.plant.time_zone);
  const write = async (event) => {
    event.preventDefault();
    const form = event.target;
    if (await send({ note: new FormData(form).get("note") })) form.reset();
  };
  return html`<h3>${say("notes")}</h3>
    <ol class="notes">${(issue.notes ?? []).map((note) => html`<li key=${note.id}>
      <span dir="auto">${note.text}</span> <small>${at(note.at)} · ${nameOf(people, note.by)}</small>
    </li>`)}</ol>
    <form onSubmit=${write}>
      <label>${say("note")} <input name="note" maxlength="1000" required /></label>
      <button>${labelOf(meta, "command", "note")}</button>
    </form>`;
}
