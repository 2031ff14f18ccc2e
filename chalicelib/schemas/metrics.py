"""The shapes of metrics: flat numbers for the mobile app, and beside them how each was made."""

from datetime import date, timedelta
from typing import Annotated, Any

from pydantic import Field

from chalicelib.domain.instants import wire
from chalicelib.domain.numbers.days import DaySums
from chalicelib.domain.numbers.metrics import Measured, Metric, minutes, rounded
from chalicelib.schemas.base import Filters, NumberOut, Out, number

# The flat names of the contract, and the metric each shows.
FLAT_NAMES = {
    "planned_duration": "planned_duration",
    "actual_duration": "actual_duration",
    "elapsed_minutes": "elapsed",
    "labour_minutes": "labour",
    "start_delay_minutes": "start_delay",
    "delay_minutes": "delay",
    "is_late": "is_late",
    "efficiency_percent": "efficiency",
    "on_time_percent": "on_time_percent",
    "lead_time_minutes": "lead_time",
}


# Days around which there are others: nobody's arithmetic leaves the calendar.
Day = Annotated[date, Field(ge=date(1900, 1, 1), le=date(2999, 12, 31))]


class ListDays(Filters):
    """A range of local days, both included."""

    first: Day | None = Field(default=None, alias="from")
    last: Day | None = Field(default=None, alias="to")


class MetricOut(Out):
    """A number and how it was made."""

    value: NumberOut | bool | None
    unit: str
    formula: str
    numerator: NumberOut | None
    denominator: NumberOut | None
    reason: str | None


def metrics_out(measured: Measured) -> dict[str, Any]:
    """Show the metrics of a stage or an order."""
    shown = {name: metric_out(metric) for name, metric in measured.metrics.items()}
    flat = {name: shown[metric]["value"] for name, metric in FLAT_NAMES.items() if metric in shown}
    return flat | {"metrics": shown} | around(measured)


def metric_out(metric: Metric) -> dict[str, Any]:
    """Show one metric."""
    return MetricOut.model_validate(metric).plain()


def around(measured: Measured) -> dict[str, Any]:
    """What stands around metrics once: their window, how fresh and how complete they are, and of how many inputs."""
    start, end = measured.window
    return {
        "window": {"from": wire(start), "to": wire(end), "timezone": measured.timezone},
        "as_of": wire(measured.as_of),
        "watermark": measured.watermark and wire(measured.watermark),
        "revision": measured.revision,
        "complete": measured.complete,
        "inputs_count": measured.inputs_count,
    }


def day_out(day: date, sums: DaySums, measured: Measured) -> dict[str, Any]:
    """Show a local day: its sums in minutes and pieces, and the ratios made of them."""
    stages, orders, time = sums.stages, sums.orders, sums.time
    return {
        "date": day.isoformat(),
        "group": None,
        "value": None,
        "finished": {
            "stages": {
                "done": stages.done,
                "late": stages.late,
                "planned_minutes": _minutes(stages.planned),
                "run_minutes": _minutes(stages.run),
                "labour_minutes": _minutes(stages.labour),
                "delay_minutes": _minutes(stages.delay),
                "good": number(stages.good),
                "scrap": number(stages.scrap),
                "rework": number(stages.rework),
            },
            "orders": {"done": orders.done, "late": orders.late, "lead_time_minutes": _minutes(orders.lead)},
        },
        "time": {
            "run_minutes": _minutes(time.run),
            "labour_minutes": _minutes(time.labour),
            "setup_minutes": _minutes(time.setup),
            "pieces": number(time.pieces),
        },
        "metrics": {name: metric_out(metric) for name, metric in measured.metrics.items()},
    } | around(measured)


def _minutes(milliseconds: int) -> int | float:
    """Milliseconds as rounded minutes."""
    return number(rounded(minutes(timedelta(milliseconds=milliseconds))))
