"""Sessions: how work is opened, closed and counted on a stage. A stage's totals are the sum over its sessions."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from functools import reduce

from chalicelib.domain import instants
from chalicelib.domain.errors import Conflict, Forbidden
from chalicelib.domain.orders.command_checks import LONGEST_SESSION
from chalicelib.domain.orders.commands import Command
from chalicelib.domain.orders.session_records import Cause, OpenSession, Quantities, Session, SessionKind, SessionReport
from chalicelib.domain.orders.statuses import StageStatus
from chalicelib.domain.orders.work_orders import Order, Stage
from chalicelib.domain.people.users import Actor
from chalicelib.domain.tenants import OTHER, TenantSettings

MAX_OPEN_SESSIONS = 40


class SessionAlreadyOpen(Conflict):
    """This worker already has an open session on this stage."""

    code = "ERR_SESSION_ALREADY_OPEN"
    title = "This worker already has an open session on this stage"


class NoOpenSession(Conflict):
    """This worker has no session open on this stage."""

    code = "ERR_SESSION_NONE_OPEN"
    title = "This worker has no open session on this stage"


class TooManyOpenSessions(Conflict):
    """The order already has the highest number of open sessions, which one transaction can close."""

    code = "ERR_SESSION_TOO_MANY_OPEN"
    title = "This order has too many open sessions"


class OverAllowedQuantity(Conflict):
    """More good pieces were reported than the order allows, without a reason from a planner."""

    code = "ERR_STAGE_OVER_QUANTITY"
    title = "More good pieces than the order allows"


class OtherWorker(Forbidden):
    """A worker sent the worker_id of another person."""

    code = "ERR_STAGE_OTHER_WORKER"
    title = "Only a planner or an admin may act for another worker"


@dataclass(frozen=True)
class Closing:
    """How a session comes to its end: when, by whom, why, and with what in hand."""

    at: datetime
    received_at: datetime
    booked_by: str
    pause_reason: str | None = None
    note: str | None = None
    cause: Cause | None = None


def by_server(actor: Actor, command: Command[object], cause: Cause, note: str) -> Closing:
    """How the server closes what is open: at its own time, whatever a device says."""
    return Closing(command.received_at, command.received_at, actor.user_id, note=note, cause=cause)


def opened(order: Order, stage: Stage, session: OpenSession) -> Stage:
    """Open a session on a stage. Raises SessionAlreadyOpen, TooManyOpenSessions."""
    present = stage.session_of(session.worker_id)
    if present is not None:
        raise SessionAlreadyOpen(
            f"The session is open since {instants.wire(present.started_at)}; pause it first.",
            since=present.started_at,
        )
    if sum(len(each.open_sessions) for each in order.stages) >= MAX_OPEN_SESSIONS:
        raise TooManyOpenSessions(
            f"An order has at most {MAX_OPEN_SESSIONS} open sessions; pause or finish some first."
        )
    return replace(
        stage,
        status=StageStatus.IN_PROGRESS,
        started_at=earliest(stage.started_at, session.started_at),
        open_sessions=(*stage.open_sessions, session),
    )


def worker_of(actor: Actor, named: str | None) -> str:
    """Whose work a command speaks of. Raises OtherWorker where a worker names somebody else."""
    if named not in (None, actor.user_id) and not actor.plans:
        raise OtherWorker("Leave worker_id out, or ask a planner.")
    return named or actor.user_id


def own_session(stage: Stage, worker_id: str) -> OpenSession:
    """Find the session a worker has open. Raises NoOpenSession."""
    session = stage.session_of(worker_id)
    if session is None:
        raise NoOpenSession("Start the stage for this worker first.", since=stage.idle_since)
    return session


def closed(stage: Stage, sessions: Sequence[OpenSession], closing: Closing) -> tuple[Stage, tuple[Session, ...]]:
    """Close these sessions of a stage, none before its start; the stage is paused when the last one closes."""
    ended = tuple(
        Session(
            id=session.id,
            stage_id=stage.id,
            worker_id=session.worker_id,
            kind=session.kind,
            started_at=session.started_at,
            # What the server closes may have been forgotten for years.
            ended_at=min(max(closing.at, session.started_at), session.started_at + LONGEST_SESSION),
            received_at=closing.received_at,
            booked_by=closing.booked_by,
            machine_id=session.machine_id,
            pause_reason=closing.pause_reason,
            note=closing.note,
            cause=closing.cause,
        )
        for session in sessions
    )
    remaining = tuple(session for session in stage.open_sessions if session not in sessions)
    by_server = [session.worker_id for session in sessions if closing.cause is not None]
    after = replace(
        stage,
        open_sessions=remaining,
        status=stage.status if remaining else StageStatus.PAUSED,
        interrupted_ids=tuple(dict.fromkeys([*stage.interrupted_ids, *by_server])),
    )
    return reduce(worked, ended, after), ended


def interrupted(order: Order, stages: Sequence[Stage], closing: Closing) -> tuple[Order, tuple[Session, ...]]:
    """Close every session of these stages, because something stands against working on."""
    ended: list[Session] = []
    for stage in stages:
        if stage.open_sessions:
            after, sessions = closed(stage, stage.open_sessions, closing)
            order, ended = order.with_stage(after), [*ended, *sessions]
    return order, tuple(ended)


def momentary(session_id: str, stage: Stage, worker_id: str, closing: Closing) -> Session:
    """A session of zero length, to carry what a worker made who had none open."""
    return Session(
        id=session_id,
        stage_id=stage.id,
        worker_id=worker_id,
        kind=SessionKind.RUN,
        started_at=closing.at,
        ended_at=closing.at,
        received_at=closing.received_at,
        booked_by=closing.booked_by,
        machine_id=stage.machine_id,
    )


def worked(stage: Stage, session: Session) -> Stage:
    """Let a stage know of a session that is over: it began with its earliest, and was last worked on in its latest."""
    return replace(
        stage,
        started_at=earliest(stage.started_at, session.started_at),
        last_session_end=latest(stage.last_session_end, session.ended_at),
    )


def rested(stage: Stage, standing: Sequence[Session]) -> Stage:
    """Let a stage begin and end with the sessions that stand, which are all there are beside the open ones."""
    starts = [*(each.started_at for each in standing), *(each.started_at for each in stage.open_sessions)]
    last = max((each.ended_at for each in standing), default=None)
    ended_at = stage.ended_at if stage.closed_at is None else latest(last, stage.closed_at)
    return replace(stage, started_at=min(starts, default=None), last_session_end=last, ended_at=ended_at)


def ended(stage: Stage, status: StageStatus, at: datetime) -> Stage:
    """End a stage; a device whose clock is ahead may have ended a session a little later."""
    return replace(stage, status=status, closed_at=at, ended_at=latest(stage.last_session_end, at))


def counted(stage: Stage, kind: SessionKind, made: Quantities) -> Stage:
    """Add what was made to the stage's totals. What a rework session makes comes out of the rework."""
    reworked = made if kind is SessionKind.REWORK else Quantities()
    return replace(
        stage,
        good=stage.good + made.good,
        scrap=stage.scrap + made.scrapped,
        rework=stage.rework + made.rework - reworked.good - reworked.scrapped,
        good_from_rework=stage.good_from_rework + reworked.good,
    )


def within_allowed(
    before: Stage, after: Stage, order: Order, actor: Actor, reason: str | None, settings: TenantSettings
) -> None:
    """Refuse more good pieces beyond the order's quantity and its tolerance, unless a planner gives a reason.

    Raises OverAllowedQuantity.
    """
    allowed = order.quantity * (1 + settings.tolerance)
    if after.good > max(before.good, allowed) and not (actor.plans and reason):
        left = max(allowed - before.good, Decimal(0))
        raise OverAllowedQuantity(
            f"At most {left.normalize():f} more good pieces are allowed here ({allowed.normalize():f} in total); "
            "a planner may exceed this with a reason."
        )


def reported(
    session: OpenSession, stage: Stage, actor: Actor, command: Command[object], made: Quantities
) -> SessionReport:
    """Write down what was made in a session that goes on."""
    return SessionReport(
        id=command.id,
        stage_id=stage.id,
        session_id=session.id,
        session_started_at=session.started_at,
        at=command.happened_at,
        made=made,
        booked_by=actor.user_id,
        note=getattr(command.payload, "note", None),
    )


def scrap_by_reason(quantity: Decimal, reason: str | None) -> Mapping[str, Decimal]:
    """Book scrap under its reason; without one it is `other`."""
    return {reason or OTHER: quantity} if quantity else {}


def earliest(known: datetime | None, instant: datetime) -> datetime:
    """The earlier of what is known and an instant."""
    return instant if known is None else min(known, instant)


def latest(known: datetime | None, instant: datetime) -> datetime:
    """The later of what is known and an instant."""
    return instant if known is None else max(known, instant)
