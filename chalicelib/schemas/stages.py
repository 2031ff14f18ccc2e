"""The shapes of stages, and of commands that a planner gives on a stage."""

from typing import Literal

from chalicelib.domain.orders.statuses import StageStatus
from chalicelib.domain.orders.transitions import allowed
from chalicelib.domain.orders.work_orders import Order, Stage, awaited
from chalicelib.domain.people.users import Actor
from chalicelib.domain.planning import assigning, replanning
from chalicelib.schemas.base import Adjusted, Lived, Out, Reversible, Timed, kept, left_out
from chalicelib.schemas.sessions import OpenSessionOut
from chalicelib.schemas.values import (
    Identifier,
    Instant,
    InstantOut,
    InstantParameter,
    Line,
    Many,
    NumberOut,
    Positive,
    Text,
)


class Assign(Timed):
    """The people who may work on a stage."""

    user_ids: Many[Identifier]

    def payload(self) -> assigning.Assign:
        """The ids of the people."""
        return self.made_into(assigning.Assign)


class ReplanStage(Timed):
    """The fields of a stage to change, and the reason."""

    reason: Text
    name: Line = kept()
    planned_start: Instant = kept()
    planned_end: Instant = kept()
    machine_id: Identifier | None = kept()
    standard_seconds_per_unit: Positive | None = kept()

    def payload(self) -> replanning.ReplanStage:
        """The fields to change and the reason."""
        return self.made_into(replanning.ReplanStage)


class ListStages(Reversible):
    """The filters of a list of stages. `order=newest` begins with the latest planned one."""

    assignee: Literal["me"] | None = None
    status: tuple[StageStatus, ...] = ()
    due_before: InstantParameter | None = None
    due_after: InstantParameter | None = None


class HeldOut(Out):
    """Why, since when and by whom an order is held."""

    reason: str
    since: InstantOut
    by: str


class WaitsForOut(Out):
    """The stage that this one waits for. It is shown also to workers who may not read that stage."""

    name: str
    status: StageStatus
    good: NumberOut
    people_ids: list[str]


class StageOut(Lived):
    """A stage, the fields of its order that a worker needs, and the commands that are allowed to the caller now."""

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
    lot_no: str | None
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
    waits_for_stage: WaitsForOut | None
    open_issues: list[str]
    blocked_by: list[str]
    open_sessions: list[OpenSessionOut]
    allowed: list[str]
    version: int
    adjusted: Adjusted | None = left_out()


def stage_out(order: Order, stage: Stage, actor: Actor) -> StageOut:
    """Show a stage to an actor. The order holds at least this stage and the stage that it waits for.

    A worker who may not see the stage is shown only what they made there, and not what the stage waits for.
    """
    seen = stage.open_to(actor)
    before = awaited(order, stage) if seen else None
    return StageOut(
        id=stage.id,
        work_order_id=order.id,
        position=stage.position,
        name=stage.name,
        status=stage.status,
        planned_start=stage.planned_start,
        planned_end=stage.planned_end,
        baseline_start=stage.baseline_start,
        baseline_end=stage.baseline_end,
        started_at=stage.started_at,
        ended_at=stage.ended_at,
        product_code=order.product_code,
        lot_no=order.lot_no,
        order_number=order.number,
        quantity=order.quantity,
        good=stage.good,
        scrap=stage.scrap,
        rework=stage.open_rework,
        standard_seconds_per_unit=stage.standard_seconds_per_unit,
        machine_id=stage.machine_id,
        assignee_ids=list(stage.assignee_ids),
        held=HeldOut.model_validate(order.held) if order.held else None,
        ready=seen and not stage.ended and before is None,
        waits_for=before,
        waits_for_stage=_waits_for_out(order.stage(before)) if before else None,
        open_issues=[issue.issue_id for issue in stage.open_issues],
        blocked_by=[issue.issue_id for issue in stage.blockers],
        open_sessions=[OpenSessionOut.model_validate(session) for session in stage.open_sessions],
        allowed=allowed(order, stage, actor),
        version=order.version,
    )


def _waits_for_out(stage: Stage) -> WaitsForOut:
    """Show the status and the good pieces of a stage that must come first, and its people."""
    return WaitsForOut(name=stage.name, status=stage.status, good=stage.good, people_ids=list(stage.people))
