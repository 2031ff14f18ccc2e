"""Reading work orders: one order, a page of orders, one stage, the history of an order."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from chalicelib.domain.errors import BadParameter
from chalicelib.domain.numbers.progress import next_position
from chalicelib.domain.orders.commands import CommandRecord
from chalicelib.domain.orders.session_records import Session
from chalicelib.domain.orders.statuses import OrderStatus
from chalicelib.domain.orders.work_orders import Order, Stage
from chalicelib.domain.people.users import Actor
from chalicelib.domain.sentences import say
from chalicelib.domain.text import alike
from chalicelib.services.pages import ListPage, page_of
from chalicelib.storage.codec import CONVERTER
from chalicelib.storage.orders import stages, work_orders
from chalicelib.storage.pages import Page


@dataclass(frozen=True)
class OrderFilters:
    """The filters of a list of orders. Without filters, orders that are not finished, earliest planned end first.

    With `newest` the list begins with the order that was opened last.
    """

    status: tuple[OrderStatus, ...] = ()
    number: str | None = None
    lot_no: str | None = None
    product_code: str | None = None
    due_before: datetime | None = None
    due_after: datetime | None = None
    customer: str | None = None
    newest: bool = False

    @property
    def by_name(self) -> bool:
        """Whether orders are asked for by number or lot. Then finished ones pass too."""
        return self.number is not None or self.lot_no is not None

    def keeps(self, order: Order) -> bool:
        """Whether an order passes the filters."""
        return (
            (order.status in self.status if self.status else self.by_name or not order.status.closed)
            and alike(self.number, order.number)
            and alike(self.lot_no, order.lot_no)
            and alike(self.product_code, order.product_code)
            and alike(self.customer, order.customer)
            and (self.due_before is None or order.planned_end < self.due_before)
            and (self.due_after is None or order.planned_end >= self.due_after)
        )


def read(actor: Actor, order_id: str) -> Order:
    """Read an order of which the actor may see at least one stage, with all its stages, in one query.

    Raises OrderNotFound.
    """
    order = work_orders.load(actor.tenant, order_id)
    order.seen_by(actor)
    return order


def read_worked(actor: Actor, order_id: str) -> tuple[Order, list[Session]]:
    """Read an order with all that was ever recorded of work on it, in one query. Raises OrderNotFound."""
    worked = work_orders.load_worked(actor.tenant, order_id)
    worked.order.seen_by(actor)
    return worked.order, worked.recorded


def read_stage(actor: Actor, stage_id: str) -> tuple[Order, Stage]:
    """Read a stage and its order, in one query. Raises StageNotFound."""
    order = work_orders.load_of_stage(actor.tenant, stage_id)
    return order, order.stage_seen_by(actor, stage_id)


def history(
    actor: Actor, order_id: str, *, limit: int, cursor: str | None, newest: bool = False
) -> ListPage[CommandRecord]:
    """A page of the commands on an order, oldest or newest first. Raises OrderNotFound, BadCursor.

    Costs one query, and one more if the page is empty.
    """
    listed = work_orders.commands(actor.tenant, order_id, limit=limit, cursor=cursor, forward=not newest)
    if not listed.items:
        work_orders.load(actor.tenant, order_id)
    return page_of(listed, CommandRecord)


def page(actor: Actor, filters: OrderFilters, *, limit: int, cursor: str | None) -> ListPage[Order]:
    """A page of order heads. Raises BadParameter, BadCursor.

    Costs one query; with the filter number or lot_no one read more.
    """
    if filters.due_after and filters.due_before and filters.due_after > filters.due_before:
        raise BadParameter(say("due_after must not be after due_before."))
    if filters.number is not None:
        order_id = work_orders.find_by_number(actor.tenant, filters.number)
        orders = work_orders.heads(actor.tenant, [order_id]) if order_id else []
        return ListPage([order for order in orders if filters.keeps(order)], None)
    bound = CONVERTER.unstructure(filters)
    if filters.lot_no is not None and not filters.newest:
        lots = work_orders.by_lot(actor.tenant, filters.lot_no, limit=limit, cursor=cursor, filters=bound)
        heads = work_orders.heads(actor.tenant, [lot.data["order_id"] for lot in lots.items])
        return ListPage([order for order in heads if filters.keeps(order)], lots.next_cursor)
    return page_of(
        _page_by_status(actor.tenant, filters, limit=limit, cursor=cursor, bound=bound), Order, filters.keeps
    )


def next_stages(actor: Actor, orders: Iterable[Order]) -> dict[str, Stage]:
    """The first stage that has not ended of each order, by the order's id; without those that the actor may not see.

    Costs one request, which reads a stage of each order.
    """
    positions = {order.id: position for order in orders if (position := next_position(order)) is not None}
    found = stages.at(actor.tenant, positions)
    return {order_id: stage for order_id, stage in found.items() if stage.open_to(actor)}


def _page_by_status(tenant: str, filters: OrderFilters, *, limit: int, cursor: str | None, bound: object) -> Page:
    """The page from the index that yields the fewest orders to filter out."""
    closed = [status.closed for status in filters.status]
    if filters.newest or (any(closed) and not all(closed)):
        return work_orders.newest(tenant, limit=limit, cursor=cursor, filters=bound)
    return work_orders.by_due(
        tenant,
        active=not any(closed),
        due=(filters.due_after, filters.due_before),
        limit=limit,
        cursor=cursor,
        filters=bound,
    )
