// The commands that the server allows on an order or a stage, each a button; those that need more open a form.

import { Assign } from "./plan-assign.js";
import { Edit } from "./plan-edit.js";
import { Field, Form, readField } from "./plan-fields.js";
import { html, useRef, useState } from "./preact.js";
import { useSending } from "./sending.js";
import { labelOf } from "./words.js";

// The fields of each command that is sent with POST to its own path; those with `!` are needed.
const COMMANDS = {
  start: ["worker_id", "machine_id"],
  pause: ["pause_reason", "worker_id", "note"],
  report: ["good", "scrap", "scrap_reason", "rework", "worker_id", "reason"],
  done: ["good", "scrap", "scrap_reason", "rework", "worker_id", "reason"],
  skip: ["reason!"],
  reopen: ["reason!"],
  hold: ["reason!"],
  release: ["reason!"],
  cancel: ["reason!"],
  book: ["started_at!", "ended_at!", "worker_id!", "machine_id", "good", "scrap", "scrap_reason", "rework", "reason"],
};
// Those that have a form of their own.
const FORMS = { replan: Edit, assign: Assign };
const PATHS = { book: "sessions" };

// `fields` are those that an edit may change. `about` is the order or the stage, `path` its own path.
export function Commands({ about, path, fields, done, ...shared }) {
  const [open, setOpen] = useState(null);
  const bar = useRef(null);
  const offered = about.allowed.filter((command) => command in COMMANDS || command in FORMS);
  const close = () => {
    bar.current?.querySelector(`[data-command="${open}"]`)?.focus();
    setOpen(null);
  };
  const given = { ...shared, about, path, close, done: () => (close(), done()) };
  return html`<div class="commands" onKeyDown=${(event) => event.key === "Escape" && open && close()}>
    <div ref=${bar}>${offered.map((command) => html`<button type="button" key=${command} data-command=${command}
      aria-expanded=${String(open === command)} onClick=${() => setOpen(open === command ? null : command)}>
      ${labelOf(shared.meta, "command", command)}</button>`)}</div>
    ${open in FORMS && html`<${FORMS[open]} key=${open} ...${{ ...given, fields }} />`}
    ${open in COMMANDS && html`<${Command} key=${open} ...${{ ...given, command: open }} />`}
  </div>`;
}

function Command({ command, path, meta, close, done, ...shared }) {
  const [texts, setTexts] = useState({});
  const { send, refusal, isBusy } = useSending();
  const submit = async () => {
    const filled = Object.entries(texts).map(([name, text]) => [name, readField(name, text, meta)]);
    const body = Object.fromEntries(filled.filter(([, value]) => value !== null));
    if (await send("POST", `${path}/${PATHS[command] ?? command}`, body)) done();
  };
  return html`<${Form} title=${labelOf(meta, "command", command)} ...${{ submit, close, isBusy, refusal }}>
    ${COMMANDS[command].map((each) => {
      const name = each.replace("!", "");
      const write = (text) => setTexts({ ...texts, [name]: text });
      return html`<${Field} key=${name} text=${texts[name] ?? ""} isRequired=${each !== name} ...${{ ...shared, name, write, meta }} />`;
    })}
  <//>`;
}

// A form under its button. It takes the focus, and says what it was refused for.
