"""Metrics of an order. Ratios are sum over sum, never a mean of ratios."""

from collections.abc import Sequence
from datetime import datetime

from chalicelib.domain.intervals import total, union
from chalicelib.domain.numbers.adherence import order_adherence, stage_delay
from chalicelib.domain.numbers.metrics import NOTHING, Measured, duration, minutes, ratio
from chalicelib.domain.numbers.stage_metrics import worked_of
from chalicelib.domain.orders.session_records import Session
from chalicelib.domain.orders.statuses import StageStatus
from chalicelib.domain.orders.work_orders import Order
from chalicelib.domain.tenant_settings import TenantSettings


def of_order(order: Order, sessions: Sequence[Session], now: datetime, settings: TenantSettings) -> Measured:
    """Measure an order over all its stages. Ratios are sum over sum, never a mean of ratios."""
    by_stage = {stage.id: worked_of(stage, sessions, now) for stage in order.stages}
    worked = [interval for intervals in by_stage.values() for interval in intervals]
    done = [stage for stage in order.stages if stage.status is StageStatus.DONE]
    started, ended = order.started_at, order.ended_at
    lead = ended - started if started and ended else None
    since = started or order.planned_start
    until = ended or max(now, since)
    on_time = [stage for stage in done if stage_delay(stage, now) <= settings.grace]
    planned_of_done = sum((stage.planned_end - stage.planned_start for stage in done), NOTHING)
    run_of_done = sum((union(by_stage[stage.id]) for stage in done), NOTHING)
    empty = "no_run" if done else "not_done"
    metrics = {
        "planned_duration": duration("planned_duration", order.planned_end - order.planned_start),
        "actual_duration": duration("actual_duration", union(worked) if started else None),
        "labour": duration("labour", total(worked) if started else None),
        "elapsed": duration("elapsed", until - since if started else None),
        "start_delay": duration("start_delay", started - order.planned_start if started else None),
        **order_adherence(order, now, settings),
        "efficiency": ratio("efficiency", minutes(planned_of_done), minutes(run_of_done), empty=empty),
        "on_time_percent": ratio("on_time_percent", len(on_time), len(done), empty="not_done"),
        "lead_time": duration("lead_time", lead, "no_run" if ended else "not_done"),
        "lead_time_from_release": duration(
            "lead_time_from_release", ended - order.created_at if ended else None, "not_done"
        ),
        "flow_efficiency": ratio(
            "flow_efficiency", minutes(union(worked)), minutes(lead or NOTHING), empty="no_run" if ended else "not_done"
        ),
    }
    return Measured(metrics, (since, until), settings.timezone, now, order.version, ended is not None, len(worked), now)
