"""Shifts: the end of a shift closes its open sessions and leaves those of the next shift open."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from chalicelib.domain.errors import FieldError, refuse, unlisted
from chalicelib.domain.floor import sessions
from chalicelib.domain.floor.sessions import Closing
from chalicelib.domain.orders.changes import Change, What, changed_order
from chalicelib.domain.orders.command_checks import ahead, endless
from chalicelib.domain.orders.commands import Command
from chalicelib.domain.orders.session_records import Cause, OpenSession, Session
from chalicelib.domain.orders.work_orders import Order, Stage
from chalicelib.domain.people.users import Actor
from chalicelib.domain.tenant_settings import TenantSettings


class ShiftOutcome(StrEnum):
    """The result of a shift's end on one stage."""

    CLOSED = "closed"
    NOTHING_OPEN = "nothing_open"
    REJECTED = "rejected"


@dataclass(frozen=True)
class CloseSessions:
    """Close the open sessions of these stages or, with `machine_id`, those of that machine on any stage."""

    pause_reason: str
    stage_ids: tuple[str, ...] = ()
    machine_id: str | None = None


def ending(stage: Stage, command: Command[CloseSessions]) -> list[OpenSession]:
    """The open sessions of a stage that the shift's end closes. They began no later than the shift's end."""
    wanted = command.payload
    return [
        session
        for session in stage.open_sessions
        if session.started_at <= command.happened_at
        and (stage.id in wanted.stage_ids if wanted.machine_id is None else session.machine_id == wanted.machine_id)
    ]


def close_sessions(order: Order, actor: Actor, command: Command[CloseSessions], settings: TenantSettings) -> Change:
    """Close the sessions of an order that are open at the end of a shift; there may be none. Raises InvalidFields."""
    still_open = [(stage, open_sessions) for stage in order.stages if (open_sessions := ending(stage, command))]
    endings = [session for _, open_sessions in still_open for session in open_sessions]
    refuse(mistakes(command, settings) + endless(command.happened_at, endings))
    reason = command.payload.pause_reason
    closing = Closing(command.happened_at, command.received_at, actor.user_id, reason, cause=Cause.SHIFT_END)
    after, ended = order, list[Session]()
    for stage, open_sessions in still_open:
        paused, closed = sessions.closed(stage, open_sessions, closing)
        after, ended = after.with_stage(paused), [*ended, *closed]
    return changed_order(order, after, What.SHIFT_ENDED, ended) if ended else Change(order, result=order)


def mistakes(command: Command[CloseSessions], settings: TenantSettings) -> list[FieldError]:
    """The field errors of the command that do not depend on an order."""
    return ahead(command.received_at, at=command.happened_at) + unlisted(
        "pause_reason", command.payload.pause_reason, settings.pause_reasons
    )


def outcomes(change: Change, stage_ids: Sequence[str]) -> Mapping[str, ShiftOutcome]:
    """The outcome of each stage of the order that was closed or that is in `stage_ids`, by stage id."""
    closed = {session.stage_id for session in change.sessions}
    return {
        stage.id: ShiftOutcome.CLOSED if stage.id in closed else ShiftOutcome.NOTHING_OPEN
        for stage in change.order.stages
        if stage.id in closed or stage.id in stage_ids
    }
