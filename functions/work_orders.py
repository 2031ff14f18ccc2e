"""The doors of work orders."""

from functools import partial
from http import HTTPStatus
from typing import Any

from chalicelib import ids
from chalicelib.domain.errors import Conflict, Stale
from chalicelib.domain.orders.changes import Change, Decide
from chalicelib.domain.orders.commands import Because, Command, Subject
from chalicelib.domain.people.users import Actor
from chalicelib.domain.planning import holding, replanning
from chalicelib.schemas.base import Reason, Reversible
from chalicelib.schemas.batches import ImportedOut
from chalicelib.schemas.commands import CommandOut, command_out
from chalicelib.schemas.explained import ReadMetrics, explained_out
from chalicelib.schemas.metrics import OrderMetricsOut, order_metrics_out
from chalicelib.schemas.stages import StageOut
from chalicelib.schemas.users import ColleagueOut, colleague_out
from chalicelib.schemas.work_orders import (
    ImportOrders,
    ListedOrder,
    ListOrders,
    NewOrder,
    OrderOut,
    ReplanOrder,
    listed_order,
    order_head,
    order_out,
)
from chalicelib.services import commands, tenants
from chalicelib.services.commands import Steps
from chalicelib.services.idempotency import Answer
from chalicelib.services.numbers import metrics
from chalicelib.services.orders import people, work_orders
from chalicelib.services.orders.work_orders import OrderFilters
from chalicelib.services.planning import opening
from chalicelib.services.planning.imports import Import
from functions import _rows
from functions._batches import outcome, within
from functions._endpoint import Call, Doors, page_of
from functions._rules import ListOf

doors = Doors(__name__)

# A spreadsheet counts lines from 1, and the first holds the names of the columns.
FIRST_LINE = 2


@doors.route(
    "POST",
    "/workorders",
    action="order.create",
    body=NewOrder,
    answers=OrderOut,
    statuses=(HTTPStatus.CREATED,),
    refuses=(Conflict,),
    location="/workorders/{id}",
)
def create_work_order(call: Call) -> Answer:
    """Open a work order with its stages."""
    return opening.open_work_order(
        call.actor, call.body.payload(), call.request, lambda order: order_out(order, call.actor).plain()
    )


@doors.route(
    "POST",
    "/workorders/import",
    action="order.create",
    body=ImportOrders,
    answers=ListOf(ImportedOut),
    refuses=(Conflict,),
)
def import_work_orders(call: Call) -> Answer:
    """Open a work order for each row; each result is created, duplicate, conflict or rejected."""
    under_way = Import(call.actor, call.request, lambda order: order_head(order).plain())

    def opened(number: int, row: Any) -> Answer:
        with within(f"rows[{number}]"):
            return _rows.opened(under_way, number, row)

    items = [
        {"row": number, "line": number + FIRST_LINE} | outcome(partial(opened, number, row), "created", call.reader)
        for number, row in enumerate(call.body.rows)
    ]
    return Answer({"items": items})


@doors.route("GET", "/workorders", action="order.list", query=ListOrders, answers=ListOf(ListedOrder))
def list_work_orders(call: Call) -> Answer:
    """List work orders by planned end, or with `order=newest` newest first; without filters those not finished."""
    asked = call.query.model_dump(exclude={*Reversible.model_fields, "next_stage"})
    filters = OrderFilters(**asked, newest=call.query.newest)
    page = work_orders.page(call.actor, filters, limit=call.query.limit, cursor=call.query.cursor)
    following = work_orders.next_stages(call.actor, page.items) if call.query.next_stage else {}
    settings = tenants.settings_of(call.actor.tenant)
    shown = (listed_order(order, following.get(order.id), call.received_at, settings) for order in page.items)
    return page_of(shown, page.next_cursor)


@doors.route("GET", "/workorders/{order_id}", action="order.read", answers=OrderOut)
def read_work_order(call: Call, order_id: str) -> Answer:
    """Read an order with the stages that the caller may see."""
    order = work_orders.read(call.actor, order_id)
    return Answer(order_out(order, call.actor).plain(), version=order.version)


@doors.route(
    "PATCH",
    "/workorders/{order_id}",
    action="order.replan",
    body=ReplanOrder,
    answers=OrderOut,
    refuses=(Conflict, Stale),
    versioned=True,
    brief=True,
)
def replan_work_order(call: Call, order_id: str) -> Answer:
    """Change an order's planned times, quantity, priority, customer or note; open stages move with its start."""
    return _run(call, order_id, "replan", replanning.replan_order, call.body.payload())


@doors.route(
    "POST",
    "/workorders/{order_id}/hold",
    action="order.hold",
    body=Reason,
    answers=OrderOut,
    refuses=(Conflict, Stale),
    brief=True,
)
def hold_work_order(call: Call, order_id: str) -> Answer:
    """Hold an order: nobody can work on it, and open sessions are closed."""
    return _run(call, order_id, "hold", holding.hold, Because(call.body.reason))


@doors.route(
    "POST",
    "/workorders/{order_id}/release",
    action="order.hold",
    body=Reason,
    answers=OrderOut,
    refuses=(Conflict, Stale),
    brief=True,
)
def release_work_order(call: Call, order_id: str) -> Answer:
    """Release a held order; nothing else changes."""
    return _run(call, order_id, "release", holding.release, Because(call.body.reason))


@doors.route(
    "POST",
    "/workorders/{order_id}/cancel",
    action="order.cancel",
    body=Reason,
    answers=OrderOut,
    refuses=(Conflict, Stale),
    brief=True,
)
def cancel_work_order(call: Call, order_id: str) -> Answer:
    """Cancel an order: open sessions are closed, stages that are not done are cancelled."""
    return _run(call, order_id, "cancel", holding.cancel, Because(call.body.reason))


@doors.route(
    "GET", "/workorders/{order_id}/history", action="order.history", query=Reversible, answers=ListOf(CommandOut)
)
def list_history(call: Call, order_id: str) -> Answer:
    """List the commands on an order, oldest first: who, what, when, why; with `order=newest` newest first."""
    query = call.query
    page = work_orders.history(call.actor, order_id, limit=query.limit, cursor=query.cursor, newest=query.newest)
    return page_of(map(command_out, page.items), page.next_cursor)


@doors.route("GET", "/workorders/{order_id}/stages", action="order.read", answers=ListOf(StageOut))
def list_stages_of_work_order(call: Call, order_id: str) -> Answer:
    """List the stages of an order that the caller may see, by position."""
    order = work_orders.read(call.actor, order_id)
    stages = order_out(order, call.actor).plain()["stages"]
    return Answer({"items": stages}, version=order.version)


@doors.route("GET", "/workorders/{order_id}/people", action="order.read", answers=ListOf(ColleagueOut))
def list_people_of_work_order(call: Call, order_id: str) -> Answer:
    """List the names of the people on an order: assigned, at work, who opened or holds it."""
    return page_of(map(colleague_out, people.of_order(call.actor, order_id)))


@doors.route("GET", "/workorders/{order_id}/metrics", action="metrics.read", query=ReadMetrics, answers=OrderMetricsOut)
def read_work_order_metrics(call: Call, order_id: str) -> Answer:
    """Read the metrics of an order as of now; with `explain=1` every input that was used or left out too."""
    if call.query.explain:
        page = {"limit": call.query.limit, "cursor": call.query.cursor}
        measured, inputs = metrics.explained_order(call.actor, order_id, **page)
        return Answer(explained_out(order_metrics_out(measured), inputs.items, inputs.next_cursor))
    return Answer(order_metrics_out(metrics.of_order(call.actor, order_id)).plain())


def _run(call: Call, order_id: str, name: str, decide: Decide[Any], payload: object) -> Answer:
    """Give a command on a whole order."""
    command = Command(ids.new(), name, order_id, payload, call.received_at, subject=Subject.ORDER)
    return commands.run(call.actor, command, call.request, Steps(commands.by(decide), _presented))


def _presented(change: Change, actor: Actor) -> dict[str, Any]:
    """The answer: the order after the command."""
    return order_out(change.order, actor).plain()
