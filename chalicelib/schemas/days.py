"""The shapes of the numbers of local days."""

from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from typing import Annotated, Final, Literal

from pydantic import Field

from chalicelib.domain.numbers.day_sums import DaySums
from chalicelib.domain.numbers.dimensions import WHOLE, Dimension, Group
from chalicelib.domain.numbers.issue_metrics import IssueSums
from chalicelib.domain.numbers.metrics import Measured, minutes, rounded
from chalicelib.domain.numbers.progress import NOT_RECORDED
from chalicelib.schemas.base import Filters, Out, Paged, left_out
from chalicelib.schemas.metrics import ExplanationOut, IssueSumsOut, MeasuredOut, around
from chalicelib.schemas.values import Day, Line, NumberOut, digits

MOST_DAYS = 400
SHIFT: Final = "shift"
OUTSIDE = "outside_shifts"


class DayRange(Filters):
    """A range of local days, both included."""

    first: Day | None = Field(default=None, alias="from")
    last: Day | None = Field(default=None, alias="to")


class Per(StrEnum):
    """For what an item of a dimension stands: a day, or a shift of it."""

    DAY = "day"
    SHIFT = "shift"


class ListDays(DayRange, Paged):
    """A range of local days, and by what their numbers are summed.

    `value` is one value of it: a product, the name of a stage or of a shift, the id of a worker or of a machine. With
    `explain` the one day that is asked for is shown with a page of its inputs.
    """

    explain: Literal["1"] | None = None

    group_by: Dimension | Literal["shift"] = Dimension.NONE
    value: Line | None = None
    per: Per = Per.DAY
    limit: Annotated[int, Field(ge=1, le=MOST_DAYS), digits] = MOST_DAYS


class FinishedStagesOut(Out):
    """Sums over the stages that were done on a day. `good` counts a piece once at each stage.

    Those that were `skipped` or `cancelled` on it are only counted: they are in no other sum and in no metric.
    """

    done: int
    late: int
    planned_minutes: NumberOut
    run_minutes: NumberOut
    labour_minutes: NumberOut
    delay_minutes: NumberOut
    good: NumberOut
    scrap: NumberOut
    rework: NumberOut
    baseline_late: int | None
    good_from_rework: NumberOut | None
    with_standard: int | None
    standard_minutes: NumberOut | None
    standard_run_minutes: NumberOut | None
    skipped: int | None
    cancelled: int | None


class FinishedOrdersOut(Out):
    """Sums over the orders that were done on a day. `good` are the pieces of their last stages.

    Those that were `cancelled` on it are only counted.
    """

    done: int
    late: int
    lead_time_minutes: NumberOut
    baseline_late: int | None
    good: NumberOut | None
    cancelled: int | None


class FinishedOut(Out):
    """What was finished on a day."""

    stages: FinishedStagesOut
    orders: FinishedOrdersOut


class TimeOut(Out):
    """Sums over the time of sessions on a day. Pieces count on the day on which their session ended.

    `pieces` counts a piece once at each stage, `last_stage_pieces` only at the last stage of its order.
    """

    run_minutes: NumberOut
    labour_minutes: NumberOut
    setup_minutes: NumberOut
    pieces: NumberOut
    breakdown_minutes: NumberOut | None
    rework_minutes: NumberOut | None
    last_stage_pieces: NumberOut | None
    scrap_by_reason: dict[str, NumberOut] | None
    pauses_by_reason: dict[str, int] | None
    paused_minutes_by_reason: dict[str, NumberOut] | None
    pauses_without_reason: int | None
    paused_minutes_without_reason: NumberOut | None


class DayOut(MeasuredOut):
    """A local day, of the plant or of one value of a dimension: its sums in minutes and pieces, and the ratios of them.

    `value_key` is the same for all spellings of a value. Without `group_by` it, `group` and `value` are null. With it,
    `issues` is null: issues are counted for the whole plant.
    `reason` says why sums are null: `not_recorded` for a day that an earlier release summed without them. By shift,
    `outside_shifts` says that the value is null because the time lies outside every shift. `explanation` is there with
    `explain=1`.
    """

    date: date
    group: Dimension | Literal["shift"] | None
    value: str | None
    value_key: str | None
    shift: str | None
    reason: str | None
    finished: FinishedOut | None
    time: TimeOut | None
    issues: IssueSumsOut | None
    explanation: ExplanationOut | None = left_out()


def day_out(
    day: date, group: Group | None, sums: DaySums | None, measured: Measured, issues: IssueSums | None
) -> DayOut:
    """Show a local day of the plant (`group` is None) or of a group. Sums of None were not recorded."""
    return DayOut(
        date=day,
        group=group.dimension if group else None,
        value=(group.value or None) if group else None,
        value_key=(group.key.value or None) if group else None,
        shift=None,
        reason=None if sums and sums.known else NOT_RECORDED,
        finished=_finished_out(sums) if sums else None,
        time=_time_out(sums) if sums else None,
        issues=IssueSumsOut.model_validate(issues) if issues else None,
        **around(measured),
    )


def shift_out(day: date, name: str | None, group: Group, sums: DaySums | None, measured: Measured) -> DayOut:
    """Show a shift of a local day, of the plant or of a group. A name of None: the time outside.

    Sums of None were not recorded.
    """
    of_plant = group == WHOLE
    return DayOut(
        date=day,
        group=SHIFT if of_plant else group.dimension,
        value=name if of_plant else group.value,
        value_key=name if of_plant else group.key.value,
        shift=name,
        reason=NOT_RECORDED if sums is None or not sums.known else OUTSIDE if name is None else None,
        finished=_finished_out(sums) if sums else None,
        time=_time_out(sums) if sums else None,
        issues=None,
        **around(measured),
    )


def _finished_out(sums: DaySums) -> FinishedOut:
    """Show the sums over done stages and orders."""
    stages, orders, whole = sums.stages, sums.orders, sums.whole
    return FinishedOut(
        stages=FinishedStagesOut(
            done=stages.done,
            late=stages.late,
            planned_minutes=_minutes(stages.planned),
            run_minutes=_minutes(stages.run),
            labour_minutes=_minutes(stages.labour),
            delay_minutes=_minutes(stages.delay),
            good=stages.good,
            scrap=stages.scrap,
            rework=stages.rework,
            baseline_late=stages.baseline_late if whole else None,
            good_from_rework=stages.good_from_rework if whole else None,
            with_standard=stages.with_standard if whole else None,
            standard_minutes=rounded(Fraction(stages.standard) / 60) if whole else None,
            standard_run_minutes=_minutes(stages.standard_run) if whole else None,
            skipped=stages.skipped if whole else None,
            cancelled=stages.cancelled if whole else None,
        ),
        orders=FinishedOrdersOut(
            done=orders.done,
            late=orders.late,
            lead_time_minutes=_minutes(orders.lead),
            baseline_late=orders.baseline_late if whole else None,
            good=orders.good if whole else None,
            cancelled=orders.cancelled if whole else None,
        ),
    )


def _time_out(sums: DaySums) -> TimeOut:
    """Show the sums over the time of sessions."""
    time, whole = sums.time, sums.whole
    return TimeOut(
        run_minutes=_minutes(time.run),
        labour_minutes=_minutes(time.labour),
        setup_minutes=_minutes(time.setup),
        pieces=time.pieces,
        breakdown_minutes=_minutes(time.breakdown) if whole else None,
        rework_minutes=_minutes(time.rework) if whole else None,
        last_stage_pieces=time.last_stage_pieces if whole else None,
        scrap_by_reason=dict(time.scrap_by_reason) if whole else None,
        pauses_by_reason=dict(time.pauses_by_reason) if whole else None,
        paused_minutes_by_reason=_by_reason(time.paused_by_reason) if whole else None,
        pauses_without_reason=time.pauses_without_reason if whole else None,
        paused_minutes_without_reason=_minutes(time.paused_without_reason) if whole else None,
    )


def _by_reason(spent: Mapping[str, int]) -> dict[str, Decimal]:
    """Milliseconds by reason as rounded minutes."""
    return {reason: _minutes(milliseconds) for reason, milliseconds in spent.items()}


def _minutes(milliseconds: int) -> Decimal:
    """Milliseconds as rounded minutes."""
    return rounded(minutes(timedelta(milliseconds=milliseconds)))
