"""Sessions to measure, and helpers that read the metrics."""

from datetime import datetime
from typing import Any

from chalicelib.domain.numbers import order_metrics, stage_metrics
from chalicelib.domain.numbers.metrics import Measured
from chalicelib.domain.orders.session_records import Session
from chalicelib.domain.orders.work_orders import Order, settled
from chalicelib.domain.tenant_settings import DEFAULT_SETTINGS, TenantSettings
from tests.domain.builders import (
    HOUR,
    MINUTE,
    MORNING,
    SECOND,
    a_session,
)

THREE_SESSIONS = (
    a_session(MORNING, MORNING + 20 * MINUTE),
    a_session(MORNING + 10 * MINUTE, MORNING + 30 * MINUTE),
    a_session(MORNING + 30 * MINUTE, MORNING + 40 * MINUTE, stage=SECOND),
)

PARTS = ("delay_start", "delay_blocked", "delay_held", "delay_paused", "delay_run")


def stage_measured(order: Order, *sessions: Session, now: datetime = MORNING + HOUR, grace: int = 0) -> Measured:
    settings = TenantSettings(grace=grace * MINUTE)
    return stage_metrics.of_stage(order, order.stages[0], sessions, now, settings)


def order_measured(order: Order, *sessions: Session, now: datetime = MORNING + HOUR) -> Measured:
    return order_metrics.of_order(settled(order), sessions, now, DEFAULT_SETTINGS)


def values(measured: Measured, *names: str) -> list[Any]:
    return [measured.metrics[name].value for name in names]


def reasons(measured: Measured) -> dict[str, str | None]:
    return {name: metric.reason for name, metric in measured.metrics.items() if metric.reason is not None}
