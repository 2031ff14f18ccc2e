// Who may work on a stage: chosen from everybody who can sign in.

import { listed } from "./listed.js";
import { Form } from "./plan-fields.js";
import { folded } from "./plan-filters.js";
import { html, useEffect, useState } from "./preact.js";
import { useSending } from "./sending.js";
import { labelOf, say } from "./words.js";

// The list replaces what is there, so it is sent with the version that it began from.
export function Assign({ about, path, meta, people, close, done }) {
  const [{ version, assignee_ids: before }, setBase] = useState(about);
  const [known, setKnown] = useState(new Map(before.map((id) => [id, people.get(id) ?? id])));
  const [chosen, choose] = useState(new Set(before));
  const [text, setText] = useState("");
  const { send, look, refusal, isBusy } = useSending();
  useEffect(() => {
    const named = ({ id, full_name, username }) => [id, full_name ?? username];
    listed("/auth/users", { active: true }).then(({ items }) => setKnown(new Map([...known, ...items.map(named)])), () => null);
  }, []);
  const submit = async () => {
    const sent = await send("PUT", `${path}/assignees`, { user_ids: [...chosen] }, { "If-Match": `"${version}"` });
    if (sent) done();
  };
  // Whom somebody else assigned or took away meanwhile, unless this form did otherwise with them.
  const merge = async () => {
    const found = await look(path);
    if (!found) return;
    const own = (id) => chosen.has(id) !== before.includes(id);
    const theirs = found.assignee_ids.filter((id) => !own(id));
    choose(new Set([...theirs, ...[...chosen].filter(own)]));
    setBase(found);
  };
  const turn = (id) => choose(new Set(chosen.has(id) ? [...chosen].filter((each) => each !== id) : [...chosen, id]));
  const wanted = folded(text);
  const shown = [...known].filter(([id, name]) => chosen.has(id) || folded(name).includes(wanted));
  const stay = (event) => event.key === "Enter" && event.preventDefault();
  return html`<${Form} title=${labelOf(meta, "command", "assign")} ...${{ submit, close, isBusy, refusal }}>
    <label>${say("search")} <input type="search" value=${text} onKeyDown=${stay} onInput=${({ target }) => setText(target.value)} /></label>
    <fieldset class="people"><legend>${say("people")}</legend>${shown.map(([id, name]) => html`<label class="check" key=${id}>
      <input type="checkbox" value=${id} checked=${chosen.has(id)} onChange=${() => turn(id)} /> <span dir="auto">${name}</span>
    </label>`)}</fieldset>
  <//>
  ${about.version > version && refusal?.status !== 412 && html`<p role="status">${say("changed_meanwhile")}</p>`}
  ${refusal?.status === 412 && html`<button type="button" class="merge" onClick=${merge}>${say("merge")}</button>`}`;
}
