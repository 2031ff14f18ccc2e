// The inbox of issues on the planner's page: the worst first, with filters in the address.

import { listed } from "./listed.js";
import { addressOf } from "./plan-address.js";
import { Issue } from "./plan-issue.js";
import { useFollowed } from "./polling.js";
import { html, useEffect, useState } from "./preact.js";
import { Refusal } from "./refusal.js";
import { call } from "./session.js";
import { Sign } from "./signs.js";
import { instantOf, labelOf, number, say } from "./words.js";

const A_PAGE = 50;
const STATES = ["open", "ack", "resolved"];
const PRIORITIES = ["critical", "high", "normal", "low"];
const SIGNS = { critical: "blocked", high: "late", normal: "held", low: "planned" };

// At least so many issues, if there are: priority by priority, and of one priority the oldest first. Those that are
// resolved come with the newest first, whatever their priority.
async function readIssues({ state, priority, mine, line }, wanted) {
  const machines = line ? new Set((await listed("/machines", { line })).items.map(({ id }) => id)) : null;
  const shared = { ...(state && { status: state }), ...(mine && { assignee_id: "me" }) };
  const items = [];
  let hasMore = false;
  for (const part of await partsOf(state, priority)) {
    let cursor = "";
    while (cursor !== undefined && items.length < wanted) {
      const asked = { limit: A_PAGE, ...shared, ...part, ...(cursor && { cursor }) };
      const page = await call(`/issues?${new URLSearchParams(asked)}`);
      items.push(...page.items.filter((issue) => machines?.has(issue.machine_id) ?? true));
      cursor = page.next_cursor;
    }
    hasMore ||= cursor !== undefined;
  }
  return { items, hasMore };
}

// What is asked for one after the other. A priority of which no issue is open is not asked for.
async function partsOf(state, priority) {
  const chosen = priority ? { priority } : {};
  if (state === "resolved") return [{ order: "newest", ...chosen }];
  if (priority) return [chosen];
  const { by_priority: counts } = await call("/issues/counts");
  return PRIORITIES.filter((each) => counts[each]).map((each) => ({ priority: each }));
}

export function Issues({ address, change, meta }) {
  const { state, priority, mine, line, issue } = address;
  const [wanted, want] = useState(A_PAGE);
  const [people, setPeople] = useState([]);
  const about = JSON.stringify([state, priority, mine, line, wanted]);
  const { seen, refusal, again } = useFollowed(about, () => readIssues(address, wanted), "issues");
  useEffect(() => {
    listed("/auth/users").then(({ items }) => setPeople(items), () => null);
  }, []);
  return html`<section class="issues">
    <${Choices} ...${{ address, change, meta }} />
    <${Refusal} ...${{ refusal, again }} />
    <p role="status">${seen ? `${number(seen.items.length)}${seen.hasMore ? "+" : ""} ${say("found_issues")}` : say("loading")}</p>
    ${issue && html`<${Issue} key=${issue} ...${{ id: issue, change, meta, people, changed: again }} />`}
    <ol>${seen?.items.map((each) => html`<${Row} key=${each.id} ...${{ issue: each, change, meta, people, isOpened: each.id === issue }} />`)}</ol>
    ${seen?.hasMore && html`<button type="button" onClick=${() => want(wanted + A_PAGE)}>${say("show_more")}</button>`}
  </section>`;
}

function Choices({ address, change, meta }) {
  const choice = (name, kind, values) => html`<label>${say(name)}
    <select name=${name} value=${address[name] ?? ""} onChange=${({ target }) => change({ [name]: target.value })}>
      <option value="">${say(name === "state" ? "not_resolved" : "every")}</option>
      ${values.map((value) => html`<option value=${value}>${labelOf(meta, kind, value)}</option>`)}
    </select>
  </label>`;
  return html`<form class="filters" onSubmit=${(event) => event.preventDefault()}>
    ${choice("state", "issue_status", STATES)} ${choice("priority", "issue_priority", PRIORITIES)}
    <label>${say("factory_line")} <input name="line" key=${address.line} defaultValue=${address.line ?? ""} onChange=${({ target }) => change({ line: target.value })} /></label>
    <label class="check"><input type="checkbox" name="mine" checked=${Boolean(address.mine)}
      onChange=${({ target }) => change({ mine: target.checked ? "1" : null })} /> ${say("assigned_to_me")}</label>
  </form>`;
}

function Row({ issue, change, meta, people, isOpened }) {
  const at = instantOf(meta.plant.time_zone);
  const open = (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    change({ issue: issue.id });
  };
  const assignee = people.find(({ id }) => id === issue.assignee_id);
  return html`<li class=${issue.priority} aria-current=${isOpened ? "true" : null}>
    <a href=${addressOf({ issue: issue.id })} onClick=${open}>
      <${Sign} of=${SIGNS[issue.priority]} /> ${labelOf(meta, "issue_priority", issue.priority)} ·${" "}
      ${labelOf(meta, "issue_type", issue.type)}
    </a>
    <span dir="auto" class="words">${issue.description}</span>
    <span>${issue.stage_id ?? issue.machine_id} · ${labelOf(meta, "issue_status", issue.status)} · ${at(issue.created_at)}
      ${issue.next_escalation_at && html` · <b>${say("escalates")} ${at(issue.next_escalation_at)}</b>`}
      ${issue.assignee_id && html` · ${assignee?.full_name ?? assignee?.username ?? issue.assignee_id}`}
    </span>
  </li>`;
}
