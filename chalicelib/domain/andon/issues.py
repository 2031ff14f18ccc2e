"""Issues: reporting and answering issues of a stage, each a pure function from an order to a change."""

from collections.abc import Callable, Mapping
from dataclasses import replace

from chalicelib.domain import instants
from chalicelib.domain.errors import Conflict, Forbidden, TakipError, refuse
from chalicelib.domain.floor import sessions
from chalicelib.domain.kept import KEPT, Kept, given, value_after
from chalicelib.domain.orders.changes import Change, What, happened_to_issue, happened_to_stage, happenings
from chalicelib.domain.orders.command_checks import misdated, unlisted
from chalicelib.domain.orders.commands import Command
from chalicelib.domain.orders.issues import ChangeIssue, Issue, IssueStatus, NewIssue, Note, OpenIssue, issue_id
from chalicelib.domain.orders.session_records import Cause, Session
from chalicelib.domain.orders.state_machines import Transition, obstacle, rows_for
from chalicelib.domain.orders.work_orders import Order, Stage
from chalicelib.domain.people.users import PLANNING, Actor, Role
from chalicelib.domain.tenants import TenantSettings

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
    """A stage has at most one open issue of each type, and another one of this type is open."""

    code = "ERR_ISSUE_TYPE_OPEN"
    title = "Another issue of this type is open on the stage"


class OnlyWithdrawal(Forbidden):
    """A worker may only add a note to an issue, and withdraw an open one that they reported themselves."""

    code = "ERR_ISSUE_ONLY_WITHDRAWAL"
    title = "A worker may only add a note, or withdraw their own open issue"


def report(order: Order, actor: Actor, command: Command[NewIssue], joined: Issue | None = None) -> Change:
    """Report an issue against a stage. Raises StageNotFound, InvalidFields.

    A blocking issue closes the open sessions of the stage.

    `joined` is the open issue of the same type, if there is one: a stage has at most one of each type. The description
    then becomes a note on it. A blocking report makes `joined` blocking and gives it the higher priority of both.
    """
    stage, wanted = order.stage_seen_by(actor, command.target), command.payload
    refuse(misdated(order, actor, command.received_at, at=command.happened_at))
    if joined is not None:
        after = noted(joined)
        if wanted.blocking:
            after = replace(after, blocking=True, priority=joined.priority.or_higher(wanted.priority))
        return _reported(order, after, actor, command, joined)
    issue = Issue(
        id=issue_id(order.id, command.id),
        work_order_id=order.id,
        stage_id=stage.id,
        type=wanted.type,
        description=wanted.description,
        priority=wanted.priority,
        blocking=wanted.blocking,
        created_at=command.received_at,
        created_by=actor.user_id,
        reported_at=command.happened_at,
        machine_id=stage.machine_id,
    )
    return _reported(order, issue, actor, command)


def change(order: Order, actor: Actor, command: Command[ChangeIssue], issue: Issue, settings: TenantSettings) -> Change:
    """Change an issue: acknowledge, resolve or reopen it, set its assignee, priority, cause or action, or block.

    Resolving an issue, or making it not blocking, does not resume the sessions it closed. A worker may only add a note,
    and withdraw an open issue of their own.

    Raises IllegalIssueTransition, IssueTypeOpen, OnlyWithdrawal, InvalidFields.
    """
    stage, wanted = order.stage(issue.stage_id), command.payload
    if not actor.plans and replace(wanted, note=KEPT) not in (WITHDRAWAL, ChangeIssue()):
        raise _only_withdrawal(allowed(stage, issue, actor))
    refuse(
        misdated(order, actor, command.received_at, at=command.happened_at)
        + unlisted("cause_code", value_after(None, wanted.cause_code), settings.cause_codes)
    )
    after, what = issue, What.EDITED
    if not isinstance(wanted.status, Kept):
        _legal(stage, issue, actor, wanted.status)
        after, what = _moved(issue, wanted.status, actor, command), ANSWERED[wanted.status]
    after = replace(after, **given(wanted, "priority", "blocking", "assignee_id", "cause_code", "cause", "action"))
    notes = () if isinstance(wanted.note, Kept) else (_note(after, wanted.note, actor, command),)
    after = noted(after) if notes else after
    now, ended = _updated(order, after, actor, command)
    own = happened_to_issue(what, issue, after)
    return Change(now, after, ended, issues=(after,), notes=notes, happened=happenings(order, now, ended, own))


def noted(issue: Issue) -> Issue:
    """The issue with one note more."""
    return replace(issue, notes_count=issue.notes_count + 1)


def allowed(stage: Stage, issue: Issue, actor: Actor) -> list[str]:
    """The steps that the actor may take with an issue now, in the order of the table."""
    rows = rows_for(TRANSITIONS, issue.status, actor).values()
    return [row.command for row in rows if not obstacle(row, GUARDS, stage, issue, actor)]


def _legal(stage: Stage, issue: Issue, actor: Actor, status: IssueStatus) -> None:
    """Check that the table and its guards allow the status.

    Raises IllegalIssueTransition, and what the guards raise.
    """
    step = STEPS[status] if actor.plans else "withdraw"
    row = rows_for(TRANSITIONS, issue.status, actor).get(step)
    if row is None:
        raise IllegalIssueTransition(
            f"Issue {issue.id} is {issue.status} since {instants.wire(issue.since)}; {step} is not possible.",
            allowed=allowed(stage, issue, actor),
            since=issue.since,
        )
    refusal = obstacle(row, GUARDS, stage, issue, actor)
    if refusal is not None:
        refusal.allowed = tuple(allowed(stage, issue, actor))
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


def _reported(
    order: Order, issue: Issue, actor: Actor, command: Command[NewIssue], joined: Issue | None = None
) -> Change:
    """The change that records a new issue, or the issue that the report joined."""
    after, ended = _updated(order, issue, actor, command)
    of_the_stage = happened_to_stage(What.ISSUE_REPORTED, order, after, issue.stage_id)
    of_the_issue = happened_to_issue(What.EDITED if joined else What.REPORTED, joined, issue)
    happened = happenings(order, after, ended, of_the_stage, of_the_issue)
    notes = (_note(issue, command.payload.description, actor, command),) if joined else ()
    return Change(after, issue, ended, issues=(issue,), notes=notes, happened=happened, created=joined is None)


def _note(issue: Issue, text: str, actor: Actor, command: Command[object]) -> Note:
    return Note(command.id, issue.id, text, actor.user_id, command.happened_at, command.received_at)


def _updated(order: Order, issue: Issue, actor: Actor, command: Command[object]) -> tuple[Order, tuple[Session, ...]]:
    """Update the issue in its stage's list of open issues. If the stage is blocked, close its open sessions."""
    stage = order.stage(issue.stage_id)
    listed = {open_issue.issue_id: open_issue for open_issue in stage.open_issues}
    if issue.status is RESOLVED:
        listed.pop(issue.id, None)
    else:
        was = listed.get(issue.id)
        since = was.blocks_since if was and was.blocks_since else command.received_at
        listed[issue.id] = OpenIssue(issue.type, issue.id, since if issue.blocking else None, issue.priority)
    stage = replace(stage, open_issues=tuple(listed.values()))
    closing = sessions.by_server(actor, command, Cause.ISSUE, issue.description)
    return sessions.interrupted(order.with_stage(stage), [stage] if stage.blockers else [], closing)


def _own_report(_: Stage, issue: Issue, actor: Actor) -> TakipError | None:
    return None if issue.created_by == actor.user_id else _only_withdrawal([])


def _only_one_of_its_type(stage: Stage, issue: Issue, _: Actor) -> TakipError | None:
    other = stage.open_issue(issue.type)
    return IssueTypeOpen(f"Issue {other} is open; change that one, or resolve it first.") if other else None


def _only_withdrawal(allowed: list[str]) -> OnlyWithdrawal:
    how = "You may send only a note, or status resolved and cause withdrawn for an issue that you reported"
    return OnlyWithdrawal(f"{how}; ask a planner for other changes.", allowed=allowed)


Guard = Callable[[Stage, Issue, Actor], TakipError | None]

GUARDS: Mapping[str, Guard] = {
    "own_report": _own_report,
    "only_one_of_its_type": _only_one_of_its_type,
}
