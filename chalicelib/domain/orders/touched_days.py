"""Touched days: the span of time in which a change of an order may change the numbers of local days."""

from collections.abc import Iterable
from datetime import datetime

from chalicelib.domain.intervals import Interval
from chalicelib.domain.orders.session_records import Session
from chalicelib.domain.orders.statuses import StageStatus
from chalicelib.domain.orders.work_orders import Order


def of_session(before: Order, after: Order, session: Session) -> Interval | None:
    """The span of a recorded session, from the end of the one before it: the pause after that one ends with it.

    A corrected one lies between its stage's first start and last end. So does the one before a session booked late.
    """
    instants = [session.started_at, session.ended_at, before.ended_at, after.ended_at]
    stage = before.stage(session.stage_id)
    last = stage.last_session_end
    if session.corrects is not None:
        instants += [stage.started_at, last]
    elif last is not None:
        instants.append(last if last <= session.started_at else stage.started_at)
    return _span(instants)


def of_stage(before: Order, after: Order, stage_id: str) -> Interval | None:
    """The span of the ends of a stage and its order, before and after; None if the stage is the same.

    If the stage has another name, the span of its work too. If it was skipped, or no longer is, that of the order's.
    """
    was, now = before.stage(stage_id), after.stage(stage_id)
    if was == now:
        return None
    instants = [was.ended_at, now.ended_at, before.ended_at, after.ended_at]
    if was.name != now.name:
        instants += [now.started_at, now.last_session_end]
    if StageStatus.SKIPPED in (was.status, now.status):  # another stage may be the last one now
        instants += _worked(after)
    return _span(instants)


def of_order(before: Order, after: Order) -> Interval | None:
    """The span of all work on an order if it counts for another customer; None if it does not."""
    return None if before.customer == after.customer else _span(_worked(after))


def of_all(spans: Iterable[Interval | None]) -> Interval | None:
    """The span that holds all these."""
    return _span(instant for span in spans if span is not None for instant in span)


def _worked(order: Order) -> list[datetime | None]:
    """The first start of an order, and the last session ends and the ends of all its stages."""
    ends = (each for stage in order.stages for each in (stage.last_session_end, stage.ended_at))
    return [order.started_at, *ends]


def _span(instants: Iterable[datetime | None]) -> Interval | None:
    """From the first to the last of these instants; None if there is none."""
    known = [instant for instant in instants if instant is not None]
    return (min(known), max(known)) if known else None
