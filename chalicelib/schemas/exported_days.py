"""The shape of exported days: a row for each local day, of the plant or of one value of a dimension."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, ClassVar, Literal

from chalicelib.domain.numbers.day_sums import DaySums
from chalicelib.domain.numbers.dimensions import Dimension
from chalicelib.domain.numbers.issue_metrics import IssueSums
from chalicelib.domain.numbers.metrics import Measured
from chalicelib.domain.numbers.progress import NOT_RECORDED
from chalicelib.schemas.days import Per
from chalicelib.schemas.exports import ListExport, RowOut
from chalicelib.schemas.values import InstantOut, NumberOut

METRICS = {
    "efficiency_percent": "efficiency",
    "on_time_rate_percent": "on_time_rate",
    "order_on_time_rate_percent": "order_on_time_rate",
    "effectiveness_percent": "effectiveness",
    "quality_percent": "quality",
    "throughput_pieces_per_hour": "throughput",
}


class ListDaysExport(ListExport):
    """The days of an export, and by what their numbers are summed."""

    group_by: Dimension | Literal["shift"] = Dimension.NONE
    per: Per = Per.DAY


class ExportedDayOut(RowOut):
    """A local day as a row: sums, and the metrics that are made of them. `value` is the value of the dimension.

    `value_key` is the same for all spellings of it.

    A percentage of several days is the sum of one column divided by the sum of another: efficiency is
    `stages_planned_seconds` ÷ `stages_run_seconds`, `on_time_rate` (`stages_done` − `stages_late`) ÷ `stages_done`.
    With the `reason` not_recorded an earlier release did not keep the sums that are empty. With outside_shifts the row
    is of the time outside every shift.
    """

    computed: ClassVar[Mapping[str, str]] = {
        "run_seconds": "run",
        "labour_seconds": "labour",
        "stages_delay_seconds": "delay",
        **METRICS,
    }

    date: date
    timezone: str
    group: Dimension | Literal["shift"] | None
    value: str | None
    value_key: str | None
    shift: str | None
    reason: str | None
    run_seconds: NumberOut | None
    labour_seconds: NumberOut | None
    setup_seconds: NumberOut | None
    breakdown_seconds: NumberOut | None
    rework_seconds: NumberOut | None
    pieces: NumberOut | None
    last_stage_pieces: NumberOut | None
    scrap_by_reason: dict[str, NumberOut] | None
    pauses_by_reason: dict[str, int] | None
    paused_seconds_by_reason: dict[str, NumberOut] | None
    pauses_without_reason: int | None
    paused_seconds_without_reason: NumberOut | None
    stages_done: int | None
    stages_late: int | None
    stages_planned_seconds: NumberOut | None
    stages_run_seconds: NumberOut | None
    stages_labour_seconds: NumberOut | None
    stages_delay_seconds: NumberOut | None
    stages_good: NumberOut | None
    stages_scrap: NumberOut | None
    stages_rework: NumberOut | None
    stages_baseline_late: int | None
    stages_good_from_rework: NumberOut | None
    stages_with_standard: int | None
    stages_standard_seconds: NumberOut | None
    stages_standard_run_seconds: NumberOut | None
    stages_skipped: int | None
    stages_cancelled: int | None
    orders_done: int | None
    orders_late: int | None
    orders_lead_time_seconds: NumberOut | None
    orders_baseline_late: int | None
    orders_good: NumberOut | None
    orders_cancelled: int | None
    efficiency_percent: NumberOut | None
    efficiency_reason: str | None
    on_time_rate_percent: NumberOut | None
    on_time_rate_reason: str | None
    order_on_time_rate_percent: NumberOut | None
    order_on_time_rate_reason: str | None
    effectiveness_percent: NumberOut | None
    effectiveness_reason: str | None
    quality_percent: NumberOut | None
    quality_reason: str | None
    throughput_pieces_per_hour: NumberOut | None
    throughput_reason: str | None
    issues_reported: int | None
    issues_acknowledged: int | None
    issues_resolved: int | None
    as_of: InstantOut
    watermark: InstantOut | None
    revision: int
    complete: bool
    inputs_count: int
    formulas: dict[str, str]


@dataclass(frozen=True)
class Of:
    """What a row is about: a local day of the plant (`group` is None) or of a value of a group."""

    day: date
    group: Dimension | Literal["shift"] | None
    value: str | None
    value_key: str | None
    shift: str | None = None


def exported_day(
    of: Of, sums: DaySums | None, measured: Measured, issues: IssueSums | None = None, reason: str | None = None
) -> ExportedDayOut:
    """Show a local day as a row. Sums of None were not recorded. `reason` is why `value` is empty."""
    return ExportedDayOut.model_validate(
        dict.fromkeys(ExportedDayOut.model_fields)
        | (_sums(sums) | (_later_sums(sums) if sums.whole else {}) if sums else {})
        | {column: measured.metrics[name].value for column, name in METRICS.items()}
        | {f"{name}_reason": measured.metrics[name].reason for name in METRICS.values()}
        | {f"issues_{name}": getattr(issues, name, None) for name in ("reported", "acknowledged", "resolved")}
        | {name: getattr(measured, name) for name in ExportedDayOut.model_fields if hasattr(measured, name)}
        | {
            "date": of.day,
            "group": of.group,
            "value": of.value,
            "value_key": of.value_key,
            "shift": of.shift,
            "reason": reason if sums and sums.known else NOT_RECORDED,
            "formulas": ExportedDayOut.formula_ids(),
        }
    )


def _sums(sums: DaySums) -> dict[str, Any]:
    """The sums of a day in columns."""
    stages, orders, time = sums.stages, sums.orders, sums.time
    return {
        **{f"{name}_seconds": _seconds(getattr(time, name)) for name in ("run", "labour", "setup")},
        "pieces": time.pieces,
        **{f"stages_{name}": getattr(stages, name) for name in ("done", "late", "good", "scrap", "rework")},
        **{f"stages_{name}_seconds": _seconds(getattr(stages, name)) for name in ("planned", "run", "labour", "delay")},
        "orders_done": orders.done,
        "orders_late": orders.late,
        "orders_lead_time_seconds": _seconds(orders.lead),
    }


def _later_sums(sums: DaySums) -> dict[str, Any]:
    """The sums of a day that earlier releases did not keep, in columns."""
    stages, orders, time = sums.stages, sums.orders, sums.time
    return {
        **{f"{name}_seconds": _seconds(getattr(time, name)) for name in ("breakdown", "rework")},
        **{name: getattr(time, name) for name in ("last_stage_pieces", "scrap_by_reason", "pauses_by_reason")},
        "pauses_without_reason": time.pauses_without_reason,
        "paused_seconds_without_reason": _seconds(time.paused_without_reason),
        "paused_seconds_by_reason": {reason: _seconds(span) for reason, span in time.paused_by_reason.items()},
        **{f"stages_{name}": getattr(stages, name) for name in ("baseline_late", "good_from_rework", "with_standard")},
        **{f"stages_{name}": getattr(stages, name) for name in ("skipped", "cancelled")},
        "stages_standard_seconds": stages.standard,
        "stages_standard_run_seconds": _seconds(stages.standard_run),
        "orders_baseline_late": orders.baseline_late,
        "orders_good": orders.good,
        "orders_cancelled": orders.cancelled,
    }


def _seconds(span: int) -> Decimal:
    """Milliseconds as seconds, exact."""
    return Decimal(span).scaleb(-3)
