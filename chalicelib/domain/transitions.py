"""The state machine of a stage, as one table that drives every command and every list of what is allowed."""

from dataclasses import dataclass

from chalicelib.domain import instants
from chalicelib.domain.commands import Command
from chalicelib.domain.errors import Conflict
from chalicelib.domain.users import EVERYONE, PLANNING, Actor, Role
from chalicelib.domain.work_orders import Order, Stage, StageStatus

PLANNED, IN_PROGRESS, PAUSED, DONE = StageStatus


@dataclass(frozen=True)
class Transition:
    """One row of the state machine: from a status, a command of these roles leads to another."""

    source: StageStatus
    command: str
    target: StageStatus
    roles: frozenset[Role] = EVERYONE


# Pausing one of several open sessions leaves the stage in progress: in progress exactly while a session is open.
TRANSITIONS = (
    Transition(PLANNED, "start", IN_PROGRESS),
    Transition(IN_PROGRESS, "start", IN_PROGRESS),
    Transition(PAUSED, "start", IN_PROGRESS),
    Transition(IN_PROGRESS, "pause", PAUSED),
    Transition(IN_PROGRESS, "report", IN_PROGRESS),
    Transition(IN_PROGRESS, "done", DONE),
    Transition(PAUSED, "done", DONE),
    Transition(PLANNED, "book", PAUSED),
    Transition(IN_PROGRESS, "book", IN_PROGRESS),
    Transition(PAUSED, "book", PAUSED),
    Transition(DONE, "book", DONE, PLANNING),
    Transition(PLANNED, "assign", PLANNED, PLANNING),
    Transition(IN_PROGRESS, "assign", IN_PROGRESS, PLANNING),
    Transition(PAUSED, "assign", PAUSED, PLANNING),
)


class IllegalTransition(Conflict):
    """The stage's status does not let this command happen."""

    code = "ERR_STAGE_ILLEGAL_TRANSITION"
    title = "The stage's status does not allow this"


class NotAssigned(Conflict):
    """The worker is at work here, but no longer assigned: they may only bring their session to an end."""

    code = "ERR_STAGE_NOT_ASSIGNED"
    title = "You are no longer assigned to this stage"


def allowed(stage: Stage, actor: Actor) -> list[str]:
    """Name the commands that the actor could give now, in the table's order."""
    names = dict.fromkeys(t.command for t in TRANSITIONS if t.source is stage.status and actor.role in t.roles)
    own = stage.session_of(actor.user_id) is not None
    assigned = actor.plans or actor.user_id in stage.assignee_ids
    pointless = {
        "start": not actor.plans and (own or not assigned),
        "pause": not (own or actor.plans),
        "report": not (own or actor.plans),
        "done": not assigned,
        "book": not assigned,
    }
    return [name for name in names if not pointless.get(name, False)]


def legal(order: Order, actor: Actor, command: Command[object], name: str, *, needs_assignment: bool = False) -> Stage:
    """Find the stage and check the table. Raises StageNotFound, IllegalTransition, NotAssigned."""
    stage = order.stage_seen_by(actor, command.target)
    if not any(t.source is stage.status and t.command == name and actor.role in t.roles for t in TRANSITIONS):
        since = stage.ended_at or stage.idle_since or stage.started_at or order.created_at
        raise IllegalTransition(
            f"Stage {stage.id} is {stage.status} since {instants.wire(since)}; {name} is not possible.",
            allowed=allowed(stage, actor),
            since=since,
        )
    if needs_assignment and not actor.plans and actor.user_id not in stage.assignee_ids:
        message = "You are no longer assigned to this stage; you may pause or report your open session."
        raise NotAssigned(message, allowed=allowed(stage, actor))
    return stage
