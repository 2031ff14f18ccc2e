"""Stages: the commands of workers and planners on a stage, each a pure function from an order to a change."""

from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal

from chalicelib.domain.errors import refuse, unlisted
from chalicelib.domain.floor import sessions
from chalicelib.domain.orders.changes import Change, What, changed_stage
from chalicelib.domain.orders.command_checks import endless, misdated, misplaced, nothing_made, premature
from chalicelib.domain.orders.commands import Command
from chalicelib.domain.orders.session_records import OpenSession, Quantities, Session, SessionKind
from chalicelib.domain.orders.statuses import StageStatus
from chalicelib.domain.orders.timers import at_count
from chalicelib.domain.orders.transitions import legal, refuse_while_stopped
from chalicelib.domain.orders.work_orders import Order
from chalicelib.domain.people.users import Actor
from chalicelib.domain.tenant_settings import OTHER, CountedPieces, TenantSettings


@dataclass(frozen=True)
class Start:
    """Open a session."""

    worker_id: str | None = None
    machine_id: str | None = None
    kind: SessionKind = SessionKind.RUN


@dataclass(frozen=True)
class Pause:
    """Close a session."""

    worker_id: str | None = None
    pause_reason: str | None = None
    note: str | None = None


@dataclass(frozen=True)
class Report:
    """Quantities that were made, as increments, never as totals. Finishing a stage uses the same payload."""

    worker_id: str | None = None
    good: Decimal = Decimal(0)
    scrap: Decimal = Decimal(0)
    scrap_reason: str | None = None
    rework: Decimal = Decimal(0)
    note: str | None = None
    reason: str | None = None

    @property
    def made(self) -> Quantities:
        """The reported quantities."""
        return Quantities(self.good, dict(sessions.scrap_by_reason(self.scrap, self.scrap_reason)) or None, self.rework)


@dataclass(frozen=True, kw_only=True)
class Book(Report):
    """Record a session that is over."""

    started_at: datetime
    ended_at: datetime
    machine_id: str | None = None
    kind: SessionKind = SessionKind.RUN


def start(order: Order, actor: Actor, command: Command[Start], _: TenantSettings) -> Change:
    """Open a session of a worker. This also resumes a paused stage.

    Raises IllegalTransition, SessionAlreadyOpen, TooManyOpenSessions, InvalidFields, StageNotFound.
    """
    stage = legal(order, actor, command, "start", needs_assignment=True)
    refuse(misdated(order, actor, command.received_at, at=command.happened_at))
    session = OpenSession(
        id=command.id,
        worker_id=sessions.worker_of(actor, command.payload.worker_id),
        started_at=command.happened_at,
        kind=command.payload.kind,
        machine_id=command.payload.machine_id or stage.machine_id,
    )
    return changed_stage(order, sessions.opened(order, stage, session), What.STARTED)


def pause(order: Order, actor: Actor, command: Command[Pause], settings: TenantSettings) -> Change:
    """Close a worker's session. Raises IllegalTransition, NoOpenSession, InvalidFields, StageNotFound."""
    stage = legal(order, actor, command, "pause")
    wanted = command.payload
    session = sessions.own_session(stage, sessions.worker_of(actor, wanted.worker_id))
    refuse(
        misdated(order, actor, command.received_at, at=command.happened_at)
        + premature(command.at, [session])
        + endless(command.happened_at, [session])
        + unlisted("pause_reason", wanted.pause_reason, settings.pause_reasons)
    )
    after, ended = sessions.closed(
        stage, [session], _closing(actor, command, wanted.note, wanted.pause_reason or OTHER)
    )
    return changed_stage(order, after, What.PAUSED, ended)


def report(order: Order, actor: Actor, command: Command[Report], settings: TenantSettings) -> Change:
    """Record quantities in a worker's open session.

    Raises IllegalTransition, NoOpenSession, OverAllowedQuantity, InvalidFields, StageNotFound.
    """
    stage = legal(order, actor, command, "report")
    wanted = command.payload
    session = sessions.own_session(stage, sessions.worker_of(actor, wanted.worker_id))
    refuse(
        misdated(order, actor, command.received_at, at=command.happened_at)
        + premature(command.at, [session])
        + unlisted("scrap_reason", wanted.scrap_reason, settings.scrap_reasons)
        + nothing_made(wanted.made)
    )
    after = sessions.counted(stage, session.kind, wanted.made)
    sessions.within_allowed(stage, after, order, actor, wanted.reason, settings)
    written = sessions.reported(session, stage, actor, command, wanted.made)
    return replace(changed_stage(order, after, What.REPORTED), reports=(written,))


def done(order: Order, actor: Actor, command: Command[Report], settings: TenantSettings) -> Change:
    """Finish a stage: close all its sessions and add the last quantities to the worker's session.

    Without good pieces the count of machines is waited for, if the plant wants it booked.

    Raises IllegalTransition, OverAllowedQuantity, InvalidFields, StageNotFound.
    """
    stage = legal(order, actor, command, "done", needs_assignment=True)
    wanted, made = command.payload, command.payload.made
    worker_id = sessions.worker_of(actor, wanted.worker_id)
    refuse(
        misdated(order, actor, command.received_at, at=command.happened_at)
        + premature(command.at, stage.open_sessions)
        + endless(command.happened_at, stage.open_sessions)
        + unlisted("scrap_reason", wanted.scrap_reason, settings.scrap_reasons)
    )
    closing = _closing(actor, command, None)
    own = stage.session_of(worker_id)
    counted = sessions.counted(stage, own.kind if own else SessionKind.RUN, made)
    sessions.within_allowed(stage, counted, order, actor, wanted.reason, settings)
    after, ended = sessions.closed(counted, stage.open_sessions, closing)
    ended = tuple(_with(closed, wanted) if closed.worker_id == worker_id else closed for closed in ended)
    if own is None and not made.nothing:
        session = _with(sessions.momentary(command.id, stage, worker_id, closing), wanted)
        after, ended = sessions.widened(after, session), (*ended, session)
    change = changed_stage(order, sessions.ended(after, StageStatus.DONE, closing.at), What.DONE, ended)
    if settings.counted_pieces is CountedPieces.BOOKED and not made.good:
        return replace(change, timers=(at_count(actor.tenant, stage.id, command.received_at, settings),))
    return change


def book(order: Order, actor: Actor, command: Command[Book], settings: TenantSettings) -> Change:
    """Record a session that is over. A planned stage is paused afterwards.

    Raises IllegalTransition, OrderIsHeld, OverAllowedQuantity, InvalidFields, StageNotFound.
    """
    stage = legal(order, actor, command, "book", needs_assignment=True)
    wanted = command.payload
    worker_id = sessions.worker_of(actor, wanted.worker_id)
    refuse(
        misdated(order, actor, command.received_at, started_at=wanted.started_at, ended_at=wanted.ended_at)
        + misplaced(stage, wanted.started_at, wanted.ended_at)
        + unlisted("scrap_reason", wanted.scrap_reason, settings.scrap_reasons)
    )
    refuse_while_stopped(order, stage, actor, wanted.ended_at)
    counted = sessions.counted(stage, wanted.kind, wanted.made)
    sessions.within_allowed(stage, counted, order, actor, wanted.reason, settings)
    session = Session(
        id=command.id,
        stage_id=stage.id,
        worker_id=worker_id,
        kind=wanted.kind,
        started_at=wanted.started_at,
        ended_at=wanted.ended_at,
        received_at=command.received_at,
        booked_by=actor.user_id,
        made=wanted.made,
        machine_id=wanted.machine_id or stage.machine_id,
        note=wanted.note,
    )
    after = sessions.widened(counted, session)
    after = replace(after, status=StageStatus.PAUSED if stage.status is StageStatus.PLANNED else stage.status)
    return replace(changed_stage(order, after, What.BOOKED, (session,)), result=session, created=True)


def _with(session: Session, wanted: Report) -> Session:
    """The session with the quantities and the note of the command that closed it."""
    return replace(session, made=wanted.made, note=wanted.note)


def _closing(
    actor: Actor, command: Command[object], note: str | None, pause_reason: str | None = None
) -> sessions.Closing:
    """The closing of the sessions that this command closes."""
    return sessions.Closing(command.happened_at, command.received_at, actor.user_id, pause_reason, note)
