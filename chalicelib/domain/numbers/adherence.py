"""Adherence to the plan: the delay of a stage or an order, and whether it is late."""

from datetime import datetime, timedelta

from chalicelib.domain.numbers.metrics import Metric, duration
from chalicelib.domain.orders.work_orders import Order, Stage
from chalicelib.domain.tenant_settings import TenantSettings


def order_adherence(order: Order, now: datetime, settings: TenantSettings) -> dict[str, Metric]:
    """The metrics `delay` and `is_late` of an order. They need only its head. Null if the order is cancelled."""
    delay = order_delay(order, now)
    unless = "cancelled" if order.is_cancelled else None
    return {
        "delay": duration("delay", None if unless else delay, unless or ""),
        "is_late": lateness(delay, settings, unless),
    }


def order_delay(order: Order, now: datetime) -> timedelta:
    """How late an order's end is against its current plan, as of now if it has not ended. Negative if it is early."""
    return (order.ended_at or max(now, order.planned_end)) - order.planned_end


def stage_delay(stage: Stage, now: datetime) -> timedelta:
    """How late a stage's end is against its current plan, as of now if it has not ended. Negative if it is early."""
    return (stage.ended_at or max(now, stage.planned_end)) - stage.planned_end


def lateness(delay: timedelta, settings: TenantSettings, unless: str | None) -> Metric:
    """The metric `is_late`: whether a delay is longer than the plant's grace; null with the reason `unless`."""
    return Metric(None if unless else delay > settings.grace, "boolean", "is_late.v1", reason=unless)
