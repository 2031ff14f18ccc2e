"""The shapes of stages, and of what planners do with them."""

from typing import Literal

from chalicelib.domain.orders.flows import waits_for
from chalicelib.domain.orders.statuses import StageStatus
from chalicelib.domain.orders.transitions import allowed
from chalicelib.domain.orders.work_orders import Order, Stage, stage_id
from chalicelib.domain.people.users import Actor
from chalicelib.schemas.base import (
    Body,
    Identifier,
    Instant,
    InstantOut,
    Lived,
    NumberOut,
    Out,
    Paged,
    Positive,
    Reason,
    Text,
)
from chalicelib.schemas.sessions import OpenSessionOut


class Assign(Body):
    """Who may work on a stage."""

    user_ids: tuple[Identifier, ...]


class ReplanStage(Reason):
    """What to change about a stage, and why."""

    name: Text | None = None
    planned_start: Instant | None = None
    planned_end: Instant | None = None
    machine_id: Identifier | None = None
    standard_seconds_per_unit: Positive | None = None


class ListStages(Paged):
    """The filters of a list of stages."""

    assignee: Literal["me"] | None = None
    status: tuple[StageStatus, ...] = ()
    due_before: Instant | None = None


class HeldOut(Out):
    """Why nobody may work on an order."""

    reason: str
    since: InstantOut
    by: str


class StageOut(Lived):
    """A stage with what its worker needs to know of its order, and the commands that the caller may give now."""

    id: str
    work_order_id: str
    position: int
    name: str
    status: StageStatus
    planned_start: InstantOut
    planned_end: InstantOut
    baseline_start: InstantOut
    baseline_end: InstantOut
    product_code: str
    lot_no: str
    order_number: str
    quantity: NumberOut
    good: NumberOut
    scrap: NumberOut
    rework: NumberOut
    standard_seconds_per_unit: NumberOut | None
    machine_id: str | None
    assignee_ids: list[str]
    held: HeldOut | None
    ready: bool
    waits_for: str | None
    open_issues: list[str]
    blocked_by: list[str]
    open_sessions: list[OpenSessionOut]
    allowed: list[str]
    version: int


def stage_out(order: Order, stage: Stage, actor: Actor) -> StageOut:
    """Show a stage to somebody."""
    of_order = {
        "work_order_id": order.id,
        "product_code": order.product_code,
        "lot_no": order.lot_no,
        "order_number": order.number,
        "quantity": order.quantity,
        "held": order.held,
        "version": order.version,
    }
    before = waits_for(order.flow, order.progress, stage.position)
    of_caller = {
        "ready": not stage.ended and before is None,
        "waits_for": stage_id(order.id, before) if before else None,
        "allowed": allowed(order, stage, actor),
    }
    shown = {
        "open_issues": [issue.issue_id for issue in stage.open_issues],
        "blocked_by": [issue.issue_id for issue in stage.blockers],
        "rework": stage.open_rework,
    }
    return StageOut.model_validate(vars(stage) | of_order | of_caller | shown)
