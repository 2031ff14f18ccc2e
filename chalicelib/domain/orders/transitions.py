"""The state machine of a stage: one table for all commands and all lists of allowed commands."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime

from chalicelib.domain import instants
from chalicelib.domain.errors import Conflict, refuse
from chalicelib.domain.orders.changes import shortage
from chalicelib.domain.orders.commands import Command
from chalicelib.domain.orders.flows import waits_for
from chalicelib.domain.orders.state_machines import Transition, obstacle, rows_for, without_reason
from chalicelib.domain.orders.statuses import StageStatus
from chalicelib.domain.orders.work_orders import Order, Stage
from chalicelib.domain.people.users import PLANNING, Actor
from chalicelib.domain.sentences import say

PLANNED, IN_PROGRESS, PAUSED, DONE, SKIPPED, CANCELLED = StageStatus

FREE_TO_WORK = ("not_held", "not_blocked", "ready")
FREE_TO_REOPEN = ("not_cancelled", "flow_holds")
FREE_TO_FINISH = ("not_held", "not_blocked")

# A stage is in progress exactly while a session is open: it stays so if one of several sessions is paused.
# Statuses that follow from commands on the order or on issues are in `state_machines.OF_STAGES`.
TRANSITIONS = (
    Transition(PLANNED, "start", IN_PROGRESS, guards=FREE_TO_WORK),
    Transition(IN_PROGRESS, "start", IN_PROGRESS, guards=FREE_TO_WORK),
    Transition(PAUSED, "start", IN_PROGRESS, guards=FREE_TO_WORK),
    Transition(IN_PROGRESS, "pause", PAUSED),
    Transition(IN_PROGRESS, "report", IN_PROGRESS),
    Transition(IN_PROGRESS, "done", DONE, guards=FREE_TO_FINISH),
    Transition(PAUSED, "done", DONE, guards=FREE_TO_FINISH),
    Transition(PLANNED, "book", PAUSED),
    Transition(IN_PROGRESS, "book", IN_PROGRESS),
    Transition(PAUSED, "book", PAUSED),
    Transition(DONE, "book", DONE, PLANNING),
    Transition(CANCELLED, "book", CANCELLED, PLANNING),
    Transition(PLANNED, "assign", PLANNED, PLANNING),
    Transition(IN_PROGRESS, "assign", IN_PROGRESS, PLANNING),
    Transition(PAUSED, "assign", PAUSED, PLANNING),
    Transition(PLANNED, "replan", PLANNED, PLANNING, needs_reason=True),
    Transition(IN_PROGRESS, "replan", IN_PROGRESS, PLANNING, needs_reason=True),
    Transition(PAUSED, "replan", PAUSED, PLANNING, needs_reason=True),
    Transition(PLANNED, "skip", SKIPPED, PLANNING, needs_reason=True),
    Transition(PAUSED, "skip", SKIPPED, PLANNING, needs_reason=True),
    Transition(DONE, "reopen", PAUSED, PLANNING, guards=FREE_TO_REOPEN, needs_reason=True),
    Transition(SKIPPED, "reopen", PAUSED, PLANNING, guards=FREE_TO_REOPEN, needs_reason=True, where="worked_on"),
    Transition(SKIPPED, "reopen", PLANNED, PLANNING, guards=FREE_TO_REOPEN, needs_reason=True, where="untouched"),
)


class IllegalTransition(Conflict):
    """The stage's status does not allow this command."""

    code = "ERR_STAGE_ILLEGAL_TRANSITION"
    title = "The stage's status does not allow this"


class NotAssigned(Conflict):
    """The worker has an open session but is no longer assigned; they may only report and pause."""

    code = "ERR_STAGE_NOT_ASSIGNED"
    title = "You are no longer assigned to this stage"


class OrderIsHeld(Conflict):
    """The order is held. Its stages cannot be started or finished until it is released."""

    code = "ERR_ORDER_HELD"
    title = "The work order is held"


class StageBlocked(Conflict):
    """An open issue blocks the stage. It cannot be started or finished until no open issue blocks it."""

    code = "ERR_STAGE_BLOCKED"
    title = "An issue blocks the stage"


class StageNotReady(Conflict):
    """The stage before must be done (sequential flow) or have good pieces (streaming flow) first."""

    code = "ERR_STAGE_NOT_READY"
    title = "The stage before must come first"


class OrderIsCancelled(Conflict):
    """The order is cancelled. No work is possible on its stages."""

    code = "ERR_ORDER_CANCELLED"
    title = "The work order is cancelled"


def _not_held(order: Order, _: Stage) -> Conflict | None:
    if order.held is None:
        return None
    since = order.held.since
    told = say("Held since {since}: {reason}", since=instants.wire(since), reason=order.held.reason)
    return OrderIsHeld(told, since=since)


def _not_blocked(_: Order, stage: Stage) -> Conflict | None:
    since = stage.blocked_since
    if since is None:
        return None
    issues = [f"{issue.issue_id} ({issue.type})" for issue in stage.blockers]
    return StageBlocked(
        say("Blocked since {since} by {issues}.", since=instants.wire(since), issues=issues), since=since
    )


def _ready(order: Order, stage: Stage) -> Conflict | None:
    before = waits_for(order.flow, order.progress, stage.position)
    if not before:
        return None
    return StageNotReady(
        say("The flow is {flow}; stage {position} must come first.", flow=order.flow.value, position=before)
    )


def _not_cancelled(order: Order, _: Stage) -> Conflict | None:
    return OrderIsCancelled(say("Open a new work order instead."), since=order.ended_at) if order.is_cancelled else None


def _flow_holds(order: Order, stage: Stage) -> Conflict | None:
    return shortage(order.with_stage(replace(stage, status=PAUSED)))


Guard = Callable[[Order, Stage], Conflict | None]

GUARDS: Mapping[str, Guard] = {
    "not_held": _not_held,
    "not_blocked": _not_blocked,
    "ready": _ready,
    "not_cancelled": _not_cancelled,
    "flow_holds": _flow_holds,
}


def allowed(order: Order, stage: Stage, actor: Actor) -> list[str]:
    """The commands that the actor may give on the stage now, in the order of the table."""
    own = stage.session_of(actor.user_id) is not None
    assigned = actor.plans or actor.user_id in stage.assignee_ids
    pointless = {
        "start": not actor.plans and (own or not assigned),
        "pause": not (own or actor.plans),
        "report": not (own or actor.plans),
        "done": not assigned,
        "book": not assigned,
    }
    rows = _rows(stage, actor).values()
    return [row.command for row in rows if not pointless.get(row.command) and not obstacle(row, GUARDS, order, stage)]


def legal(order: Order, actor: Actor, command: Command[object], name: str, *, needs_assignment: bool = False) -> Stage:
    """The command's stage, if the table, its guards and the required reason allow the command.

    Raises StageNotFound, IllegalTransition, NotAssigned, InvalidFields, and what the guards raise.
    """
    stage = order.stage_seen_by(actor, command.target)
    row = _rows(stage, actor).get(name)
    if row is None:
        since = stage.ended_at or stage.idle_since or stage.started_at or order.created_at
        raise IllegalTransition(
            say(
                "Stage {stage_id} is {stage_status} since {since}; {command} is not possible.",
                stage_id=stage.id,
                stage_status=stage.status.value,
                since=instants.wire(since),
                command=name,
            ),
            allowed=allowed(order, stage, actor),
            since=since,
        )
    if needs_assignment and not actor.plans and actor.user_id not in stage.assignee_ids:
        message = say("You are no longer assigned to this stage; you may pause or report your open session.")
        raise NotAssigned(message, allowed=allowed(order, stage, actor))
    refuse(without_reason(row, command))
    refusal = obstacle(row, GUARDS, order, stage)
    if refusal is not None:
        refusal.allowed = tuple(allowed(order, stage, actor))
        raise refusal
    return stage


def refuse_while_stopped(order: Order, stage: Stage, actor: Actor, until: datetime) -> None:
    """Refuse work that lasted beyond the moment at which the order was held or the stage was blocked.

    Raises OrderIsHeld, StageBlocked.
    """
    stops = (GUARDS[name](order, stage) for name in FREE_TO_FINISH)
    stop = next((error for error in stops if error and error.since and until > error.since), None)
    if stop is not None:
        known = stop.detail if stage.open_to(actor) else say("The work was stopped.")
        message = say("{obstacle} Only work that ended before that can be booked.", obstacle=known)
        raise type(stop)(message, allowed=allowed(order, stage, actor), since=stop.since)


def target_of(stage: Stage, actor: Actor, name: str) -> StageStatus:
    """The status to which a legal command leads."""
    return _rows(stage, actor)[name].target


def _rows(stage: Stage, actor: Actor) -> dict[str, Transition[StageStatus]]:
    """The rows that apply to the stage and the actor, by command."""
    known = {
        "worked_on": stage.last_session_end is not None,
        "untouched": stage.last_session_end is None,
    }
    return rows_for(TRANSITIONS, stage.status, actor, lambda where: known[where])
