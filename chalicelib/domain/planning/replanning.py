"""Replanning: an order or a stage gets other times or quantities; what was planned at first is kept as the baseline."""

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
from chalicelib.domain.tenants import TenantSettings

# The fields of an order that a planner may change.
CHANGEABLE = ("planned_start", "planned_end", "quantity", "priority", "customer", "note")


@dataclass(frozen=True)
class ReplanOrder:
    """What to change about an order: what is kept stays; a customer or a note of None is taken away.

    With `move_stages` its stages move along with its start.
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
    """What to change about a stage: what is kept stays; a machine or a standard of None is taken away."""

    reason: str
    name: str | Kept = KEPT
    planned_start: datetime | Kept = KEPT
    planned_end: datetime | Kept = KEPT
    machine_id: str | Kept | None = KEPT
    standard_seconds_per_unit: Decimal | Kept | None = KEPT


def replan_order(order: Order, actor: Actor, command: Command[ReplanOrder], _: TenantSettings) -> Change:
    """Give an order another window, quantity, priority, customer or note.

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
    """Give a stage other times, another name, machine or standard.

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
    """Name every stage that goes on and would stand outside the order."""
    return [
        error
        for stage in order.stages
        if not stage.ended
        for error in outside(stage.window, order.window, f"stages[{stage.position - 1}].", f"of {stage.id} ")
    ]
