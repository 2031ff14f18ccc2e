"""Sessions: opening and closing work on a stage, and counting it. A stage's totals are the sums over its sessions."""

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
from chalicelib.domain.sentences import say
from chalicelib.domain.tenant_settings import OTHER, TenantSettings

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
    """How a session is closed: when, by whom, for which reason, with which note, and by which cause of the server."""

    at: datetime
    received_at: datetime
    booked_by: str
    pause_reason: str | None = None
    note: str | None = None
    cause: Cause | None = None


def by_server(actor: Actor, command: Command[object], cause: Cause, note: str) -> Closing:
    """The closing of sessions by the server, at the server's time."""
    return Closing(command.received_at, command.received_at, actor.user_id, note=note, cause=cause)


def opened(order: Order, stage: Stage, session: OpenSession) -> Stage:
    """The stage with one more open session. Raises SessionAlreadyOpen, TooManyOpenSessions."""
    present = stage.session_of(session.worker_id)
    if present is not None:
        raise SessionAlreadyOpen(
            say("The session is open since {since}; pause it first.", since=instants.wire(present.started_at)),
            since=present.started_at,
        )
    if sum(len(other.open_sessions) for other in order.stages) >= MAX_OPEN_SESSIONS:
        raise TooManyOpenSessions(
            say("An order has at most {most} open sessions; pause or finish some first.", most=MAX_OPEN_SESSIONS)
        )
    return replace(
        stage,
        status=StageStatus.IN_PROGRESS,
        started_at=earliest(stage.started_at, session.started_at),
        open_sessions=(*stage.open_sessions, session),
    )


def worker_of(actor: Actor, named: str | None) -> str:
    """The worker that a command names, else the actor. Raises OtherWorker if a worker names somebody else."""
    if named not in (None, actor.user_id) and not actor.plans:
        raise OtherWorker(say("Leave worker_id out, or ask a planner."))
    return named or actor.user_id


def own_session(stage: Stage, worker_id: str) -> OpenSession:
    """The open session of a worker on a stage. Raises NoOpenSession."""
    session = stage.session_of(worker_id)
    if session is None:
        raise NoOpenSession(say("Start the stage for this worker first."), since=stage.idle_since)
    return session


def closed(stage: Stage, sessions: Sequence[OpenSession], closing: Closing) -> tuple[Stage, tuple[Session, ...]]:
    """The stage after these sessions are closed, and the closed sessions. None of them ends before its start."""
    ended = tuple(
        Session(
            id=session.id,
            stage_id=stage.id,
            worker_id=session.worker_id,
            kind=session.kind,
            started_at=session.started_at,
            # The server may close a session that was forgotten for years.
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
    return reduce(widened, ended, after), ended


def interrupted(order: Order, stages: Sequence[Stage], closing: Closing) -> tuple[Order, tuple[Session, ...]]:
    """The order with every session of these stages closed, and the closed sessions."""
    ended: list[Session] = []
    for stage in stages:
        if stage.open_sessions:
            after, sessions = closed(stage, stage.open_sessions, closing)
            order, ended = order.with_stage(after), [*ended, *sessions]
    return order, tuple(ended)


def momentary(session_id: str, stage: Stage, worker_id: str, closing: Closing) -> Session:
    """A session of zero length for the quantities of a worker who has no open session."""
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


def widened(stage: Stage, session: Session) -> Stage:
    """The stage with its start and last session end updated by a closed session."""
    return replace(
        stage,
        started_at=earliest(stage.started_at, session.started_at),
        last_session_end=latest(stage.last_session_end, session.ended_at),
    )


def retimed(stage: Stage, standing: Sequence[Session]) -> Stage:
    """The stage with its start, last session end and end computed from its open sessions and its `standing` ones."""
    starts = [*(session.started_at for session in standing), *(session.started_at for session in stage.open_sessions)]
    last = max((session.ended_at for session in standing), default=None)
    ended_at = stage.ended_at if stage.closed_at is None else latest(last, stage.closed_at)
    return replace(stage, started_at=min(starts, default=None), last_session_end=last, ended_at=ended_at)


def ended(stage: Stage, status: StageStatus, at: datetime) -> Stage:
    """The stage in a final status. It ends at `at`, or with its last session if that is later."""
    return replace(stage, status=status, closed_at=at, ended_at=latest(stage.last_session_end, at))


def counted(stage: Stage, kind: SessionKind, made: Quantities) -> Stage:
    """The stage with these quantities added to its totals.

    Good and scrap of a rework session are subtracted from the stage's rework.
    """
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
    """Refuse good pieces beyond the order's quantity and its tolerance, unless a planner gives a reason.

    Raises OverAllowedQuantity.
    """
    allowed = order.quantity * (1 + settings.tolerance)
    if after.good > max(before.good, allowed) and not (actor.plans and reason):
        left = max(allowed - before.good, Decimal(0))
        form = (
            "At most {left} more good pieces are allowed here ({allowed} in total); "
            "a planner may exceed this with a reason."
        )
        raise OverAllowedQuantity(say(form, left=left, allowed=allowed, unit="piece"))


def reported(
    session: OpenSession, stage: Stage, actor: Actor, command: Command[object], made: Quantities
) -> SessionReport:
    """The record of quantities that were reported in a session that stays open."""
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
    """Scrap under its reason; without a reason it is `other`. Empty if there is no scrap."""
    return {reason or OTHER: quantity} if quantity else {}


def earliest(known: datetime | None, instant: datetime) -> datetime:
    """The earlier of two instants, of which the first may be None."""
    return instant if known is None else min(known, instant)


def latest(known: datetime | None, instant: datetime) -> datetime:
    """The later of two instants, of which the first may be None."""
    return instant if known is None else max(known, instant)
