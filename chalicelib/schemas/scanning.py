"""The shape of what a scanned code names."""

from collections.abc import Sequence
from typing import Annotated, Literal

from pydantic import Field

from chalicelib.domain import text
from chalicelib.domain.floor.scanning import Found
from chalicelib.domain.machines.machines import Machine
from chalicelib.domain.orders import transitions
from chalicelib.domain.orders.work_orders import Order
from chalicelib.domain.people.users import Actor
from chalicelib.domain.planning import holding
from chalicelib.schemas.base import Filters, Out
from chalicelib.schemas.machines import MachineOut, machine_out
from chalicelib.schemas.stages import StageOut, stage_out
from chalicelib.schemas.values import kept_as
from chalicelib.schemas.work_orders import OrderOut, order_out

# A link holds an id of 64 characters, a hyphen and a position; the rest is its host and the path before.
Code = Annotated[str, Field(min_length=1, max_length=400), kept_as(text.line)]
ISSUE = "issue"


class ScannedCode(Filters):
    """The code that a path holds."""

    code: Code


class FoundOut(Out):
    """One thing that the code names. `name` is the number of an order, or the name of a stage or a machine.

    `allowed` are the commands that the caller may give there now, and `issue` where they may report one.
    """

    kind: Literal["order", "stage", "machine"]
    id: str
    name: str
    status: str
    product_code: str | None = None
    lot_no: str | None = None
    allowed: list[str]


class ScannedOut(Out):
    """What the code names. If that is one thing, it is shown as its own endpoint shows it."""

    found: list[FoundOut]
    more: bool
    order: OrderOut | None = None
    stage: StageOut | None = None
    machine: MachineOut | None = None


def scanned_out(found: Sequence[Found], actor: Actor, *, more: bool) -> ScannedOut:
    """Show to an actor what their code names."""
    shown = ScannedOut(found=[_found_out(each, actor) for each in found], more=more)
    return shown if len(found) > 1 else shown.model_copy(update=_whole(found[0], actor))


def _whole(found: Found, actor: Actor) -> dict[str, Out]:
    if isinstance(found, Machine):
        return {"machine": machine_out(found)}
    if isinstance(found, Order):
        return {"order": order_out(found, actor)}
    return {"stage": stage_out(found.order, found.stage, actor)}


def _found_out(found: Found, actor: Actor) -> FoundOut:
    if isinstance(found, Machine):
        return FoundOut(kind="machine", id=found.id, name=found.name, status=found.status, allowed=[ISSUE])
    order = found if isinstance(found, Order) else found.order
    product = {"product_code": order.product_code, "lot_no": order.lot_no}
    if isinstance(found, Order):
        may = holding.allowed(order, actor)
        return FoundOut(kind="order", id=order.id, name=order.number, status=order.status, allowed=may, **product)
    stage = found.stage
    may = [*transitions.allowed(order, stage, actor), ISSUE]
    return FoundOut(kind="stage", id=stage.id, name=stage.name, status=stage.status, allowed=may, **product)
