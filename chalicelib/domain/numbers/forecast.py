"""The forecast: when what runs will end by its standard, and how late that will be."""

from datetime import datetime, timedelta
from decimal import Decimal
from fractions import Fraction

from chalicelib.domain.instants import truncated
from chalicelib.domain.numbers.metrics import Metric, duration, shown
from chalicelib.domain.orders.session_records import SessionKind
from chalicelib.domain.orders.work_orders import Order, Stage

Forecast = datetime | str
"""When it will end, or the reason why that is not known."""


def of_stage(order: Order, stage: Stage, now: datetime) -> dict[str, Metric]:
    """The metrics `projected_end` and `expected_delay` of a stage, with its remaining minutes and open sessions."""
    end = end_of_stage(order, stage, now)
    if isinstance(end, str):
        return _unknown(end)
    inputs = (shown(_remaining_seconds(order, stage) / 60), Decimal(_running(stage)))
    return {
        "projected_end": Metric(end, "instant", "projected_end.v1", *inputs),
        "expected_delay": duration("expected_delay", end - stage.planned_end),
    }


def of_order(order: Order, now: datetime) -> dict[str, Metric]:
    """The metrics `projected_end` and `expected_delay` of an order."""
    end = end_of_order(order, now)
    if isinstance(end, str):
        return _unknown(end)
    return {
        "projected_end": Metric(end, "instant", "projected_end.v1"),
        "expected_delay": duration("expected_delay", end - order.planned_end),
    }


def end_of_stage(order: Order, stage: Stage, now: datetime) -> Forecast:
    """When a stage will end: now + remaining pieces × standard ÷ open sessions.

    Sessions of setup, rework and breakdown are not counted, for they make no new pieces.
    """
    if stage.ended:
        return stage.status.value
    if stage.standard_seconds_per_unit is None:
        return "no_standard"
    running = _running(stage)
    if not running:
        return "no_open_session"
    try:
        return truncated(now + timedelta(milliseconds=int(_remaining_seconds(order, stage) * 1000 / running)))
    except OverflowError:
        return "too_far"


def end_of_order(order: Order, now: datetime) -> Forecast:
    """When an order will end: with the last of its stages that have not ended. Not known if one of them is not."""
    if order.status.closed:
        return order.status.value
    latest = now
    for stage in order.stages:
        end = end_of_stage(order, stage, now)
        if isinstance(end, str) and not stage.ended:
            return end
        latest = latest if isinstance(end, str) else max(latest, end)
    return latest


def _unknown(reason: str) -> dict[str, Metric]:
    return {
        "projected_end": Metric(None, "instant", "projected_end.v1", reason=reason),
        "expected_delay": duration("expected_delay", None, reason),
    }


def _running(stage: Stage) -> int:
    """The number of sessions that make pieces now."""
    return sum(session.kind is SessionKind.RUN for session in stage.open_sessions)


def _remaining_seconds(order: Order, stage: Stage) -> Fraction:
    """The standard time of the pieces that are missing to the order's quantity."""
    missing = max(order.quantity - stage.good, Decimal(0))
    return Fraction(missing) * Fraction(stage.standard_seconds_per_unit or 0)
