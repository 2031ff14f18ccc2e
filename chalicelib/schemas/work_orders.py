"""The shapes of work orders."""

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import Field

from chalicelib.domain.numbers.progress import adherence_of, progress_of
from chalicelib.domain.orders.flows import Flow
from chalicelib.domain.orders.statuses import OrderStatus, StageStatus
from chalicelib.domain.orders.work_orders import Order, Stage
from chalicelib.domain.people.users import Actor
from chalicelib.domain.planning import opening, replanning
from chalicelib.domain.planning.holding import allowed
from chalicelib.domain.planning.opening import MAX_STAGES
from chalicelib.domain.priorities import Priority
from chalicelib.domain.tenant_settings import TenantSettings
from chalicelib.schemas.base import Body, Lived, Out, Reversible, example, kept, left_out
from chalicelib.schemas.contract import Shown
from chalicelib.schemas.stages import HeldOut, StageOut, stage_out
from chalicelib.schemas.values import (
    Coded,
    Identifier,
    Instant,
    InstantOut,
    InstantParameter,
    Line,
    Many,
    Note,
    NumberOut,
    OneOf,
    OrderId,
    Positive,
    ProductCode,
    Text,
)

MOST_ROWS = 200

OrderPriority = Annotated[int, Field(ge=0, le=9, description="0 to 9: 9 is the most urgent, 5 is usual.")]


class NewStage(Body):
    """A stage of a new order."""

    name: Line
    planned_start: Instant | None = None
    planned_end: Instant | None = None
    duration_minutes: Positive | None = None
    machine_id: Identifier | None = None
    assignee_ids: Many[Identifier] = ()
    standard_seconds_per_unit: Positive | None = None

    def payload(self) -> opening.NewStage:
        """The stage of a new order."""
        return self.made_into(opening.NewStage)


class NewOrder(Body):
    """A new work order."""

    model_config = example(
        product_code="CAP-40",
        lot_no="L-7",
        quantity=500,
        planned_start="2026-01-05T08:00:00Z",
        planned_end="2026-01-05T16:00:00Z",
    )

    product_code: ProductCode
    quantity: Positive
    planned_start: Instant
    planned_end: Instant
    lot_no: Coded | None = None
    customer: Line | None = None
    note: Note | None = None
    id: OrderId | None = None
    number: Coded | None = None
    priority: OrderPriority = 5
    flow: OneOf[Flow] = Flow.FREE
    stages: Annotated[Many[NewStage], Field(max_length=MAX_STAGES)] = ()

    def payload(self) -> opening.NewOrder:
        """The fields of the order, and its stages."""
        return self.made_into(opening.NewOrder, stages=tuple(stage.payload() for stage in self.stages))


class ImportOrders(Body):
    """Rows that each open a work order. Each is checked on its own: a wrong one does not stop the others."""

    rows: Annotated[Many[Annotated[Any, Shown(NewOrder)]], Field(min_length=1, max_length=MOST_ROWS)]


class ReplanOrder(Body):
    """A change of an order's plan, and its reason."""

    reason: Text
    planned_start: Instant = kept()
    planned_end: Instant = kept()
    quantity: Positive = kept()
    priority: OrderPriority = kept()
    customer: Line | None = kept()
    note: Note | None = kept()
    move_stages: bool = True

    def payload(self) -> replanning.ReplanOrder:
        """The fields to change and the reason."""
        return self.made_into(replanning.ReplanOrder)


class ListOrders(Reversible):
    """The filters of a list of orders. `order=newest` begins with the order that was opened last.

    `next_stage=1` shows of each order the first stage that has not ended.
    """

    status: tuple[OrderStatus, ...] = ()
    number: Coded | None = None
    lot_no: Coded | None = None
    product_code: Coded | None = None
    customer: Line | None = None
    due_before: InstantParameter | None = None
    due_after: InstantParameter | None = None
    next_stage: Literal["1"] | None = None


class OrderFields(Lived):
    """The fields of a work order that are shown as they are."""

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


class OrderHead(OrderFields):
    """A work order without its stages, and how far it is.

    `good` are the good pieces of the last stage that is not skipped. `open_issues` are counted by priority. `reasons`
    says why a field of these is null, by its name.
    """

    good: NumberOut | None
    stages_done: int | None
    stages_skipped: int | None
    stages_total: int | None
    open_issues: dict[Priority, int] | None
    reasons: dict[str, str]


class NextStageOut(Out):
    """The first stage of an order that has not ended."""

    id: str
    position: int
    name: str
    status: StageStatus
    machine_id: str | None


class ListedOrder(OrderHead):
    """A work order in a list: its head, and how late it is now.

    A single order does not show lateness, because its ETag is its version and lateness changes with time alone.
    `next_stage` is there with `next_stage=1`, if there is one that the caller may see.
    """

    delay_minutes: NumberOut | None
    is_late: bool | None
    next_stage: NextStageOut | None = left_out()


class OrderOut(OrderHead):
    """A work order with the stages that the caller may see, and the commands allowed on the order itself."""

    allowed: list[str]
    stages: list[StageOut]


def order_head(order: Order) -> OrderHead:
    """Show an order's head."""
    return OrderHead.model_validate(_head(order))


def listed_order(order: Order, stage: Stage | None, now: datetime, settings: TenantSettings) -> ListedOrder:
    """Show an order's head, its metrics `delay` and `is_late` now, and the next stage if it is given."""
    head, adherence = _head(order), adherence_of(order, now, settings)
    late = {"delay_minutes": adherence.delay_minutes, "is_late": adherence.is_late}
    following = {"next_stage": NextStageOut.model_validate(stage) if stage else None}
    return ListedOrder.model_validate(head | late | following | {"reasons": {**head["reasons"], **adherence.reasons}})


def order_out(order: Order, actor: Actor) -> OrderOut:
    """Show an order with the stages that the actor may see. Raises OrderNotFound if there are none."""
    stages = [stage_out(order, stage, actor) for stage in order.seen_by(actor).stages]
    return OrderOut(**dict(order_head(order)), allowed=allowed(order, actor), stages=stages)


def _head(order: Order) -> dict[str, Any]:
    """The fields of an order's head."""
    progress = progress_of(order)
    return {name: getattr(order, name) for name in OrderFields.model_fields} | {
        "good": progress.good,
        "stages_done": progress.stages_done,
        "stages_skipped": progress.stages_skipped,
        "stages_total": progress.stages_total,
        "open_issues": progress.open_issues,
        "reasons": progress.reasons,
    }
