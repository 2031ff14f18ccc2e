"""Opening: the planned times of a new work order and its stages."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import pairwise

from chalicelib.domain.errors import FieldError, refuse
from chalicelib.domain.instants import truncated
from chalicelib.domain.intervals import Interval, empty, outside
from chalicelib.domain.orders.flows import Flow
from chalicelib.domain.orders.work_orders import Order, Stage, settled, stage_id
from chalicelib.domain.people.users import Actor
from chalicelib.domain.sentences import say

MAX_STAGES = 40
MAX_ASSIGNEES = 30
MAX_STAGES_AND_ASSIGNMENTS = 80

MOULDING, ASSEMBLY = "Enjeksiyon", "Montaj"
MOULDING_TIME = timedelta(minutes=30)

END_OF_TIME = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True)
class NewStage:
    """A stage of a new order. Times that are left out are computed from the order's window."""

    name: str
    planned_start: datetime | None = None
    planned_end: datetime | None = None
    duration_minutes: Decimal | None = None
    machine_id: str | None = None
    assignee_ids: tuple[str, ...] = ()
    standard_seconds_per_unit: Decimal | None = None

    @property
    def timed(self) -> bool:
        """Whether the stage has a start, an end or a duration."""
        return not (self.planned_start is None and self.planned_end is None and self.duration_minutes is None)


@dataclass(frozen=True)
class NewOrder:
    """A new work order. If it names no stages, the plant's default stages are used."""

    product_code: str
    quantity: Decimal
    planned_start: datetime
    planned_end: datetime
    lot_no: str | None = None
    id: str | None = None
    number: str | None = None
    priority: int = 5
    flow: Flow = Flow.FREE
    stages: tuple[NewStage, ...] = ()
    customer: str | None = None
    note: str | None = None

    @property
    def window(self) -> Interval:
        """The planned start and end."""
        return self.planned_start, self.planned_end


def open_order(new: NewOrder, actor: Actor, order_id: str, now: datetime) -> Order:
    """Open a work order with its stages, all of them planned.

    Raises InvalidFields with every empty window, every stage outside the order's window, and every exceeded limit.
    """
    wanted = new.stages or default_stages(new)
    windows = plan_windows(wanted, new.window)
    people = [tuple(dict.fromkeys(stage.assignee_ids)) for stage in wanted]
    refuse(_window_errors(windows, new) + _limit_errors(people))
    opened = Order(
        id=order_id,
        number=new.number or order_id,
        product_code=new.product_code,
        lot_no=new.lot_no,
        customer=new.customer,
        note=new.note,
        quantity=new.quantity,
        planned_start=new.planned_start,
        planned_end=new.planned_end,
        baseline_start=new.planned_start,
        baseline_end=new.planned_end,
        created_at=now,
        created_by=actor.user_id,
        priority=new.priority,
        flow=new.flow,
        holds=(),
        stages=tuple(
            _opened(order_id, position, stage, window, assignees)
            for position, (stage, window, assignees) in enumerate(zip(wanted, windows, people, strict=True), start=1)
        ),
    )
    return settled(opened)


def _opened(order_id: str, position: int, new: NewStage, window: Interval, assignees: tuple[str, ...]) -> Stage:
    """A stage as it is opened, planned for this window."""
    return Stage(
        id=stage_id(order_id, position),
        position=position,
        name=new.name,
        planned_start=window[0],
        planned_end=window[1],
        baseline_start=window[0],
        baseline_end=window[1],
        standard_seconds_per_unit=new.standard_seconds_per_unit,
        machine_id=new.machine_id,
        assignee_ids=assignees,
        blocks=(),
    )


def default_stages(new: NewOrder) -> tuple[NewStage, ...]:
    """The stages of an order that names none: moulding for 30 minutes, then assembly.

    In an order of 30 minutes or less, each gets half of the time.
    """
    length = new.planned_end - new.planned_start
    change = truncated(new.planned_start + (MOULDING_TIME if length > MOULDING_TIME else length / 2))
    return (NewStage(MOULDING, new.planned_start, change), NewStage(ASSEMBLY, change, new.planned_end))


def plan_windows(stages: Sequence[NewStage], window: Interval) -> list[Interval]:
    """The planned start and end of every stage, in order.

    A missing start is the end of the stage before. A missing end is start + duration. Consecutive stages without any
    time share the gap up to the next given start (or the order's end) in equal parts.
    """
    windows: list[Interval] = []
    cursor, position = window[0], 0
    while position < len(stages):
        untimed = _untimed_run(stages, position)
        if untimed:
            following = stages[position + untimed] if position + untimed < len(stages) else None
            until = (following.planned_start if following else None) or window[1]
            cuts = [truncated(cursor + (until - cursor) * n / untimed) for n in range(untimed + 1)]
            windows += pairwise(cuts)
        else:
            windows.append(_own_window(stages[position], cursor, window[1]))
        cursor = windows[-1][1]
        position += untimed or 1
    return windows


def limits_of(order: Order) -> list[FieldError]:
    """The field errors of an order with more assignees than one transaction can write."""
    return _limit_errors([stage.assignee_ids for stage in order.stages])


def with_assignees(stage: Stage, user_ids: Sequence[str]) -> Stage:
    """The stage with these assignees, in this order, without duplicates."""
    return replace(stage, assignee_ids=tuple(dict.fromkeys(user_ids)))


def _untimed_run(stages: Sequence[NewStage], position: int) -> int:
    """The number of consecutive stages from this position that have no time at all."""
    count = 0
    while position + count < len(stages) and not stages[position + count].timed:
        count += 1
    return count


def _own_window(stage: NewStage, cursor: datetime, latest: datetime) -> Interval:
    """The window of a stage that has a time. A missing start or end comes from its neighbours."""
    start = stage.planned_start or cursor
    if stage.planned_end is not None:
        return start, stage.planned_end
    if stage.duration_minutes is not None:
        return start, _after(start, stage.duration_minutes)
    return start, latest


def _after(start: datetime, duration_minutes: Decimal) -> datetime:
    """Add minutes to an instant, rounded to the millisecond.

    A sum beyond the last possible instant becomes that instant. Its window is then refused with the name of its field.
    """
    try:
        return start + timedelta(milliseconds=round(duration_minutes * 60_000))
    except OverflowError:
        return END_OF_TIME


def _window_errors(windows: Sequence[Interval], new: NewOrder) -> list[FieldError]:
    """The errors of all stages whose window is empty or outside the order. If the order's is empty, only that error."""
    of_stages = (
        error
        for index, window in enumerate(windows)
        for error in empty(window, f"stages[{index}].") + outside(window, new.window, f"stages[{index}].")
    )
    return empty(new.window) or list(of_stages)


def _limit_errors(people: Sequence[Sequence[str]]) -> list[FieldError]:
    """The errors of all exceeded limits. `people` holds the assignees of each stage."""
    errors = [
        FieldError(
            f"stages[{index}].assignee_ids", say("at most {most} assignees per stage", most=MAX_ASSIGNEES), "too_many"
        )
        for index, assignees in enumerate(people)
        if len(assignees) > MAX_ASSIGNEES
    ]
    if len(people) > MAX_STAGES:
        errors.append(FieldError("stages", say("at most {most} stages per order", most=MAX_STAGES), "too_many"))
    if len(people) + sum(map(len, people)) > MAX_STAGES_AND_ASSIGNMENTS:
        message = say("at most {most} stages and assignments together per order", most=MAX_STAGES_AND_ASSIGNMENTS)
        errors.append(FieldError("stages", message, "too_many"))
    return errors
