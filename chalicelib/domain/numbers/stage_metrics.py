"""Metrics of a stage.

Sources of the formulas: ISO 22400-2 for quality and effectiveness. The others measure adherence to the plan.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from fractions import Fraction

from chalicelib.domain.intervals import Interval, total, union
from chalicelib.domain.numbers.adherence import lateness, stage_delay
from chalicelib.domain.numbers.metrics import Measured, Metric, doubted, duration, minutes, ratio
from chalicelib.domain.orders.session_records import Session
from chalicelib.domain.orders.statuses import StageStatus
from chalicelib.domain.orders.work_orders import Order, Stage
from chalicelib.domain.tenant_settings import TenantSettings

SHORTEST_PLAN = timedelta(minutes=1)
SHORT_PLAN = "plan_under_a_minute"


def of_stage(
    order: Order, stage: Stage, sessions: Sequence[Session], now: datetime, settings: TenantSettings
) -> Measured:
    """Measure a stage over all its sessions. Open sessions end now.

    In minutes: planned, run, labour, elapsed, start delay and delay. In percent: efficiency (plan ÷ run, only of done
    stages), effectiveness (standard × produced ÷ run) and quality (first-pass yield). Lateness is yes or no.
    """
    worked = worked_of(stage, sessions, now)
    run, planned = union(worked), stage.planned_end - stage.planned_start
    started, unless = stage.started_at, _unless(stage)
    since = started or stage.planned_start
    until = stage.ended_at or max(now, since)
    delay = stage_delay(stage, now)
    given_up = stage.ended and stage.status is not StageStatus.DONE
    produced, doubt = stage.taken, SHORT_PLAN if planned < SHORTEST_PLAN else None
    efficiency = ratio("efficiency", minutes(planned), minutes(run), empty="no_run", unless=unless)
    metrics = {
        "planned_duration": doubted(duration("planned_duration", planned), doubt),
        "actual_duration": duration("actual_duration", run if started else None),
        "labour": duration("labour", total(worked) if started else None),
        "elapsed": duration("elapsed", until - since if started else None),
        "start_delay": duration("start_delay", started - stage.planned_start if started else None),
        "delay": duration("delay", None if given_up else delay, unless or ""),
        "is_late": lateness(delay, settings, unless if given_up else None),
        "efficiency": doubted(efficiency, doubt),
        "effectiveness": _effectiveness(stage, produced, run),
        "quality": ratio("quality", stage.good - stage.good_from_rework, produced, empty="no_output"),
    }
    return Measured(metrics, (since, until), settings.timezone, now, order.version, stage.ended, len(worked), now)


def _unless(stage: Stage) -> str | None:
    """The reason why a stage has no value for a metric of done stages. None if the stage is done."""
    if stage.status is StageStatus.DONE:
        return None
    return stage.status.value if stage.ended else "not_done"


def _effectiveness(stage: Stage, produced: Decimal, run: timedelta) -> Metric:
    """Standard time of the produced pieces ÷ run time. It may be above 100 %."""
    standard = stage.standard_seconds_per_unit
    unless = "no_standard" if standard is None else None
    planned = Fraction(standard or 0) * Fraction(produced) / 60
    return ratio("effectiveness", planned, minutes(run), empty="no_run", unless=unless)


def worked_of(stage: Stage, sessions: Sequence[Session], now: datetime) -> list[Interval]:
    """The sessions of a stage as intervals. Open sessions end now."""
    closed = [(each.started_at, each.ended_at) for each in sessions if each.stage_id == stage.id]
    return closed + [(each.started_at, max(now, each.started_at)) for each in stage.open_sessions]
