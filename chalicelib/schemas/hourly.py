"""The shapes of hours: good pieces against expected ones."""

from datetime import timedelta
from decimal import Decimal

from pydantic import Field

from chalicelib.domain.numbers.hourly import Hourly, HourRow
from chalicelib.domain.numbers.metrics import minutes, rounded
from chalicelib.schemas.base import Filters, Out
from chalicelib.schemas.metrics import MetricOut, WindowOut, metrics_out
from chalicelib.schemas.values import Identifier, InstantOut, InstantParameter, Line, NumberOut


class ReadHours(Filters):
    """A machine or a stage, and a window of up to 48 hours."""

    machine_id: Identifier | None = None
    stage_id: Line | None = None
    since: InstantParameter | None = Field(default=None, alias="from")
    until: InstantParameter | None = Field(default=None, alias="to")


class HourStageOut(Out):
    """A stage that was worked on, and its standard."""

    id: str
    name: str
    standard_seconds_per_unit: NumberOut | None


class HourOut(Out):
    """An hour, or the part of it that lies in the window.

    `busy_minutes` are planned busy time, null without a calendar. `good`, `scrap` and `rework` were reported. `counted`
    is what the machine counted; null if no count came or no machine is asked for.
    """

    start: InstantOut = Field(alias="from")
    end: InstantOut = Field(alias="to")
    busy_minutes: NumberOut | None
    stage_ids: list[str]
    good: NumberOut
    scrap: NumberOut
    rework: NumberOut
    counted: float | None
    metrics: dict[str, MetricOut]


class HourlyOut(Out):
    """The hours of a machine or of a stage, and all of them together.

    `calendar_id` is the calendar that counts, null if there is none.
    """

    machine_id: str | None
    stages: list[HourStageOut]
    calendar_id: str | None
    window: WindowOut
    hours: list[HourOut]
    total: HourOut
    as_of: InstantOut
    complete: bool


def hourly_out(found: Hourly) -> HourlyOut:
    """Show the hours of a machine or of a stage."""
    start, end = found.window
    return HourlyOut(
        machine_id=found.machine_id,
        stages=[HourStageOut.model_validate(stage) for stage in found.stages],
        calendar_id=found.calendar_id,
        window=WindowOut(start=start, end=end, timezone=found.timezone),
        hours=list(map(_hour_out, found.hours)),
        total=_hour_out(found.total),
        as_of=found.as_of,
        complete=found.complete,
    )


def _hour_out(row: HourRow) -> HourOut:
    return HourOut(
        start=row.window[0],
        end=row.window[1],
        busy_minutes=None if row.busy is None else _minutes(row.busy),
        stage_ids=list(row.stage_ids),
        good=row.made.good,
        scrap=row.made.scrapped,
        rework=row.made.rework,
        counted=row.counted,
        metrics=metrics_out(row.metrics),
    )


def _minutes(span: timedelta) -> Decimal:
    return rounded(minutes(span))
