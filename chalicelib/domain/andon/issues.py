"""Issues: reporting and answering issues of a stage, each a pure function from an order to a change."""

from dataclasses import replace

from chalicelib.domain.andon.answering import answer, listed, note, noted
from chalicelib.domain.andon.escalating import timed
from chalicelib.domain.errors import refuse
from chalicelib.domain.floor import sessions
from chalicelib.domain.orders.changes import Change, What, happened_to_issue, happened_to_stage, happenings
from chalicelib.domain.orders.command_checks import misdated
from chalicelib.domain.orders.commands import Command
from chalicelib.domain.orders.interruptions import lengthened
from chalicelib.domain.orders.issues import ChangeIssue, Issue, NewIssue, issue_id
from chalicelib.domain.orders.session_records import Cause, Session
from chalicelib.domain.orders.timers import of_issue
from chalicelib.domain.orders.work_orders import Order
from chalicelib.domain.people.users import Actor
from chalicelib.domain.tenant_settings import TenantSettings


def report(
    order: Order, actor: Actor, command: Command[NewIssue], settings: TenantSettings, joined: Issue | None = None
) -> Change:
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
        return _reported(order, timed(after, settings), actor, command, joined)
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
    return _reported(order, timed(issue, settings), actor, command)


def change(order: Order, actor: Actor, command: Command[ChangeIssue], issue: Issue, settings: TenantSettings) -> Change:
    """Change an issue: acknowledge, resolve or reopen it, set its assignee, priority, cause or action, or block.

    Resolving an issue, or making it not blocking, does not resume the sessions it closed. A worker may only add a note,
    and withdraw an open issue of their own.

    Raises IllegalIssueTransition, IssueTypeOpen, OnlyWithdrawal, InvalidFields.
    """
    refuse(misdated(order, actor, command.received_at, at=command.happened_at))
    answered = answer(order.stage(issue.place_id), actor, command, issue, settings)
    now, ended = _updated(order, answered.issue, actor, command)
    own = happened_to_issue(answered.what, issue, answered.issue)
    return Change(
        now,
        answered.issue,
        ended,
        issues=(answered.issue,),
        notes=answered.notes,
        timers=of_issue(actor.tenant, issue, answered.issue),
        happened=happenings(order, now, ended, own),
    )


def _reported(
    order: Order, issue: Issue, actor: Actor, command: Command[NewIssue], joined: Issue | None = None
) -> Change:
    """The change that records a new issue, or the issue that the report joined."""
    after, ended = _updated(order, issue, actor, command)
    of_the_stage = happened_to_stage(What.ISSUE_REPORTED, order, after, issue.place_id)
    of_the_issue = happened_to_issue(What.EDITED if joined else What.REPORTED, joined, issue)
    happened = happenings(order, after, ended, of_the_stage, of_the_issue)
    notes = (note(issue, command.payload.description, actor, command),) if joined else ()
    return Change(
        after,
        issue,
        ended,
        issues=(issue,),
        notes=notes,
        timers=of_issue(actor.tenant, joined, issue),
        happened=happened,
        created=joined is None,
    )


def _updated(order: Order, issue: Issue, actor: Actor, command: Command[object]) -> tuple[Order, tuple[Session, ...]]:
    """Update the issue in its stage's list of open issues. If the stage is blocked, close its open sessions.

    The stage keeps for how long an issue blocked it that blocks it no more.
    """
    stage = order.stage(issue.place_id)
    now = listed(stage.open_issues, issue, command.received_at)
    blocking = {each.issue_id for each in now if each.blocks_since}
    over = [
        (each.blocks_since, command.received_at)
        for each in stage.open_issues
        if each.blocks_since and each.issue_id not in blocking
    ]
    stage = replace(stage, open_issues=now, blocks=lengthened(stage.blocks, over))
    closing = sessions.by_server(actor, command, Cause.ISSUE, issue.description)
    return sessions.interrupted(order.with_stage(stage), [stage] if stage.blockers else [], closing)
