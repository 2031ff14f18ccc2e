// An edit of an order or a stage that loses nobody's work: if somebody else was faster, both are shown, field by field.

import { Field, FIELDS, Form, readField, written } from "./plan-fields.js";
import { html, useState } from "./preact.js";
import { useSending } from "./sending.js";
import { labelOf, say } from "./words.js";

// The texts of the fields of an order or a stage, by their names.
function textsOf(about, fields, meta) {
  return Object.fromEntries(fields.map((name) => [name, written(name, about[name], meta)]));
}

// `base` is what the edit began from, `theirs` what was found instead of it, `mine` what the fields show. An edit that
// was begun elsewhere brings what it began `from`, what it `wants`, and what was `found`.
export function Edit({ about, path, fields, close, done, from = about, wants = {}, found = null, ...shared }) {
  const { meta } = shared;
  const [base, setBase] = useState(from);
  const [mine, setMine] = useState(textsOf({ ...from, ...wants }, fields, meta));
  const [reason, setReason] = useState(wants.reason ?? "");
  const [theirs, setTheirs] = useState(found);
  const { send, look, refusal, isBusy } = useSending();
  const submit = async () => {
    const before = textsOf(base, fields, meta);
    const changed = fields.filter((name) => mine[name] !== before[name]);
    const body = Object.fromEntries(changed.map((name) => [name, readField(name, mine[name], meta)]));
    const answer = await send("PATCH", path, { ...body, reason }, { "If-Match": `"${base.version}"` });
    if (answer) done();
  };
  const merge = async () => setTheirs(await look(path));
  const merged = (texts) => {
    setBase(theirs);
    setMine(texts);
    setTheirs(null);
  };
  if (theirs) return html`<${Merge} ...${{ base, mine, theirs, fields, merged, close, ...shared }} />`;
  const isStale = refusal?.status === 412;
  return html`<${Form} title=${labelOf(meta, "command", "replan")} ...${{ submit, close, isBusy, refusal }}>
      ${fields.map((name) => html`<${Field} key=${name} text=${mine[name]} ...${{ ...shared, name }}
        write=${(text) => setMine({ ...mine, [name]: text })} />`)}
      <${Field} name="reason" text=${reason} write=${setReason} isRequired ...${shared} />
    <//>
    ${about.version > base.version && !isStale && html`<p role="status">${say("changed_meanwhile")}</p>`}
    ${isStale && html`<button type="button" class="merge" onClick=${merge}>${say("merge")}</button>`}`;
}

// What is kept of both: a field that only one of them changed is taken from there, any other is chosen.
function Merge({ base, mine, theirs, fields, merged, close, meta, ...shared }) {
  const [before, found] = [textsOf(base, fields, meta), textsOf(theirs, fields, meta)];
  const differing = fields.filter((name) => mine[name] !== found[name]);
  const [taken, setTaken] = useState(Object.fromEntries(
    differing.filter((name) => mine[name] === before[name] || found[name] === before[name])
      .map((name) => [name, mine[name] === before[name] ? "theirs" : "mine"]),
  ));
  const submit = () => {
    const kept = differing.filter((name) => taken[name] === "mine").map((name) => [name, mine[name]]);
    merged({ ...found, ...Object.fromEntries(kept) });
  };
  const names = { meta, ...shared };
  return html`<${Form} title=${say("take_over")} ...${{ submit, close }}>
    <p role="status">${say("merge_about")}</p>
    ${differing.map((name) => html`<fieldset key=${name}>
      <legend>${say(FIELDS[name].word)}</legend>
      ${[["mine", mine[name]], ["theirs", found[name]]].map(([whose, text]) => html`<label class="check">
        <input type="radio" name="take-${name}" required checked=${taken[name] === whose}
          onChange=${() => setTaken({ ...taken, [name]: whose })} />
        ${say(whose)}: <b dir="auto">${shownAs(name, text, names) || "–"}</b>
      </label>`)}
    </fieldset>`)}
  <//>`;
}

function shownAs(name, text, { machines }) {
  const { kind } = FIELDS[name];
  return kind === "machine" ? (machines.get(text)?.name ?? text) : kind === "time" ? text.replace("T", " ") : text;
}
