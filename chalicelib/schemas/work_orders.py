"""The shapes of work orders."""

from datetime import datetime
from typing import Annotated, Any

from pydantic import Field, field_validator

from chalicelib.domain.numbers.progress import adherence_of, progress_of
from chalicelib.domain.orders.flows import Flow
from chalicelib.domain.orders.issues import Priority
from chalicelib.domain.orders.statuses import OrderStatus
from chalicelib.domain.orders.work_orders import Order
from chalicelib.domain.people.users import Actor
from chalicelib.domain.planning import opening, replanning
from chalicelib.domain.planning.holding import allowed
from chalicelib.domain.planning.opening import MAX_STAGES
from chalicelib.domain.tenants import TenantSettings
from chalicelib.schemas.base import (
    Body,
    Identifier,
    Instant,
    InstantOut,
    Lived,
    Note,
    NumberOut,
    Positive,
    Reversible,
    Text,
    kept,
)
from chalicelib.schemas.stages import HeldOut, StageOut, stage_out

MOST_ROWS = 200
# What stands in a path where another order has its id.
NAMES_OF_PATHS = frozenset({"import"})

OrderPriority = Annotated[int, Field(ge=0, le=9, description="0 to 9: 9 is the most urgent, 5 is usual.")]


class NewStage(Body):
    """A stage as a planner writes it down."""

    name: Text
    planned_start: Instant | None = None
    planned_end: Instant | None = None
    duration_minutes: Positive | None = None
    machine_id: Identifier | None = None
    assignee_ids: tuple[Identifier, ...] = ()
    standard_seconds_per_unit: Positive | None = None

    def payload(self) -> opening.NewStage:
        """Make the stage."""
        return self.made_into(opening.NewStage)


class NewOrder(Body):
    """A work order as a planner writes it down."""

    product_code: Text
    quantity: Positive
    planned_start: Instant
    planned_end: Instant
    lot_no: Text | None = None
    customer: Text | None = None
    note: Note | None = None
    id: Identifier | None = None
    number: Text | None = None
    priority: OrderPriority = 5
    flow: Flow = Flow.FREE
    stages: Annotated[tuple[NewStage, ...], Field(max_length=MAX_STAGES)] = ()

    @field_validator("id")
    @classmethod
    def _leads_to_the_order(cls, identity: str | None) -> str | None:
        """Refuse an id under which the order could never be read."""
        if identity in NAMES_OF_PATHS:
            raise ValueError("is reserved for a path; choose another, or leave it out")
        return identity

    def payload(self) -> opening.NewOrder:
        """Make the payload, with its stages."""
        return self.made_into(opening.NewOrder, stages=tuple(stage.payload() for stage in self.stages))


class ImportOrders(Body):
    """Rows that each open a work order; each is read for itself, so that a wrong one stops no other."""

    rows: Annotated[tuple[Any, ...], Field(min_length=1, max_length=MOST_ROWS)]


class ReplanOrder(Body):
    """What to change about an order, and why."""

    reason: Text
    planned_start: Instant = kept()
    planned_end: Instant = kept()
    quantity: Positive = kept()
    priority: OrderPriority = kept()
    customer: Text | None = kept()
    note: Note | None = kept()
    move_stages: bool = True

    def payload(self) -> replanning.ReplanOrder:
        """Make the payload."""
        return self.made_into(replanning.ReplanOrder)


class ListOrders(Reversible):
    """The filters of a list of orders; `order=newest` begins with the order that was opened last."""

    status: tuple[OrderStatus, ...] = ()
    number: Text | None = None
    lot_no: Text | None = None
    product_code: Text | None = None
    customer: Text | None = None
    due_before: Instant | None = None
    due_after: Instant | None = None


class OrderHead(Lived):
    """A work order without its stages, and how far it is; `reasons` says why a field of that is null, by its name.

    `good` are the good pieces of the last stage that is not skipped, `open_issues` are counted by priority.
    """

    id: str
    number: str
    product_code: str
    lot_no: str | None
    customer: str | None
    note: str | None
    quantity: NumberOut
    status: OrderStatus
    flow: Flow
    priority: OrderPriority
    planned_start: InstantOut
    planned_end: InstantOut
    baseline_start: InstantOut
    baseline_end: InstantOut
    created_at: InstantOut
    created_by: str
    held: HeldOut | None
    version: int
    good: NumberOut | None
    stages_done: int | None
    stages_skipped: int | None
    stages_total: int | None
    open_issues: dict[Priority, int] | None
    reasons: dict[str, str]


class ListedOrder(OrderHead):
    """A work order as lists show it: the head, and how it keeps its plan now.

    What changes with time alone is not part of an order itself, whose ETag is its version.
    """

    delay_minutes: NumberOut | None
    is_late: bool | None


class OrderOut(OrderHead):
    """A work order with the stages that the caller may know of, and the commands on the order itself."""

    allowed: list[str]
    stages: list[StageOut]


def order_head(order: Order) -> OrderHead:
    """Show an order's head."""
    return OrderHead.model_validate(_head(order))


def listed_order(order: Order, now: datetime, settings: TenantSettings) -> ListedOrder:
    """Show an order's head, and how it keeps its plan now, as the metrics of the order do."""
    head, adherence = _head(order), vars(adherence_of(order, now, settings))
    return ListedOrder.model_validate(head | adherence | {"reasons": {**head["reasons"], **adherence["reasons"]}})


def order_out(order: Order, actor: Actor) -> OrderOut:
    """Show an order with its stages."""
    stages = [stage_out(order, each, actor) for each in order.stages]
    return OrderOut.model_validate(_head(order) | {"allowed": allowed(order, actor), "stages": stages})


def _head(order: Order) -> dict[str, Any]:
    """The fields of an order's head."""
    return vars(order) | vars(progress_of(order))
