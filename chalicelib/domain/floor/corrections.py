"""Corrections: a closed session gets new values or is voided. A correction is a new record; nothing is overwritten."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal

from chalicelib.domain.errors import Conflict, FieldError, Forbidden, NotFound, refuse, unlisted
from chalicelib.domain.floor.sessions import counted, retimed, scrap_by_reason, within_allowed
from chalicelib.domain.kept import KEPT, Kept, given, value_after
from chalicelib.domain.orders.changes import Change, What, changed_stage
from chalicelib.domain.orders.command_checks import misdated, misplaced
from chalicelib.domain.orders.commands import Command
from chalicelib.domain.orders.missing import NO_STAGE
from chalicelib.domain.orders.session_records import ONLY_WITH_SCRAP, Quantities, Session, SessionKind, standing
from chalicelib.domain.orders.transitions import refuse_while_stopped
from chalicelib.domain.orders.work_orders import Order, Stage, StageNotFound
from chalicelib.domain.people.users import Actor
from chalicelib.domain.sentences import say
from chalicelib.domain.tenant_settings import TenantSettings

OWN_FOR = timedelta(hours=24)


class SessionNotFound(NotFound):
    """There is no such session on this stage."""

    code = "ERR_SESSION_NOT_FOUND"
    title = "No such session"


class SessionStillOpen(Conflict):
    """The session is still open. Only a closed session can be corrected."""

    code = "ERR_SESSION_STILL_OPEN"
    title = "The session is still open"


class SessionCorrected(Conflict):
    """The session was corrected before. Only its newest correction can be corrected again."""

    code = "ERR_SESSION_CORRECTED"
    title = "The session was already corrected"


class SessionVoided(Conflict):
    """The session was voided. It does not count and cannot be corrected."""

    code = "ERR_SESSION_VOIDED"
    title = "The session was voided"


class CorrectionForbidden(Forbidden):
    """A worker may correct only their own sessions, within 24 hours after booking."""

    code = "ERR_SESSION_CORRECTION_FORBIDDEN"
    title = "Only a planner or an admin may correct this session"


@dataclass(frozen=True)
class Correct:
    """New values of a session, or `void`. Quantities are new totals, not increments.

    A field that is KEPT does not change. A `machine_id` or a `note` of None is cleared.
    """

    session_id: str
    reason: str
    void: bool = False
    started_at: datetime | Kept = KEPT
    ended_at: datetime | Kept = KEPT
    machine_id: str | Kept | None = KEPT
    kind: SessionKind | Kept = KEPT
    good: Decimal | Kept = KEPT
    scrap: Decimal | Kept = KEPT
    scrap_reason: str | Kept = KEPT
    rework: Decimal | Kept = KEPT
    note: str | Kept | None = KEPT


def correct(
    order: Order, actor: Actor, command: Command[Correct], settings: TenantSettings, recorded: Sequence[Session]
) -> Change:
    """Correct or void a closed session, whatever the status of its stage.

    `recorded` is every session ever recorded on the stage.

    Raises SessionNotFound, SessionStillOpen, SessionCorrected, SessionVoided, CorrectionForbidden, OverAllowedQuantity,
    UpstreamShort, OrderIsHeld, InvalidFields, StageNotFound.
    """
    stage = stage_to_correct(order, actor, command, recorded)
    wanted, old = command.payload, _correctable(stage, recorded, command.payload.session_id)
    _refuse_strangers(actor, command.received_at, old, recorded)
    new = chained(old, command, actor)
    if wanted.void:
        new = replace(new, voided=True, made=Quantities())
    else:
        new = _with_new_values(new, wanted)
        _check(order, actor, command, new, stage, settings)
    if new.ended_at > old.ended_at:
        refuse_while_stopped(order, stage, actor, new.ended_at)
    change = put_in_place(order, stage, old, new, recorded)
    within_allowed(stage, change.order.stage(stage.id), order, actor, wanted.reason, settings)
    return replace(change, result=new)


def stage_to_correct(order: Order, actor: Actor, command: Command[Correct], recorded: Sequence[Session]) -> Stage:
    """Find the stage of a session that may be corrected: one that the actor may know of, or where it was theirs.

    A worker whom the server interrupted there keeps their own sessions to correct, whoever has the stage now.
    Raises StageNotFound.
    """
    stage, session_id = order.stage(command.target), command.payload.session_id
    own = any(each.id == session_id and each.worker_id == actor.user_id for each in recorded)
    if not (stage.open_to(actor) or (own and actor.user_id in stage.interrupted_ids)):
        raise StageNotFound(say(NO_STAGE, stage_id=stage.id))
    return stage


def _correctable(stage: Stage, recorded: Sequence[Session], session_id: str) -> Session:
    """Find the session that may be corrected.

    Raises SessionNotFound, SessionStillOpen, SessionCorrected, SessionVoided.
    """
    if any(opened.id == session_id for opened in stage.open_sessions):
        raise SessionStillOpen(say("Pause the session first, then correct it."), allowed=["pause", "done"])
    session = next((record for record in recorded if record.id == session_id), None)
    if session is None:
        raise SessionNotFound(say("There is no session {session_id} on this stage.", session_id=session_id))
    last = last_of(session, recorded)
    if last.voided:
        raise SessionVoided(say("If this work should count, book a new session."), since=last.received_at)
    if last is not session:
        instead = say("Session {session_id} replaces it; correct that one.", session_id=last.id)
        raise SessionCorrected(instead, since=last.received_at)
    return session


def _refuse_strangers(actor: Actor, now: datetime, old: Session, recorded: Sequence[Session]) -> None:
    """Refuse a worker who corrects the session of another worker, or their own too late. Raises CorrectionForbidden."""
    fresh = now - first_of(old, recorded).received_at <= OWN_FOR
    if not (actor.plans or (old.worker_id == actor.user_id and fresh)):
        hours = OWN_FOR // timedelta(hours=1)
        form = "Correct your own sessions within {hours} hours after booking, or ask a planner."
        raise CorrectionForbidden(say(form, hours=hours))


def _with_new_values(session: Session, wanted: Correct) -> Session:
    """The session with the new values."""
    made = Quantities(
        value_after(session.made.good, wanted.good),
        _scrap(session.made, wanted),
        value_after(session.made.rework, wanted.rework),
    )
    return replace(session, **given(wanted, "started_at", "ended_at", "machine_id", "kind", "note"), made=made)


def _scrap(made: Quantities, wanted: Correct) -> dict[str, Decimal] | None:
    """The scrap by reason after a correction.

    An unchanged quantity keeps its reasons. A new quantity keeps the old reason if there was only one.
    """
    quantity = value_after(made.scrapped, wanted.scrap)
    if quantity == made.scrapped and isinstance(wanted.scrap_reason, Kept):
        return made.scrap
    known = tuple(made.scrap or ())
    reason = value_after(known[0] if len(known) == 1 else None, wanted.scrap_reason)
    return dict(scrap_by_reason(quantity, reason)) or None


def _check(
    order: Order, actor: Actor, command: Command[Correct], new: Session, stage: Stage, settings: TenantSettings
) -> None:
    """Check the new values. Raises InvalidFields."""
    wanted = command.payload
    scrap_reason = value_after(None, wanted.scrap_reason)
    nothing = scrap_reason is not None and not new.made.scrap
    refuse(
        misdated(order, actor, command.received_at, **given(wanted, "started_at", "ended_at"))
        + misplaced(stage, new.started_at, new.ended_at)
        + unlisted("scrap_reason", scrap_reason, settings.scrap_reasons)
        + ([FieldError("scrap_reason", ONLY_WITH_SCRAP, "without_scrap")] if nothing else [])
    )


def chained(old: Session, command: Command[object], actor: Actor) -> Session:
    """The record that a command chains to a session; until it is given other values it says the same."""
    return replace(
        old,
        id=command.id,
        corrects=old.id,
        first_id=old.first_id or old.id,
        first_started_at=old.first_started_at or old.started_at,
        received_at=command.received_at,
        booked_by=actor.user_id,
    )


def first_of(session: Session, recorded: Sequence[Session]) -> Session:
    """The first session of the chain of corrections that this session belongs to."""
    known = {record.id: record for record in recorded}
    while session.corrects is not None:
        session = known[session.corrects]
    return session


def last_of(session: Session, recorded: Sequence[Session]) -> Session:
    """The last session of the chain of corrections that this session belongs to. It may be voided."""
    following = {record.corrects: record for record in recorded}
    while session.id in following:
        session = following[session.id]
    return session


def put_in_place(order: Order, stage: Stage, old: Session, new: Session, recorded: Sequence[Session]) -> Change:
    """Replace one session record by another, and recompute the totals and times of the stage. Raises UpstreamShort.

    `recorded` is every session ever recorded on the stage.
    """
    after = counted(counted(stage, old.kind, -old.made), new.kind, new.made)
    return changed_stage(order, retimed(after, standing([*recorded, new])), What.CORRECTED, (new,))
