"""Replanning: an order or a stage gets new times or quantities. Its first plan is kept as the baseline."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal

from chalicelib.domain.errors import FieldError, refuse
from chalicelib.domain.intervals import empty, outside
from chalicelib.domain.kept import KEPT, Kept, given
from chalicelib.domain.orders.changes import Change, What, changed_order, changed_stage
from chalicelib.domain.orders.commands import Command
from chalicelib.domain.orders.transitions import legal
from chalicelib.domain.orders.work_orders import Order, Stage
from chalicelib.domain.people.users import Actor
from chalicelib.domain.planning.holding import legal as legal_order
from chalicelib.domain.sentences import say
from chalicelib.domain.tenant_settings import TenantSettings

# The fields of an order that a planner may change.
CHANGEABLE = ("planned_start", "planned_end", "quantity", "priority", "customer", "note")


@dataclass(frozen=True)
class ReplanOrder:
    """A change of an order's plan, customer or note. A field that is KEPT does not change; None clears it.

    With `move_stages` its stages move by as much as its start.
    """

    reason: str
    planned_start: datetime | Kept = KEPT
    planned_end: datetime | Kept = KEPT
    quantity: Decimal | Kept = KEPT
    priority: int | Kept = KEPT
    customer: str | Kept | None = KEPT
    note: str | Kept | None = KEPT
    move_stages: bool = True


@dataclass(frozen=True)
class ReplanStage:
    """A change of a stage's plan. A field that is KEPT does not change. A machine or a standard of None is cleared."""

    reason: str
    name: str | Kept = KEPT
    planned_start: datetime | Kept = KEPT
    planned_end: datetime | Kept = KEPT
    machine_id: str | Kept | None = KEPT
    standard_seconds_per_unit: Decimal | Kept | None = KEPT


def replan_order(order: Order, actor: Actor, command: Command[ReplanOrder], _: TenantSettings) -> Change:
    """Change the window, quantity, priority, customer or note of an order.

    Raises IllegalOrderTransition, InvalidFields.
    """
    legal_order(order, actor, command)
    wanted = command.payload
    after = replace(order, **given(wanted, *CHANGEABLE))
    by = after.planned_start - order.planned_start if wanted.move_stages else timedelta(0)
    after = replace(after, stages=tuple(stage if stage.ended else _moved(stage, by) for stage in order.stages))
    refuse([] if after.window == order.window else empty(after.window) or _outside(after))
    return changed_order(order, after, What.REPLANNED)


def replan_stage(order: Order, actor: Actor, command: Command[ReplanStage], _: TenantSettings) -> Change:
    """Change the times, name, machine or standard of a stage.

    Raises IllegalTransition, InvalidFields, StageNotFound.
    """
    stage = legal(order, actor, command, "replan")
    names = ("name", "planned_start", "planned_end", "machine_id", "standard_seconds_per_unit")
    after = replace(stage, **given(command.payload, *names))
    refuse([] if after.window == stage.window else empty(after.window) or outside(after.window, order.window))
    return changed_stage(order, after, What.REPLANNED)


def _moved(stage: Stage, by: timedelta) -> Stage:
    return replace(stage, planned_start=stage.planned_start + by, planned_end=stage.planned_end + by)


def _outside(order: Order) -> list[FieldError]:
    """The field errors of all unfinished stages whose window is outside the order's."""
    return [
        replace(error, message=say("of {stage_id} {problem}", stage_id=stage.id, problem=error.message))
        for stage in order.stages
        if not stage.ended
        for error in outside(stage.window, order.window, f"stages[{stage.position - 1}].")
    ]
