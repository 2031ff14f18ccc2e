"""Answering issues, wherever they were reported: the state machine, what a worker may do, notes."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Protocol

from chalicelib.domain import instants
from chalicelib.domain.andon.escalating import timed
from chalicelib.domain.errors import Conflict, Forbidden, TakipError, refuse, unlisted
from chalicelib.domain.kept import KEPT, Kept, given, value_after
from chalicelib.domain.orders.changes import What
from chalicelib.domain.orders.commands import Command
from chalicelib.domain.orders.issues import ChangeIssue, Issue, IssueStatus, IssueType, Note, OpenIssue
from chalicelib.domain.orders.state_machines import Transition, obstacle, rows_for
from chalicelib.domain.people.users import PLANNING, Actor, Role
from chalicelib.domain.sentences import say
from chalicelib.domain.tenant_settings import TenantSettings

OPEN, ACK, RESOLVED = IssueStatus

WORKERS = frozenset({Role.WORKER})

# The only change of an issue that a worker may make.
WITHDRAWAL = ChangeIssue(status=RESOLVED, cause="withdrawn")

# Blocking is a flag, not a status: an issue with the flag blocks its stage until it is resolved.
TRANSITIONS = (
    Transition(OPEN, "acknowledge", ACK, PLANNING),
    Transition(OPEN, "resolve", RESOLVED, PLANNING),
    Transition(OPEN, "withdraw", RESOLVED, WORKERS, guards=("own_report",)),
    Transition(ACK, "resolve", RESOLVED, PLANNING),
    Transition(RESOLVED, "reopen", OPEN, PLANNING, guards=("only_one_of_its_type",)),
)

# The command by which a planner brings an issue to a status.
STEPS: Mapping[IssueStatus, str] = {ACK: "acknowledge", RESOLVED: "resolve", OPEN: "reopen"}
ANSWERED: Mapping[IssueStatus, What] = {ACK: What.ACKNOWLEDGED, RESOLVED: What.RESOLVED, OPEN: What.REOPENED}


class IllegalIssueTransition(Conflict):
    """The issue's status does not allow this change."""

    code = "ERR_ISSUE_ILLEGAL_TRANSITION"
    title = "The issue's status does not allow this"


class IssueTypeOpen(Conflict):
    """A stage or a machine has at most one open issue of each type, and another one of this type is open."""

    code = "ERR_ISSUE_TYPE_OPEN"
    title = "Another issue of this type is open"


class OnlyWithdrawal(Forbidden):
    """A worker may only add a note to an issue, and withdraw an open one that they reported themselves."""

    code = "ERR_ISSUE_ONLY_WITHDRAWAL"
    title = "A worker may only add a note, or withdraw their own open issue"


class Place(Protocol):
    """A stage or a machine on which issues are reported."""

    def open_issue(self, issue_type: IssueType) -> str | None:
        """The id of the open issue of a type."""


@dataclass(frozen=True)
class Answered:
    """An issue after somebody answered it, what happened to it, and the new notes."""

    issue: Issue
    what: What
    notes: tuple[Note, ...]


def answer(
    place: Place, actor: Actor, command: Command[ChangeIssue], issue: Issue, settings: TenantSettings
) -> Answered:
    """The issue after a change, wherever it was reported. Raises what `change` does."""
    wanted = command.payload
    if not actor.plans and replace(wanted, note=KEPT) not in (WITHDRAWAL, ChangeIssue()):
        raise _only_withdrawal(allowed(place, issue, actor))
    refuse(unlisted("cause_code", value_after(None, wanted.cause_code), settings.cause_codes))
    after, what = issue, What.EDITED
    if not isinstance(wanted.status, Kept):
        _legal(place, issue, actor, wanted.status)
        after, what = _moved(issue, wanted.status, actor, command), ANSWERED[wanted.status]
    after = replace(after, **given(wanted, "priority", "blocking", "assignee_id", "cause_code", "cause", "action"))
    if what is What.EDITED and after.assignee_id not in (None, issue.assignee_id):
        what = What.ASSIGNED
    after = timed(after, settings)
    if isinstance(wanted.note, Kept):
        return Answered(after, what, ())
    return Answered(noted(after), what, (note(after, wanted.note, actor, command),))


def noted(issue: Issue) -> Issue:
    """The issue with one note more."""
    return replace(issue, notes_count=issue.notes_count + 1)


def allowed(place: Place, issue: Issue, actor: Actor) -> list[str]:
    """The steps that the actor may take with an issue now, in the order of the table."""
    rows = rows_for(TRANSITIONS, issue.status, actor).values()
    return [row.command for row in rows if not obstacle(row, GUARDS, place, issue, actor)]


def _legal(place: Place, issue: Issue, actor: Actor, status: IssueStatus) -> None:
    """Check that the table and its guards allow the status.

    Raises IllegalIssueTransition, and what the guards raise.
    """
    step = STEPS[status] if actor.plans else "withdraw"
    row = rows_for(TRANSITIONS, issue.status, actor).get(step)
    if row is None:
        raise IllegalIssueTransition(
            say(
                "Issue {issue_id} is {issue_status} since {since}; {command} is not possible.",
                issue_id=issue.id,
                issue_status=issue.status.value,
                since=instants.wire(issue.since),
                command=step,
            ),
            allowed=allowed(place, issue, actor),
            since=issue.since,
        )
    refusal = obstacle(row, GUARDS, place, issue, actor)
    if refusal is not None:
        refusal.allowed = tuple(allowed(place, issue, actor))
        raise refusal


def _moved(issue: Issue, status: IssueStatus, actor: Actor, command: Command[ChangeIssue]) -> Issue:
    """The issue in another status. A reopened issue loses its acknowledgement, resolution, cause and action."""
    at, by = command.received_at, actor.user_id
    if status is ACK:
        return replace(issue, status=ACK, acknowledged_at=at, acknowledged_by=by)
    if status is RESOLVED:
        return replace(issue, status=RESOLVED, resolved_at=at, resolved_by=by)
    return replace(
        issue,
        status=OPEN,
        acknowledged_at=None,
        acknowledged_by=None,
        resolved_at=None,
        resolved_by=None,
        cause_code=None,
        cause=None,
        action=None,
        reopened_at=at,
        reopened_count=issue.reopened_count + 1,
    )


def note(issue: Issue, text: str, actor: Actor, command: Command[object]) -> Note:
    """A note that the actor writes on an issue."""
    return Note(command.id, issue.id, text, actor.user_id, command.happened_at, command.received_at)


def listed(open_issues: Sequence[OpenIssue], issue: Issue, at: datetime) -> tuple[OpenIssue, ...]:
    """The open issues of a stage or a machine after this one changed at an instant. A resolved one is left out."""
    others = {open_issue.issue_id: open_issue for open_issue in open_issues}
    if issue.status is RESOLVED:
        others.pop(issue.id, None)
    else:
        was = others.get(issue.id)
        since = was.blocks_since if was and was.blocks_since else at
        others[issue.id] = OpenIssue(issue.type, issue.id, since if issue.blocking else None, issue.priority)
    return tuple(others.values())


def _own_report(_: Place, issue: Issue, actor: Actor) -> TakipError | None:
    return None if issue.created_by == actor.user_id else _only_withdrawal([])


def _only_one_of_its_type(place: Place, issue: Issue, _: Actor) -> TakipError | None:
    other = place.open_issue(issue.type)
    if not other:
        return None
    return IssueTypeOpen(say("Issue {issue_id} is open; change that one, or resolve it first.", issue_id=other))


def _only_withdrawal(allowed: list[str]) -> OnlyWithdrawal:
    how = say(
        "You may send only a note, or status resolved and cause withdrawn for an issue that you reported; "
        "ask a planner for other changes."
    )
    return OnlyWithdrawal(how, allowed=allowed)


Guard = Callable[[Place, Issue, Actor], TakipError | None]

GUARDS: Mapping[str, Guard] = {
    "own_report": _own_report,
    "only_one_of_its_type": _only_one_of_its_type,
}
