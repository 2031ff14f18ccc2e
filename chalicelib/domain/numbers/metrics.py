"""Metrics: each number shows its formula and its inputs. If there is no value, it is null with a reason.

Sources of the formulas: ISO 22400-2 for quality and effectiveness. The others measure adherence to the plan.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from fractions import Fraction

from chalicelib.domain.instants import milliseconds
from chalicelib.domain.intervals import Interval, total, union
from chalicelib.domain.orders.session_records import Session
from chalicelib.domain.orders.statuses import StageStatus
from chalicelib.domain.orders.work_orders import Order, Stage
from chalicelib.domain.tenant_settings import TenantSettings

NOTHING = timedelta(0)

Exact = Decimal | Fraction | int


@dataclass(frozen=True)
class Metric:
    """A number with its formula and inputs. Durations are in minutes. `numerator` and `denominator` are not rounded."""

    value: Decimal | bool | None
    unit: str
    formula: str
    numerator: Decimal | None = None
    denominator: Decimal | None = None
    reason: str | None = None


@dataclass(frozen=True)
class Measured:
    """The metrics of a stage, an order or a day, with their window, their freshness and the number of inputs.

    `watermark` is the time up to which changes have been aggregated; None if that never happened.
    """

    metrics: dict[str, Metric]
    window: Interval
    timezone: str
    as_of: datetime
    revision: int
    complete: bool
    inputs_count: int
    watermark: datetime | None


def minutes(span: timedelta) -> Fraction:
    """A duration in minutes, exact. A decimal is not exact for most durations, and would round some halves wrongly."""
    return Fraction(milliseconds(span), 60_000)


def rounded(number: Fraction) -> Decimal:
    """Round to three places, half to even. A number is rounded only once, for the answer."""
    return Decimal(round(number * 1000)).scaleb(-3)


def duration(name: str, span: timedelta | None, reason: str = "not_started") -> Metric:
    """A metric in minutes, or null with the reason."""
    return lasting(name, None if span is None else Fraction(milliseconds(span)), reason)


def lasting(name: str, spent: Fraction | None, reason: str) -> Metric:
    """A metric in minutes from milliseconds, or null with the reason."""
    if spent is None:
        return Metric(None, "minutes", f"{name}.v1", reason=reason)
    return Metric(rounded(spent / 60_000), "minutes", f"{name}.v1", numerator=_shown(spent / 60_000))


def ratio(name: str, numerator: Exact, denominator: Exact, *, empty: str, unless: str | None = None) -> Metric:
    """A ratio in percent. Null with a reason if the denominator is zero or a reason is given."""
    part, whole = Fraction(numerator), Fraction(denominator)
    reason = unless or (empty if whole == 0 else None)
    value = None if reason else rounded(100 * part / whole)
    return Metric(value, "percent", f"{name}.v1", _shown(part), _shown(whole), reason)


def of_stage(
    order: Order, stage: Stage, sessions: Sequence[Session], now: datetime, settings: TenantSettings
) -> Measured:
    """Measure a stage over all its sessions. Open sessions end now.

    In minutes: planned, run, labour, elapsed, start delay and delay. In percent: efficiency (plan ÷ run, only of done
    stages), effectiveness (standard × produced ÷ run) and quality (first-pass yield). Lateness is yes or no.
    """
    worked = _worked(stage, sessions, now)
    run, planned = union(worked), stage.planned_end - stage.planned_start
    started, unless = stage.started_at, _unless(stage)
    since = started or stage.planned_start
    until = stage.ended_at or max(now, since)
    delay = stage_delay(stage, now)
    given_up = stage.ended and stage.status is not StageStatus.DONE
    produced = stage.taken
    metrics = {
        "planned_duration": duration("planned_duration", planned),
        "actual_duration": duration("actual_duration", run if started else None),
        "labour": duration("labour", total(worked) if started else None),
        "elapsed": duration("elapsed", until - since if started else None),
        "start_delay": duration("start_delay", started - stage.planned_start if started else None),
        "delay": duration("delay", None if given_up else delay, unless or ""),
        "is_late": _lateness(delay, settings, unless if given_up else None),
        "efficiency": ratio("efficiency", minutes(planned), minutes(run), empty="no_run", unless=unless),
        "effectiveness": _effectiveness(stage, produced, run),
        "quality": ratio("quality", stage.good - stage.good_from_rework, produced, empty="no_output"),
    }
    return Measured(metrics, (since, until), settings.timezone, now, order.version, stage.ended, len(worked), now)


def of_order(order: Order, sessions: Sequence[Session], now: datetime, settings: TenantSettings) -> Measured:
    """Measure an order over all its stages. Ratios are sum over sum, never a mean of ratios."""
    by_stage = {stage.id: _worked(stage, sessions, now) for stage in order.stages}
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


def order_adherence(order: Order, now: datetime, settings: TenantSettings) -> dict[str, Metric]:
    """The metrics `delay` and `is_late` of an order. They need only its head. Null if the order is cancelled."""
    delay = order_delay(order, now)
    unless = "cancelled" if order.is_cancelled else None
    return {
        "delay": duration("delay", None if unless else delay, unless or ""),
        "is_late": _lateness(delay, settings, unless),
    }


def order_delay(order: Order, now: datetime) -> timedelta:
    """How late an order's end is against its current plan, as of now if it has not ended. Negative if it is early."""
    return (order.ended_at or max(now, order.planned_end)) - order.planned_end


def stage_delay(stage: Stage, now: datetime) -> timedelta:
    """How late a stage's end is against its current plan, as of now if it has not ended. Negative if it is early."""
    return (stage.ended_at or max(now, stage.planned_end)) - stage.planned_end


def _unless(stage: Stage) -> str | None:
    """The reason why a stage has no value for a metric of done stages. None if the stage is done."""
    if stage.status is StageStatus.DONE:
        return None
    return stage.status.value if stage.ended else "not_done"


def _lateness(delay: timedelta, settings: TenantSettings, unless: str | None) -> Metric:
    return Metric(None if unless else delay > settings.grace, "boolean", "is_late.v1", reason=unless)


def _shown(number: Fraction) -> Decimal:
    """An input of a metric as a decimal."""
    return Decimal(number.numerator) / number.denominator


def _effectiveness(stage: Stage, produced: Decimal, run: timedelta) -> Metric:
    """Standard time of the produced pieces ÷ run time. It may be above 100 %."""
    standard = stage.standard_seconds_per_unit
    unless = "no_standard" if standard is None else None
    planned = Fraction(standard or 0) * Fraction(produced) / 60
    return ratio("effectiveness", planned, minutes(run), empty="no_run", unless=unless)


def _worked(stage: Stage, sessions: Sequence[Session], now: datetime) -> list[Interval]:
    """The sessions of a stage as intervals. Open sessions end now."""
    closed = [(each.started_at, each.ended_at) for each in sessions if each.stage_id == stage.id]
    return closed + [(each.started_at, max(now, each.started_at)) for each in stage.open_sessions]
