"""Metrics of an order. Ratios are sum over sum, never a mean of ratios."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from fractions import Fraction

from chalicelib.domain.intervals import Interval, total, union
from chalicelib.domain.numbers import delay_split, forecast
from chalicelib.domain.numbers.adherence import delay_of, order_adherence, stage_delay
from chalicelib.domain.numbers.metrics import NOTHING, Measured, Metric, duration, minutes, per_hour, ratio
from chalicelib.domain.numbers.stage_metrics import produced_by, worked_of
from chalicelib.domain.orders.flows import last_position
from chalicelib.domain.orders.session_records import Session
from chalicelib.domain.orders.statuses import StageStatus
from chalicelib.domain.orders.work_orders import Order, Stage
from chalicelib.domain.tenant_settings import TenantSettings


def of_order(order: Order, sessions: Sequence[Session], now: datetime, settings: TenantSettings) -> Measured:
    """Measure an order over all its stages. Open sessions end now."""
    by_stage = {stage.id: worked_of(stage, sessions, now) for stage in order.stages}
    worked = [interval for intervals in by_stage.values() for interval in intervals]
    started, ended = order.started_at, order.ended_at
    since = started or order.planned_start
    until = ended or max(now, since)
    with_standard = (stage for stage in order.stages if stage.standard_seconds_per_unit is not None)
    metrics = {
        "planned_duration": duration("planned_duration", order.planned_end - order.planned_start),
        "actual_duration": duration("actual_duration", union(worked) if started else None),
        "labour": duration("labour", total(worked) if started else None),
        "elapsed": duration("elapsed", until - since if started else None),
        "start_delay": duration("start_delay", started - order.planned_start if started else None),
        **order_adherence(order, now, settings),
        **delay_split.of_order(order, by_stage),
        **_of_done_stages(order, by_stage, now, settings),
        **produced_by(order.stages, _run(with_standard, by_stage)),
        **_flow(order, union(worked)),
        "throughput": _throughput(order, sessions, (since, until)),
        **forecast.of_order(order, now),
    }
    return Measured(metrics, (since, until), settings.timezone, now, order.version, ended is not None, len(worked), now)


def _of_done_stages(
    order: Order, by_stage: Mapping[str, Sequence[Interval]], now: datetime, settings: TenantSettings
) -> dict[str, Metric]:
    """The efficiency of the done stages, and how many were on time against the plan in force and the baseline."""
    done = [stage for stage in order.stages if stage.status is StageStatus.DONE]
    planned = sum((stage.planned_end - stage.planned_start for stage in done), NOTHING)
    on_time = sum(stage_delay(stage, now) <= settings.grace for stage in done)
    baseline = sum(delay_of(stage.ended_at, stage.baseline_end, now) <= settings.grace for stage in done)
    empty = "no_run" if done else "not_done"
    return {
        "efficiency": ratio("efficiency", minutes(planned), minutes(_run(done, by_stage)), empty=empty),
        "on_time_percent": ratio("on_time_percent", on_time, len(done), empty="not_done"),
        "baseline_on_time_percent": ratio("baseline_on_time_percent", baseline, len(done), empty="not_done"),
    }


def _flow(order: Order, run: timedelta) -> dict[str, Metric]:
    """How long an order took from its first start and from its release, and for which part of it somebody worked."""
    started, ended = order.started_at, order.ended_at
    lead = ended - started if started and ended else None
    empty = "no_run" if ended else "not_done"
    from_release = ended - order.created_at if ended else None
    return {
        "lead_time": duration("lead_time", lead, empty),
        "lead_time_from_release": duration("lead_time_from_release", from_release, "not_done"),
        "flow_efficiency": ratio("flow_efficiency", minutes(run), minutes(lead or NOTHING), empty=empty),
    }


def _throughput(order: Order, sessions: Iterable[Session], window: Interval) -> Metric:
    """Good pieces of the last stage that is not skipped ÷ hours. A piece counts at the end of its session."""
    last = last_position([stage.progress for stage in order.stages])
    last_id = order.stages[last - 1].id if last else None
    good = sum((each.made.good for each in sessions if each.stage_id == last_id), Decimal(0))
    unless = "not_started" if order.started_at is None else "skipped" if last is None else None
    return per_hour("throughput", Fraction(good), window[1] - window[0], empty="no_run", unless=unless)


def _run(stages: Iterable[Stage], by_stage: Mapping[str, Sequence[Interval]]) -> timedelta:
    """The sum of the run times of stages."""
    return sum((union(by_stage[stage.id]) for stage in stages), NOTHING)
