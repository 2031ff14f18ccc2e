"""The shapes of work orders."""

from typing import Annotated, Any

from pydantic import Field, field_validator

from chalicelib.domain.orders.flows import Flow
from chalicelib.domain.orders.statuses import OrderStatus
from chalicelib.domain.orders.work_orders import Order
from chalicelib.domain.people.users import Actor
from chalicelib.domain.planning import opening, replanning
from chalicelib.domain.planning.holding import allowed
from chalicelib.domain.planning.opening import MAX_STAGES
from chalicelib.schemas.base import Body, Identifier, Instant, InstantOut, Lived, NumberOut, Paged, Positive, Text, kept
from chalicelib.schemas.stages import HeldOut, StageOut, stage_out

MOST_ROWS = 200
# What stands in a path where another order has its id.
NAMES_OF_PATHS = frozenset({"import"})

OrderPriority = Annotated[int, Field(ge=0, le=9)]


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
    lot_no: Text
    quantity: Positive
    planned_start: Instant
    planned_end: Instant
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
    move_stages: bool = True

    def payload(self) -> replanning.ReplanOrder:
        """Make the payload."""
        return self.made_into(replanning.ReplanOrder)


class ListOrders(Paged):
    """The filters of a list of orders."""

    status: tuple[OrderStatus, ...] = ()
    number: Text | None = None
    lot_no: Text | None = None
    product_code: Text | None = None
    due_before: Instant | None = None
    due_after: Instant | None = None


class OrderHead(Lived):
    """A work order without its stages, as lists show it."""

    id: str
    number: str
    product_code: str
    lot_no: str
    quantity: NumberOut
    status: OrderStatus
    flow: Flow
    priority: int
    planned_start: InstantOut
    planned_end: InstantOut
    baseline_start: InstantOut
    baseline_end: InstantOut
    created_at: InstantOut
    created_by: str
    held: HeldOut | None
    version: int


class OrderOut(OrderHead):
    """A work order with the stages that the caller may know of, and the commands on the order itself."""

    allowed: list[str]
    stages: list[StageOut]


def order_head(order: Order) -> OrderHead:
    """Show an order's head."""
    return OrderHead.model_validate(order)


def order_out(order: Order, actor: Actor) -> OrderOut:
    """Show an order with the stages that the actor may know of. Raises OrderNotFound where that is none."""
    stages = [stage_out(order, each, actor) for each in order.seen_by(actor).stages]
    return OrderOut(
        id=order.id,
        number=order.number,
        product_code=order.product_code,
        lot_no=order.lot_no,
        quantity=order.quantity,
        status=order.status,
        flow=order.flow,
        priority=order.priority,
        planned_start=order.planned_start,
        planned_end=order.planned_end,
        baseline_start=order.baseline_start,
        baseline_end=order.baseline_end,
        started_at=order.started_at,
        ended_at=order.ended_at,
        created_at=order.created_at,
        created_by=order.created_by,
        held=HeldOut.model_validate(order.held) if order.held else None,
        version=order.version,
        allowed=allowed(order, actor),
        stages=stages,
    )
