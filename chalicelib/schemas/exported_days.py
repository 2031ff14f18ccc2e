"""The shape of exported days: a row for each local day, of the plant or of one value of a dimension."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any, ClassVar

from chalicelib.domain.numbers.day_sums import DaySums
from chalicelib.domain.numbers.dimensions import WHOLE, Dimension, Group
from chalicelib.domain.numbers.issue_metrics import IssueSums
from chalicelib.domain.numbers.metrics import Measured
from chalicelib.domain.numbers.progress import NOT_RECORDED
from chalicelib.schemas.exports import ListExport, RowOut
from chalicelib.schemas.values import InstantOut, NumberOut

RATIOS = ("efficiency", "on_time_rate", "order_on_time_rate")


class ListDaysExport(ListExport):
    """The days of an export, and by what their numbers are summed."""

    group_by: Dimension = Dimension.NONE


class ExportedDayOut(RowOut):
    """A local day as a row: sums, and the percentages that are made of them. `value` is the value of the dimension.

    A percentage of several days is the sum of one column divided by the sum of another: efficiency is
    `stages_planned_seconds` ÷ `stages_run_seconds`, `on_time_rate` (`stages_done` − `stages_late`) ÷ `stages_done`.
    A row of a day before sums by groups were kept has no sums, and the `reason` not_recorded.
    """

    computed: ClassVar[Mapping[str, str]] = {
        "run_seconds": "run",
        "labour_seconds": "labour",
        "stages_delay_seconds": "delay",
        **{f"{name}_percent": name for name in RATIOS},
    }

    date: date
    timezone: str
    group: Dimension | None
    value: str | None
    reason: str | None
    run_seconds: NumberOut | None
    labour_seconds: NumberOut | None
    setup_seconds: NumberOut | None
    pieces: NumberOut | None
    stages_done: int | None
    stages_late: int | None
    stages_planned_seconds: NumberOut | None
    stages_run_seconds: NumberOut | None
    stages_labour_seconds: NumberOut | None
    stages_delay_seconds: NumberOut | None
    stages_good: NumberOut | None
    stages_scrap: NumberOut | None
    stages_rework: NumberOut | None
    orders_done: int | None
    orders_late: int | None
    orders_lead_time_seconds: NumberOut | None
    efficiency_percent: NumberOut | None
    efficiency_reason: str | None
    on_time_rate_percent: NumberOut | None
    on_time_rate_reason: str | None
    order_on_time_rate_percent: NumberOut | None
    order_on_time_rate_reason: str | None
    issues_reported: int | None
    issues_acknowledged: int | None
    issues_resolved: int | None
    as_of: InstantOut
    watermark: InstantOut | None
    revision: int
    complete: bool
    inputs_count: int
    formulas: dict[str, str]


def exported_day(
    day: date, group: Group, sums: DaySums | None, measured: Measured, issues: IssueSums | None
) -> ExportedDayOut:
    """Show a local day of the plant or of a group as a row. Sums of None were not recorded."""
    ratios = {name: measured.metrics[name] for name in RATIOS}
    return ExportedDayOut.model_validate(
        dict.fromkeys(ExportedDayOut.model_fields)
        | (_sums(sums) if sums else {})
        | {f"{name}_percent": metric.value for name, metric in ratios.items()}
        | {f"{name}_reason": metric.reason for name, metric in ratios.items()}
        | {f"issues_{name}": getattr(issues, name, None) for name in ("reported", "acknowledged", "resolved")}
        | {name: getattr(measured, name) for name in ExportedDayOut.model_fields if hasattr(measured, name)}
        | {
            "date": day,
            "group": None if group == WHOLE else group.dimension,
            "value": group.value or None,
            "reason": None if sums else NOT_RECORDED,
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


def _seconds(span: int) -> Decimal:
    """Milliseconds as seconds, exact."""
    return Decimal(span).scaleb(-3)
