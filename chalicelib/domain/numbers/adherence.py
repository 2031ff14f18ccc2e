"""Adherence to the plan: the delay of a stage or an order, and whether it is late.

Everything is measured against the plan in force, and beside it against the baseline: the first plan.
"""

from datetime import datetime, timedelta

from chalicelib.domain.numbers.metrics import Metric, duration
from chalicelib.domain.orders.statuses import StageStatus
from chalicelib.domain.orders.work_orders import Order, Stage
from chalicelib.domain.tenant_settings import TenantSettings


def stage_adherence(stage: Stage, now: datetime, settings: TenantSettings) -> dict[str, Metric]:
    """The delay of a stage and whether it is late, against both plans. Null if it is skipped or cancelled."""
    unless = stage.status.value if stage.ended and stage.status is not StageStatus.DONE else None
    delay = stage_delay(stage, now)
    baseline = delay_of(stage.ended_at, stage.baseline_end, now)
    return _adherence(delay, baseline, stage.baseline_end - stage.baseline_start, settings, unless)


def order_adherence(order: Order, now: datetime, settings: TenantSettings) -> dict[str, Metric]:
    """The delay of an order and whether it is late, against both plans. They need only its head.

    Null if the order is cancelled.
    """
    unless = "cancelled" if order.is_cancelled else None
    baseline = delay_of(order.ended_at, order.baseline_end, now)
    return _adherence(order_delay(order, now), baseline, order.baseline_end - order.baseline_start, settings, unless)


def order_delay(order: Order, now: datetime) -> timedelta:
    """How late an order's end is against its current plan, as of now if it has not ended. Negative if it is early."""
    return delay_of(order.ended_at, order.planned_end, now)


def stage_delay(stage: Stage, now: datetime) -> timedelta:
    """How late a stage's end is against its current plan, as of now if it has not ended. Negative if it is early."""
    return delay_of(stage.ended_at, stage.planned_end, now)


def delay_of(ended_at: datetime | None, planned_end: datetime, now: datetime) -> timedelta:
    """How late an end is against a planned one, as of now if it has not ended. Negative if it is early."""
    return (ended_at or max(now, planned_end)) - planned_end


def unless_done(stage: Stage) -> str | None:
    """The reason why a stage has no value for a metric of done stages. None if the stage is done."""
    if stage.status is StageStatus.DONE:
        return None
    return stage.status.value if stage.ended else "not_done"


def _adherence(
    delay: timedelta, baseline: timedelta, planned: timedelta, settings: TenantSettings, unless: str | None
) -> dict[str, Metric]:
    return {
        "delay": duration("delay", None if unless else delay, unless or ""),
        "is_late": _lateness("is_late", delay, settings, unless),
        "baseline_planned_duration": duration("baseline_planned_duration", planned),
        "baseline_delay": duration("baseline_delay", None if unless else baseline, unless or ""),
        "baseline_is_late": _lateness("baseline_is_late", baseline, settings, unless),
    }


def _lateness(name: str, delay: timedelta, settings: TenantSettings, unless: str | None) -> Metric:
    """Whether a delay is longer than the plant's grace; null with the reason `unless`."""
    return Metric(None if unless else delay > settings.grace, "boolean", f"{name}.v1", reason=unless)
