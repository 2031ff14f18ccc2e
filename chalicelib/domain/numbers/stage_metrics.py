"""Metrics of a stage.

Sources of the formulas: ISO 22400-2 for quality and effectiveness. The others measure adherence to the plan.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from fractions import Fraction

from chalicelib.domain.intervals import Interval, total, union
from chalicelib.domain.numbers import delay_split, forecast
from chalicelib.domain.numbers.adherence import stage_adherence, unless_done
from chalicelib.domain.numbers.metrics import Measured, Metric, doubted, duration, minutes, ratio
from chalicelib.domain.orders.session_records import Session
from chalicelib.domain.orders.work_orders import Order, Stage
from chalicelib.domain.tenant_settings import TenantSettings

SHORTEST_PLAN = timedelta(minutes=1)
SHORT_PLAN = "plan_under_a_minute"


def of_stage(
    order: Order, stage: Stage, sessions: Sequence[Session], now: datetime, settings: TenantSettings
) -> Measured:
    """Measure a stage over all its sessions. Open sessions end now.

    In minutes: planned, run, labour, elapsed, start delay, delay and its parts. In percent: efficiency (plan ÷ run,
    only of done stages), effectiveness (standard × produced ÷ run) and quality (first-pass yield).
    """
    worked = worked_of(stage, sessions, now)
    run, planned, started = union(worked), stage.planned_end - stage.planned_start, stage.started_at
    since = started or stage.planned_start
    until = stage.ended_at or max(now, since)
    doubt = SHORT_PLAN if planned < SHORTEST_PLAN else None
    efficiency = ratio("efficiency", minutes(planned), minutes(run), empty="no_run", unless=unless_done(stage))
    metrics = {
        "planned_duration": doubted(duration("planned_duration", planned), doubt),
        "actual_duration": duration("actual_duration", run if started else None),
        "labour": duration("labour", total(worked) if started else None),
        "elapsed": duration("elapsed", until - since if started else None),
        "start_delay": duration("start_delay", started - stage.planned_start if started else None),
        **stage_adherence(stage, now, settings),
        **delay_split.of_stage(order, stage, worked),
        "efficiency": doubted(efficiency, doubt),
        **produced_by([stage], run),
        **forecast.of_stage(order, stage, now),
    }
    return Measured(metrics, (since, until), settings.timezone, now, order.version, stage.ended, len(worked), now)


def produced_by(stages: Sequence[Stage], run_with_standard: timedelta) -> dict[str, Metric]:
    """The metrics `effectiveness` and `quality` of stages, sum over sum.

    `run_with_standard` is the run time of those that have a standard; the others are left out of `effectiveness`.
    """
    with_standard = [stage for stage in stages if stage.standard_seconds_per_unit is not None]
    seconds = sum(Fraction(stage.standard_seconds_per_unit or 0) * Fraction(stage.taken) for stage in with_standard)
    first_pass = sum(Fraction(stage.good - stage.good_from_rework) for stage in stages)
    produced = sum(Fraction(stage.taken) for stage in stages)
    unless = None if with_standard else "no_standard"
    return {
        "effectiveness": ratio(
            "effectiveness", Fraction(seconds) / 60, minutes(run_with_standard), empty="no_run", unless=unless
        ),
        "quality": ratio("quality", first_pass, produced, empty="no_output"),
    }


def worked_of(stage: Stage, sessions: Sequence[Session], now: datetime) -> list[Interval]:
    """The sessions of a stage as intervals. Open sessions end now."""
    closed = [(each.started_at, each.ended_at) for each in sessions if each.stage_id == stage.id]
    return closed + [(each.started_at, max(now, each.started_at)) for each in stage.open_sessions]
