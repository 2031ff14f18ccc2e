"""Checks of a command's fields. Each returns field errors, so that one answer can hold all of them."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from chalicelib.domain import instants
from chalicelib.domain.errors import FieldError
from chalicelib.domain.orders.session_records import OpenSession, Quantities
from chalicelib.domain.orders.work_orders import Order, Stage
from chalicelib.domain.people.users import Actor
from chalicelib.domain.sentences import say

OFFLINE_REACH = timedelta(days=7)
# A session has a fact in each of its days. A longer session is usually a mistyped year.
LONGEST_SESSION = timedelta(days=366)


def ahead(received_at: datetime, **named: datetime) -> list[FieldError]:
    """Field errors for times in the future. Each time is given under its field's name."""
    return [
        FieldError(field, say("must not be in the future; check the device's clock"), "in_future")
        for field, instant in named.items()
        if instant > received_at + instants.CLOCK_GRACE
    ]


def misdated(order: Order, actor: Actor, received_at: datetime, **named: datetime) -> list[FieldError]:
    """Field errors for a device's times. Each time is given under its field's name.

    An error is a time in the future or, for a worker, a time over 7 days old or before the order was created.
    """
    errors = ahead(received_at, **named)
    for field, instant in named.items():
        if not actor.plans and instant < order.created_at:
            errors.append(FieldError(field, say("must not be before the order was created"), "before_order"))
        elif not actor.plans and instant < received_at - OFFLINE_REACH:
            message = say("must not be more than {days} days ago; ask a planner to book it", days=OFFLINE_REACH.days)
            errors.append(FieldError(field, message, "too_old"))
    return errors


def premature(at: datetime | None, sessions: Sequence[OpenSession]) -> list[FieldError]:
    """Field errors for a time before the start of one of these open sessions.

    If `at` is None, the time is now, and there is no error. A session that started while the command was on its way
    ends when it started.
    """
    if at is not None and any(at < session.started_at for session in sessions):
        return [FieldError("at", say("must not be before the start of the session"), "before_start")]
    return []


def endless(at: datetime, sessions: Sequence[OpenSession]) -> list[FieldError]:
    """Field errors for a time at which one of these open sessions would be longer than 366 days."""
    if any(at - session.started_at > LONGEST_SESSION for session in sessions):
        message = say("must be within {days} days of the session's start; check the date", days=LONGEST_SESSION.days)
        return [FieldError("at", message, "too_long")]
    return []


def misplaced(stage: Stage, started_at: datetime, ended_at: datetime) -> list[FieldError]:
    """Field errors for the end of a booked session: before its start, over 366 days after it, or after the stage's."""
    errors = []
    if ended_at < started_at:
        errors.append(FieldError("ended_at", say("must not be before started_at"), "before_start"))
    if ended_at - started_at > LONGEST_SESSION:
        message = say("must be within {days} days of started_at; check the year", days=LONGEST_SESSION.days)
        errors.append(FieldError("ended_at", message, "too_long"))
    if stage.ended_at is not None and ended_at > stage.ended_at:
        message = say("must not be after the stage's end, {ended_at}", ended_at=instants.wire(stage.ended_at))
        errors.append(FieldError("ended_at", message, "after_end"))
    return errors


def nothing_made(made: Quantities) -> list[FieldError]:
    """Field errors for quantities that are all zero."""
    if not made.nothing:
        return []
    message = say("give what was made: good, scrap or rework above {least}", least=0)
    return [FieldError("good", message, "required")]
