"""The shapes of OEE: of a machine in a window, and of many machines by machine, line, shift or day."""

from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from pydantic import Field

from chalicelib.domain.numbers.machine_oee import By, MeasuredRow
from chalicelib.domain.numbers.machine_time import MachineTime
from chalicelib.domain.numbers.metrics import rounded
from chalicelib.domain.numbers.oee import Made, Source
from chalicelib.schemas.base import Out, Paged, left_out
from chalicelib.schemas.explained import ReadMetrics
from chalicelib.schemas.metrics import ExplanationOut, MetricOut, WindowOut, metrics_out
from chalicelib.schemas.values import Identifier, InstantOut, InstantParameter, Line, NumberOut, OneOf


class ReadMachineMetrics(ReadMetrics):
    """The window of a machine's metrics, and whether their inputs are told too."""

    since: InstantParameter | None = Field(default=None, alias="from")
    until: InstantParameter | None = Field(default=None, alias="to")


class ListOee(Paged):
    """What the rows are of, one machine or a line, and the window."""

    by: OneOf[By] = By.MACHINE
    machine_id: Identifier | None = None
    line: Line | None = None
    since: InstantParameter | None = Field(default=None, alias="from")
    until: InstantParameter | None = Field(default=None, alias="to")


class MachineSecondsOut(Out):
    """Seconds of machines. `planned` and `planned_busy` are null if no calendar says what was planned.

    `planned` are the shifts without breaks. The states and `unknown` are its parts; without a calendar they are parts
    of the window. `planned_busy` is `planned` without `planned_stop` and `off`. `producing_unplanned` is beside it.
    """

    planned: NumberOut | None
    planned_busy: NumberOut | None
    producing: NumberOut
    setup: NumberOut
    idle: NumberOut
    unplanned_stop: NumberOut
    planned_stop: NumberOut
    off: NumberOut
    unknown: NumberOut
    producing_unplanned: NumberOut


class MachinePiecesOut(Out):
    """Pieces of the sessions that ended in the window. `without_standard` is how many were produced without one."""

    produced: NumberOut
    good: NumberOut
    scrap: NumberOut
    rework: NumberOut
    without_standard: NumberOut


class OeeOut(Out):
    """Availability, effectiveness, quality and OEE, and what they are made of.

    `sources` tell where the states are from: `states` of the machines, or `sessions` that name them.
    """

    metrics: dict[str, MetricOut]
    sources: list[Source]
    seconds: MachineSecondsOut
    pieces: MachinePiecesOut
    window: WindowOut
    as_of: InstantOut
    complete: bool
    inputs_count: int


class MachineMetricsOut(OeeOut):
    """The OEE of a machine. `calendar_id` is the calendar that counts; null if there is none.

    `explanation` is there with `explain=1`.
    """

    machine_id: str
    line: str | None
    calendar_id: str | None
    explanation: ExplanationOut | None = left_out()


class MachineLeftOutOut(Out):
    """A machine that is not in the sums of a row, and why."""

    machine_id: str
    reason: str


class OeeRowOut(OeeOut):
    """The OEE of a machine, of a line, of a shift of a day, or of a local day. What the row is not of is null.

    `machines` counts those in the sums; `left_out` are the others.
    """

    by: By
    machine_id: str | None
    line: str | None
    date: date | None
    shift: str | None
    machines: int
    left_out: list[MachineLeftOutOut]


def machine_metrics_out(measured: MeasuredRow) -> MachineMetricsOut:
    """Show the OEE of a machine."""
    place = measured.row.place
    return MachineMetricsOut(
        machine_id=str(place.machine_id),
        line=place.line,
        calendar_id=measured.calendar_id,
        **_around(measured),
    )


def oee_row_out(by: By, measured: MeasuredRow) -> OeeRowOut:
    """Show a row."""
    row = measured.row
    return OeeRowOut(
        by=by,
        machine_id=row.place.machine_id,
        line=row.place.line,
        date=row.place.day,
        shift=row.place.shift,
        machines=row.machines,
        left_out=[MachineLeftOutOut(machine_id=each, reason=why) for each, why in row.left_out.items()],
        **_around(measured),
    )


def _around(measured: MeasuredRow) -> dict[str, Any]:
    """The fields of `OeeOut`."""
    row = measured.row
    sums, (start, end) = row.sums, row.window
    return {
        "metrics": metrics_out(row.metrics),
        "sources": row.sources,
        "seconds": _seconds(sums.time, planned=row.unless != "no_calendar"),
        "pieces": _pieces(sums.made),
        "window": WindowOut(start=start, end=end, timezone=measured.timezone),
        "as_of": measured.as_of,
        "complete": measured.complete,
        "inputs_count": sums.inputs,
    }


def _seconds(time: MachineTime, *, planned: bool) -> MachineSecondsOut:
    states = ("producing", "setup", "idle", "unplanned_stop", "planned_stop", "off", "unknown")
    return MachineSecondsOut(
        planned=_rounded(time.planned) if planned else None,
        planned_busy=_rounded(time.busy) if planned else None,
        producing_unplanned=_rounded(time.unplanned),
        **{state: _rounded(getattr(time, state)) for state in states},
    )


def _rounded(microseconds: int) -> Decimal:
    """Microseconds as rounded seconds."""
    return rounded(Fraction(microseconds, 1_000_000))


def _pieces(made: Made) -> MachinePiecesOut:
    return MachinePiecesOut(
        produced=made.produced,
        good=made.good,
        scrap=made.scrap,
        rework=made.rework,
        without_standard=made.produced_unmeasured,
    )
