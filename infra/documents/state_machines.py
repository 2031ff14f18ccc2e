"""The state machines of stages, orders and issues, as diagrams and tables."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from chalicelib.domain.andon import answering
from chalicelib.domain.orders import transitions
from chalicelib.domain.orders.state_machines import OF_ORDERS, OF_STAGES, Consequence, Transition
from chalicelib.domain.planning import holding

# The conditions of `/meta/transitions` in plain words; clients know them by their names.
WHERE: Mapping[str, str] = {
    "it_blocks": "the issue blocks the stage",
    "no_other_goes_on": "all its stages have ended",
    "no_session_goes_on": "no session is open",
    "untouched": "it has no sessions",
    "worked_on": "it has sessions",
}


def state_diagrams() -> str:
    """The state machines of stages, orders and issues: a diagram of the changes of status, and all rows."""
    return "\n".join(
        [
            "## A stage",
            *_diagram(transitions.TRANSITIONS, OF_STAGES),
            *_rows(transitions.TRANSITIONS),
            "Issues, and commands on the order, also change the status of a stage:",
            "",
            *_follows(OF_STAGES),
            "## An order",
            *_diagram(holding.TRANSITIONS, OF_ORDERS),
            *_rows(holding.TRANSITIONS),
            "A command on a stage also changes the status of its order:",
            "",
            *_follows(OF_ORDERS),
            "## An issue",
            *_diagram(answering.TRANSITIONS),
            *_rows(answering.TRANSITIONS),
        ]
    )


def _diagram(table: Sequence[Transition[Any]], follows: Iterable[Consequence[Any]] = ()) -> Iterator[str]:
    yield from ["```mermaid", "stateDiagram-v2", f"    [*] --> {table[0].source}"]
    edges: dict[tuple[str, str], list[str]] = {}
    for row in table:
        if row.source is not row.target:
            edges.setdefault((row.source, row.target), []).append(row.command)
    for consequence in follows:
        edges.setdefault((consequence.source, consequence.target), []).append(
            f"{consequence.command} ({consequence.subject})"
        )
    yield from (f"    {source} --> {target}: {', '.join(names)}" for (source, target), names in edges.items())
    yield from ["```", ""]


def _rows(table: Iterable[Transition[Any]]) -> Iterator[str]:
    yield from ["| from | command | to | roles | refused unless | reason |", "|---|---|---|---|---|---|"]
    for row in table:
        guards = ", ".join(row.guards).replace("_", " ") or "–"
        target = f"{row.target}, where {WHERE[row.where]}" if row.where else row.target
        reason = "needed" if row.needs_reason else "–"
        roles = ", ".join(sorted(row.roles))
        yield f"| {row.source} | `{row.command}` | {target} | {roles} | {guards} | {reason} |"
    yield ""


def _follows(table: Iterable[Consequence[Any]]) -> Iterator[str]:
    yield from ["| from | command | to |", "|---|---|---|"]
    for row in table:
        target = f"{row.target}, where {WHERE[row.where]}" if row.where else row.target
        yield f"| {row.source} | `{row.command}` ({row.subject}) | {target} |"
    yield ""
