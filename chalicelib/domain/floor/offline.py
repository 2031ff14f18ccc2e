"""Late commands: a pause or report that a phone sends late, about a session that the server has closed meanwhile.

A late pause shortens that session and a late report adds quantities to it. Both do so by a correction, whatever the
status of the stage.
"""

from collections.abc import Sequence
from dataclasses import replace

from chalicelib.domain.errors import refuse
from chalicelib.domain.floor.corrections import chained, last_of, put_in_place
from chalicelib.domain.floor.sessions import within_allowed, worker_of
from chalicelib.domain.floor.stages import Pause, Report
from chalicelib.domain.orders.changes import Change
from chalicelib.domain.orders.command_checks import misdated, nothing_made, unlisted
from chalicelib.domain.orders.commands import Command
from chalicelib.domain.orders.session_records import Session
from chalicelib.domain.orders.work_orders import Order
from chalicelib.domain.people.users import Actor
from chalicelib.domain.tenants import OTHER, TenantSettings


def may_be_late(order: Order, actor: Actor, command: Command[Pause] | Command[Report]) -> bool:
    """Whether a pause or report may be about a session that the server closed. Raises OtherWorker, StageNotFound."""
    stage, worker_id = order.stage_seen_by(actor, command.target), worker_of(actor, command.payload.worker_id)
    if command.at is None or worker_id not in stage.interrupted_ids:
        return False
    own = stage.session_of(worker_id)
    return own is None or command.at < own.started_at


def closed_later(
    actor: Actor, command: Command[Pause] | Command[Report], recorded: Sequence[Session]
) -> Session | None:
    """The worker's session that contains the command's time and that the server closed; its last correction.

    None if there is no such session or it is voided.
    """
    worker_id, at = worker_of(actor, command.payload.worker_id), command.happened_at
    by_server = (session for session in recorded if session.worker_id == worker_id and session.cause is not None)
    meant = (last_of(session, recorded) for session in by_server if session.started_at <= at <= session.ended_at)
    return next((session for session in meant if not session.voided), None)


def pause(
    order: Order,
    actor: Actor,
    command: Command[Pause],
    settings: TenantSettings,
    closed: Session,
    recorded: Sequence[Session],
) -> Change:
    """Shorten a session that the server closed to the moment at which its worker paused. It never gets longer.

    Raises InvalidFields.
    """
    wanted = command.payload
    refuse(
        misdated(order, actor, command.received_at, at=command.happened_at)
        + unlisted("pause_reason", wanted.pause_reason, settings.pause_reasons)
    )
    reason, note = wanted.pause_reason or OTHER, wanted.note or closed.note
    ended_at = max(closed.started_at, min(closed.ended_at, command.happened_at))
    trimmed = replace(chained(closed, command, actor), ended_at=ended_at, pause_reason=reason, note=note)
    return put_in_place(order, order.stage(command.target), closed, replace(trimmed, cause=None), recorded)


def report(
    order: Order,
    actor: Actor,
    command: Command[Report],
    settings: TenantSettings,
    closed: Session,
    recorded: Sequence[Session],
) -> Change:
    """Add reported quantities to a session that the server closed.

    Raises OverAllowedQuantity, UpstreamShort, InvalidFields.
    """
    wanted, stage = command.payload, order.stage(command.target)
    refuse(
        misdated(order, actor, command.received_at, at=command.happened_at)
        + unlisted("scrap_reason", wanted.scrap_reason, settings.scrap_reasons)
        + nothing_made(wanted.made)
    )
    made, note = closed.made + wanted.made, wanted.note or closed.note
    more = replace(chained(closed, command, actor), made=made, note=note)
    change = put_in_place(order, stage, closed, more, recorded)
    within_allowed(stage, change.order.stage(stage.id), order, actor, wanted.reason, settings)
    return change
