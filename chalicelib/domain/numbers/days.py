"""Days: the metrics of a day, made of its sums."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from fractions import Fraction

from chalicelib.domain import intervals
from chalicelib.domain.numbers import metrics
from chalicelib.domain.numbers.day_sums import DaySums, FinishedOrders, FinishedStages
from chalicelib.domain.numbers.metrics import Measured, Metric, minutes, rounded, shown
from chalicelib.domain.numbers.progress import NOT_RECORDED

SIXTY = 60


def of_day(
    day: date,
    sums: DaySums,
    *,
    revision: int,
    as_of: datetime,
    watermark: datetime | None,
    late_window: timedelta,
    timezone: str,
    now: datetime,
) -> Measured:
    """Measure a day. Ratios are sum over sum. The day is complete once its end and the late window have passed."""
    window = intervals.bounds(day, timezone)
    complete = now >= window[1] + late_window
    measured = of_sums(sums, window[1] - window[0])
    return Measured(measured, window, timezone, as_of, revision, complete, sums.facts, watermark)


def of_sums(sums: DaySums, length: timedelta) -> dict[str, Metric]:
    """The metrics of the sums of so much time. Those that need what earlier releases did not keep are null for them."""
    stages, time = sums.stages, sums.time
    known = {
        "efficiency": _efficiency(stages),
        "on_time_rate": _on_time("on_time_rate", stages.late, stages),
        "order_on_time_rate": _on_time("order_on_time_rate", sums.orders.late, sums.orders),
        "delay": metrics.duration("delay", timedelta(milliseconds=stages.delay) if stages.done else None, "no_data"),
        "run": metrics.duration("run", timedelta(milliseconds=time.run)),
        "labour": metrics.duration("labour", timedelta(milliseconds=time.labour)),
    }
    added = {
        "baseline_on_time_rate": _on_time("baseline_on_time_rate", stages.baseline_late, stages),
        "baseline_order_on_time_rate": _on_time("baseline_order_on_time_rate", sums.orders.baseline_late, sums.orders),
        "effectiveness": _effectiveness(stages),
        "quality": _quality(stages),
        "throughput": _throughput(sums, length),
    }
    return known | (added if sums.whole else unrecorded(added))


def unrecorded(measured: Mapping[str, Metric]) -> dict[str, Metric]:
    """Metrics of a day of which an earlier release did not keep what they are made of: all are null."""
    return {name: Metric(None, metric.unit, metric.formula, reason=NOT_RECORDED) for name, metric in measured.items()}


def _efficiency(stages: FinishedStages) -> Metric:
    """Planned ÷ run time of the done stages."""
    planned, run = (minutes(timedelta(milliseconds=each)) for each in (stages.planned, stages.run))
    return metrics.ratio("efficiency", planned, run, empty="no_run" if stages.done else "no_data")


def _on_time(name: str, late: int, finished: FinishedStages | FinishedOrders) -> Metric:
    """The part of what was done that is not late."""
    return metrics.ratio(name, finished.done - late, finished.done, empty="no_data")


def _effectiveness(stages: FinishedStages) -> Metric:
    """Standard time of the produced pieces ÷ run time, of the done stages that have a standard."""
    unless = None if stages.with_standard else "no_standard" if stages.done else "no_data"
    run = minutes(timedelta(milliseconds=stages.standard_run))
    return metrics.ratio("effectiveness", Fraction(stages.standard) / SIXTY, run, empty="no_run", unless=unless)


def _quality(stages: FinishedStages) -> Metric:
    """First-pass yield of the done stages."""
    produced = stages.good + stages.scrap + stages.rework
    empty = "no_output" if stages.done else "no_data"
    return metrics.ratio("quality", stages.good - stages.good_from_rework, produced, empty=empty)


def _throughput(sums: DaySums, length: timedelta) -> Metric:
    """Good pieces of last stages in an hour of the whole time."""
    pieces = Fraction(sums.time.last_stage_pieces)
    hours = minutes(length) / SIXTY
    return Metric(rounded(pieces / hours), "pieces_per_hour", "throughput.v1", shown(pieces), shown(hours))
