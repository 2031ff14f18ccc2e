"""The shapes of the numbers of local days."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Annotated

from pydantic import Field

from chalicelib.domain.numbers.days import DaySums, FinishedOrders, FinishedStages, WorkedTime
from chalicelib.domain.numbers.dimensions import Dimension, Group
from chalicelib.domain.numbers.issue_metrics import IssueSums
from chalicelib.domain.numbers.metrics import Measured, minutes, rounded
from chalicelib.domain.numbers.progress import NOT_RECORDED
from chalicelib.schemas.base import Filters, Out, Paged
from chalicelib.schemas.metrics import IssueSumsOut, MeasuredOut, around
from chalicelib.schemas.values import Day, Line, NumberOut, digits

MOST_DAYS = 400


class DayRange(Filters):
    """A range of local days, both included."""

    first: Day | None = Field(default=None, alias="from")
    last: Day | None = Field(default=None, alias="to")


class ListDays(DayRange, Paged):
    """A range of local days, and by what their numbers are summed.

    `value` is one value of the dimension: a product, a stage's name, or the id of a worker or of a machine.
    """

    group_by: Dimension = Dimension.NONE
    value: Line | None = None
    limit: Annotated[int, Field(ge=1, le=MOST_DAYS), digits] = MOST_DAYS


class FinishedStagesOut(Out):
    """Sums over the stages that were done on a day."""

    done: int
    late: int
    planned_minutes: NumberOut
    run_minutes: NumberOut
    labour_minutes: NumberOut
    delay_minutes: NumberOut
    good: NumberOut
    scrap: NumberOut
    rework: NumberOut


class FinishedOrdersOut(Out):
    """Sums over the orders that were done on a day."""

    done: int
    late: int
    lead_time_minutes: NumberOut


class FinishedOut(Out):
    """What was finished on a day."""

    stages: FinishedStagesOut
    orders: FinishedOrdersOut


class TimeOut(Out):
    """Sums over the time of sessions on a day. Pieces count on the day on which their session ended."""

    run_minutes: NumberOut
    labour_minutes: NumberOut
    setup_minutes: NumberOut
    pieces: NumberOut


class DayOut(MeasuredOut):
    """A local day, of the plant or of one value of a dimension: its sums in minutes and pieces, and the ratios of them.

    Without `group_by`, `group` and `value` are null. With it, `issues` is null: issues are counted for the whole plant.
    `reason` says why sums are null: `not_recorded` for a day that was summed before sums by groups were kept.
    """

    date: date
    group: Dimension | None
    value: str | None
    reason: str | None
    finished: FinishedOut | None
    time: TimeOut | None
    issues: IssueSumsOut | None


def day_out(
    day: date, group: Group | None, sums: DaySums | None, measured: Measured, issues: IssueSums | None
) -> DayOut:
    """Show a local day of the plant (`group` is None) or of a group. Sums of None were not recorded."""
    return DayOut(
        date=day,
        group=group.dimension if group else None,
        value=(group.value or None) if group else None,
        reason=None if sums else NOT_RECORDED,
        finished=FinishedOut(stages=_stages_out(sums.stages), orders=_orders_out(sums.orders)) if sums else None,
        time=_time_out(sums.time) if sums else None,
        issues=IssueSumsOut.model_validate(issues) if issues else None,
        **around(measured),
    )


def _stages_out(stages: FinishedStages) -> FinishedStagesOut:
    """Show the sums over done stages."""
    return FinishedStagesOut(
        done=stages.done,
        late=stages.late,
        planned_minutes=_minutes(stages.planned),
        run_minutes=_minutes(stages.run),
        labour_minutes=_minutes(stages.labour),
        delay_minutes=_minutes(stages.delay),
        good=stages.good,
        scrap=stages.scrap,
        rework=stages.rework,
    )


def _orders_out(orders: FinishedOrders) -> FinishedOrdersOut:
    """Show the sums over done orders."""
    return FinishedOrdersOut(done=orders.done, late=orders.late, lead_time_minutes=_minutes(orders.lead))


def _time_out(time: WorkedTime) -> TimeOut:
    """Show the sums over the time of sessions."""
    return TimeOut(
        run_minutes=_minutes(time.run),
        labour_minutes=_minutes(time.labour),
        setup_minutes=_minutes(time.setup),
        pieces=time.pieces,
    )


def _minutes(milliseconds: int) -> Decimal:
    """Milliseconds as rounded minutes."""
    return rounded(minutes(timedelta(milliseconds=milliseconds)))
