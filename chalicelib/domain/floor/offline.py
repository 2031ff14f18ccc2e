"""Late commands: a pause or report that a phone sends late, about a session that the server has closed meanwhile.

A late pause shortens that session and a late report adds quantities to it. Both do so by a correction, whatever the
status of the stage. The worker may have lost the stage to somebody else meanwhile. Then only these two commands are
open to them, and only their own work is shown to them.
"""

from collections.abc import Sequence
from dataclasses import replace
from functools import reduce

from chalicelib.domain.errors import refuse, unlisted
from chalicelib.domain.floor.corrections import chained, last_of, put_in_place
from chalicelib.domain.floor.sessions import counted, retimed, within_allowed, worker_of
from chalicelib.domain.floor.stages import Pause, Report
from chalicelib.domain.orders.changes import Change
from chalicelib.domain.orders.command_checks import misdated, nothing_made
from chalicelib.domain.orders.commands import Command
from chalicelib.domain.orders.session_records import Session, standing
from chalicelib.domain.orders.statuses import StageStatus
from chalicelib.domain.orders.work_orders import Order, Stage
from chalicelib.domain.people.users import Actor
from chalicelib.domain.tenant_settings import OTHER, TenantSettings


def may_be_late(order: Order, actor: Actor, command: Command[Pause] | Command[Report]) -> bool:
    """Whether a pause or report may be about a session that the server closed. Raises OtherWorker, StageNotFound.

    A worker who may not see the stage may name only their own session.
    """
    stage, named = order.stage(command.target), command.payload.worker_id
    if not stage.open_to(actor) and named not in (None, actor.user_id):
        return False
    worker_id = worker_of(actor, named)
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
    stage = order.stage(command.target)
    change = put_in_place(order, stage, closed, replace(trimmed, cause=None), recorded)
    return _as_it_concerns(actor, change, stage, recorded)


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
    return _as_it_concerns(actor, change, stage, recorded)


def _as_it_concerns(actor: Actor, change: Change, stage: Stage, recorded: Sequence[Session]) -> Change:
    """Show the stage as it is to whoever may know of it, and only their own work to a worker who may not."""
    if stage.open_to(actor):
        return change
    own = [each for each in standing([*recorded, *change.sessions]) if each.worker_id == actor.user_id]
    return replace(change, result=_own_part(stage, own))


def _own_part(stage: Stage, own: Sequence[Session]) -> Stage:
    """A stage as one worker left it: its name and plan, and the times and quantities of their own sessions.

    It is paused, because none of these sessions is open. Of what others do there it tells nothing.
    """
    untouched = Stage(
        id=stage.id,
        position=stage.position,
        name=stage.name,
        planned_start=stage.planned_start,
        planned_end=stage.planned_end,
        baseline_start=stage.baseline_start,
        baseline_end=stage.baseline_end,
        status=StageStatus.PAUSED,
        standard_seconds_per_unit=stage.standard_seconds_per_unit,
        machine_id=own[-1].machine_id,
    )
    return retimed(reduce(lambda part, each: counted(part, each.kind, each.made), own, untouched), own)
