"""The doors of work orders."""

import json
from functools import partial
from typing import Any

from chalicelib import ids
from chalicelib.domain.orders.changes import Change
from chalicelib.domain.orders.commands import Because, Command, Subject
from chalicelib.domain.people.users import Actor
from chalicelib.domain.planning import holding, replanning
from chalicelib.domain.planning.opening import NewOrder as Wanted
from chalicelib.domain.planning.opening import NewStage as WantedStage
from chalicelib.schemas.base import Paged, Reason
from chalicelib.schemas.commands import command_out
from chalicelib.schemas.metrics import metrics_out
from chalicelib.schemas.work_orders import ImportOrders, ListOrders, NewOrder, ReplanOrder, order_head, order_out
from chalicelib.services import commands
from chalicelib.services.commands import Steps
from chalicelib.services.idempotency import Answer
from chalicelib.services.numbers import metrics
from chalicelib.services.orders import work_orders
from chalicelib.services.orders.work_orders import OrderFilters
from chalicelib.services.planning import opening
from chalicelib.services.planning.imports import Import
from functions import _request
from functions._batches import outcome, within
from functions._endpoint import Call, Doors, listing

doors = Doors(__name__)


@doors.route("POST", "/workorders", action="order.create", body=NewOrder, location="/workorders/{id}")
def create_work_order(call: Call) -> Answer:
    """Open a work order with its stages."""
    return opening.open_work_order(
        call.actor, _wanted(call.body), call.request, lambda order: order_out(order, call.actor).plain()
    )


@doors.route("POST", "/workorders/import", action="order.create", body=ImportOrders)
def import_work_orders(call: Call) -> Answer:
    """Open a work order for each row; each is created, a duplicate, in conflict, or rejected."""
    under_way = Import(call.actor, call.request, lambda order: order_head(order).plain())

    def opened(number: int, row: Any) -> Answer:
        with within(f"rows[{number}]"):
            return under_way.open(number, _wanted(_request.read(json.dumps(row), NewOrder)))

    items = [
        {"row": number} | outcome(partial(opened, number, row), "created", call.request_id)
        for number, row in enumerate(call.body.rows)
    ]
    return Answer({"items": items})


@doors.route("GET", "/workorders", action="order.list", query=ListOrders)
def list_work_orders(call: Call) -> Answer:
    """List orders; without filters those not finished, soonest due first."""
    filters = OrderFilters(**call.query.model_dump(exclude=set(Paged.model_fields)))
    found = work_orders.page(call.actor, filters, limit=call.query.limit, cursor=call.query.cursor)
    return listing([order_head(order).plain() for order in found.items], found.next_cursor)


@doors.route("GET", "/workorders/{order_id}", action="order.read")
def read_work_order(call: Call, order_id: str) -> Answer:
    """Read an order with the stages that the caller may know of."""
    order = work_orders.read(call.actor, order_id)
    return Answer(order_out(order, call.actor).plain(), version=order.version)


@doors.route("PATCH", "/workorders/{order_id}", action="order.replan", body=ReplanOrder, versioned=True)
def replan_work_order(call: Call, order_id: str) -> Answer:
    """Give an order another window, quantity or priority; stages that go on move along with its start."""
    return _run(call, order_id, "replan", replanning.replan_order, replanning.ReplanOrder(**vars(call.body)))


@doors.route("POST", "/workorders/{order_id}/hold", action="order.hold", body=Reason)
def hold_work_order(call: Call, order_id: str) -> Answer:
    """Let nobody work on an order; who is at work is paused."""
    return _run(call, order_id, "hold", holding.hold, Because(call.body.reason))


@doors.route("POST", "/workorders/{order_id}/release", action="order.hold", body=Reason)
def release_work_order(call: Call, order_id: str) -> Answer:
    """Let a held order go on; everything else is as it was."""
    return _run(call, order_id, "release", holding.release, Because(call.body.reason))


@doors.route("POST", "/workorders/{order_id}/cancel", action="order.cancel", body=Reason)
def cancel_work_order(call: Call, order_id: str) -> Answer:
    """Give an order up: who is at work is stopped, what is not done is cancelled."""
    return _run(call, order_id, "cancel", holding.cancel, Because(call.body.reason))


@doors.route("GET", "/workorders/{order_id}/history", action="order.history", query=Paged)
def list_history(call: Call, order_id: str) -> Answer:
    """List who did what to an order, when and why, oldest first."""
    found = work_orders.history(call.actor, order_id, limit=call.query.limit, cursor=call.query.cursor)
    return listing([command_out(record) for record in found.items], found.next_cursor)


@doors.route("GET", "/workorders/{order_id}/stages", action="order.read")
def list_stages_of_work_order(call: Call, order_id: str) -> Answer:
    """List the stages of an order that the caller may know of, in their order."""
    order = work_orders.read(call.actor, order_id)
    stages = order_out(order, call.actor).plain()["stages"]
    return Answer({"items": stages}, version=order.version)


@doors.route("GET", "/workorders/{order_id}/metrics", action="metrics.read")
def read_work_order_metrics(call: Call, order_id: str) -> Answer:
    """Measure an order as of now."""
    return Answer(metrics_out(metrics.of_order(call.actor, order_id)))


def _wanted(body: NewOrder) -> Wanted:
    """Say what a body asks for in the words of planning."""
    stages = tuple(WantedStage(**vars(stage)) for stage in body.stages)
    return Wanted(**(vars(body) | {"stages": stages}))


def _run(call: Call, order_id: str, name: str, decide: commands.Decide[Any], payload: object) -> Answer:
    """Give a command on a whole order."""
    command = Command(ids.new(), name, order_id, payload, call.received_at, subject=Subject.ORDER)
    return commands.run(call.actor, command, call.request, Steps(commands.by(decide), _presented))


def _presented(change: Change, actor: Actor) -> dict[str, Any]:
    """Show the order that a command came to."""
    return order_out(change.order, actor).plain()
