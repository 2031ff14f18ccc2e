"""Touched days: the span of time in which a change of an order may change the numbers of local days."""

from collections.abc import Iterable
from datetime import datetime

from chalicelib.domain.intervals import Interval
from chalicelib.domain.orders.session_records import Session
from chalicelib.domain.orders.work_orders import Order


def of_session(before: Order, after: Order, session: Session) -> Interval | None:
    """The span of a recorded session. A corrected one lies between its stage's first start and last end."""
    instants = [session.started_at, session.ended_at, before.ended_at, after.ended_at]
    if session.corrects is not None:
        stage = before.stage(session.stage_id)
        instants += [stage.started_at, stage.last_session_end]
    return _span(instants)


def of_stage(before: Order, after: Order, stage_id: str) -> Interval | None:
    """The span of the ends of a stage and its order, before and after; None if the stage is the same."""
    was, now = before.stage(stage_id), after.stage(stage_id)
    return None if was == now else _span([was.ended_at, now.ended_at, before.ended_at, after.ended_at])


def of_all(spans: Iterable[Interval | None]) -> Interval | None:
    """The span that holds all these."""
    return _span(instant for span in spans if span is not None for instant in span)


def _span(instants: Iterable[datetime | None]) -> Interval | None:
    """From the first to the last of these instants; None if there is none."""
    known = [instant for instant in instants if instant is not None]
    return (min(known), max(known)) if known else None
