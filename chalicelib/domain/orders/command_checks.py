"""Checks: what is wrong with the fields of a command, as field errors, so that all can be told at once."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from chalicelib.domain import instants
from chalicelib.domain.errors import FieldError
from chalicelib.domain.orders.session_records import OpenSession, Quantities
from chalicelib.domain.orders.work_orders import Order, Stage
from chalicelib.domain.people.users import Actor

CLOCK_GRACE = timedelta(minutes=5)
OFFLINE_REACH = timedelta(days=7)
# A session puts a fact into every day it touches; longer ones are mistyped years.
LONGEST_SESSION = timedelta(days=366)


def ahead(received_at: datetime, **named: datetime) -> list[FieldError]:
    """Judge a device's times, each under its field's name: nobody may name the future."""
    return [
        FieldError(field, "must not be in the future; check the device's clock", "in_future")
        for field, instant in named.items()
        if instant > received_at + CLOCK_GRACE
    ]


def misdated(order: Order, actor: Actor, received_at: datetime, **named: datetime) -> list[FieldError]:
    """Judge a device's times, each under its field's name, on arrival.

    Nobody may name the future; a worker may reach back 7 days, into the order.
    """
    errors = ahead(received_at, **named)
    for field, instant in named.items():
        if not actor.plans and instant < order.created_at:
            errors.append(FieldError(field, "must not be before the order was created", "before_order"))
        elif not actor.plans and instant < received_at - OFFLINE_REACH:
            message = "must not be more than 7 days ago; ask a planner to book it"
            errors.append(FieldError(field, message, "too_old"))
    return errors


def premature(at: datetime | None, sessions: Sequence[OpenSession]) -> list[FieldError]:
    """Judge a time that speaks of open sessions: none of them may have started after it.

    Where no time was named it is now, and what began while the command was on its way ends as it began.
    """
    if at is not None and any(at < session.started_at for session in sessions):
        return [FieldError("at", "must not be before the start of the session", "before_start")]
    return []


def endless(at: datetime, sessions: Sequence[OpenSession]) -> list[FieldError]:
    """Judge a time that closes open sessions: none of them may come out longer than a session can be."""
    if any(at - session.started_at > LONGEST_SESSION for session in sessions):
        message = f"must be within {LONGEST_SESSION.days} days of the session's start; check the date"
        return [FieldError("at", message, "too_long")]
    return []


def misplaced(stage: Stage, started_at: datetime, ended_at: datetime) -> list[FieldError]:
    """Judge when a booked session ended: not before it started, and not after its stage did."""
    errors = []
    if ended_at < started_at:
        errors.append(FieldError("ended_at", "must not be before started_at", "before_start"))
    if ended_at - started_at > LONGEST_SESSION:
        message = f"must be within {LONGEST_SESSION.days} days of started_at; check the year"
        errors.append(FieldError("ended_at", message, "too_long"))
    if stage.ended_at is not None and ended_at > stage.ended_at:
        message = f"must not be after the stage's end, {instants.wire(stage.ended_at)}"
        errors.append(FieldError("ended_at", message, "after_end"))
    return errors


def nothing_made(made: Quantities) -> list[FieldError]:
    """Judge what was made: it must be something."""
    return [FieldError("good", "give what was made: good, scrap or rework above 0", "required")] if made.nothing else []


def unlisted(field: str, code: str | None, codes: Sequence[str]) -> list[FieldError]:
    """Judge a code that has to be on one of the plant's lists."""
    if code is None or code in codes:
        return []
    return [FieldError(field, f"must be one of {', '.join(codes)}", "unknown")]
