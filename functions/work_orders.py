"""The doors of work orders."""

from chalicelib.domain.planning import NewOrder as Wanted
from chalicelib.domain.planning import NewStage as WantedStage
from chalicelib.schemas.base import Paged
from chalicelib.schemas.metrics import metrics_out
from chalicelib.schemas.work_orders import ListOrders, NewOrder, order_head, order_out
from chalicelib.services import metrics, work_orders
from chalicelib.services.idempotency import Answer
from chalicelib.services.work_orders import OrderFilters
from functions._endpoint import Call, Doors, listing

doors = Doors(__name__)


@doors.route("POST", "/workorders", action="order.create", body=NewOrder, location="/workorders/{id}")
def create_work_order(call: Call) -> Answer:
    """Open a work order with its stages."""
    stages = tuple(WantedStage(**vars(stage)) for stage in call.body.stages)
    wanted = Wanted(**(vars(call.body) | {"stages": stages}))
    return work_orders.open_work_order(
        call.actor, wanted, call.request, lambda order: order_out(order, call.actor).plain()
    )


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
