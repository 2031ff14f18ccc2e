"""Reading orders: an order with its stages and assignments is one query. Writes are in order_items."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime

from chalicelib.domain.errors import BadCursor
from chalicelib.domain.intervals import Interval, OpenInterval
from chalicelib.domain.orders.issues import IssueNotFound
from chalicelib.domain.orders.issues import order_id_of as order_id_of_issue
from chalicelib.domain.orders.missing import NO_ISSUE, NO_ORDER, NO_STAGE
from chalicelib.domain.orders.session_records import Session, SessionReport, completed, standing
from chalicelib.domain.orders.work_orders import Order, OrderNotFound, Stage, StageNotFound, order_id_of
from chalicelib.domain.sentences import say
from chalicelib.domain.text import forms
from chalicelib.storage import streams, table
from chalicelib.storage.items import Item
from chalicelib.storage.keys import orders as keys
from chalicelib.storage.keys.shape import IndexPlace, Key, between_instants
from chalicelib.storage.pages import Page, in_groups


@dataclass(frozen=True)
class Worked:
    """An order with all its recorded sessions and reports.

    `assignments` maps each assignment's key to its place in its worker's list; None if it is in none.
    """

    order: Order
    recorded: list[Session]
    reports: list[SessionReport]
    assignments: dict[Key, IndexPlace | None]

    @property
    def sessions(self) -> list[Session]:
        """The sessions that count."""
        return standing(self.recorded)


def load(tenant: str, order_id: str) -> Order:
    """Read an order with its stages, consistently. Raises OrderNotFound."""
    key = keys.order(tenant, order_id)
    return _assembled(order_id, table.query(key.pk, keys.ORDER))


def load_of_stage(tenant: str, stage_id: str) -> Order:
    """Read the order of a stage. Raises StageNotFound."""
    with _stage_asked_for(stage_id):
        return load(tenant, order_id_of(stage_id))


def load_of_issue(tenant: str, issue_id: str) -> Order:
    """Read the order of an issue. Raises IssueNotFound."""
    try:
        return load(tenant, order_id_of_issue(issue_id))
    except OrderNotFound:
        raise IssueNotFound(say(NO_ISSUE, issue_id=issue_id)) from None


def load_worked_of_stage(tenant: str, stage_id: str) -> Worked:
    """Read the order of a stage with its stages and sessions. Raises StageNotFound."""
    with _stage_asked_for(stage_id):
        return load_worked(tenant, order_id_of(stage_id))


def load_worked(tenant: str, order_id: str) -> Worked:
    """Read an order with its stages and sessions in one query, consistently. Raises OrderNotFound."""
    items = list(table.query(keys.order(tenant, order_id).pk, between=(keys.ORDER, keys.AFTER_SESSIONS)))
    return Worked(
        order=_assembled(order_id, items),
        recorded=recorded(items),
        reports=_reports(items),
        assignments={
            item.key: (item.GSI2PK, item.GSI2SK) if item.GSI2PK else None for item in items if item.kind == "assignment"
        },
    )


def recorded_of_stage(tenant: str, order_id: str, position: int) -> list[Session]:
    """Read every session ever recorded on a stage, by start, consistently."""
    key = keys.sessions(tenant, order_id, position)
    return recorded(list(table.query(key.pk, key.sk)))


def written_on_stage(tenant: str, stage: Stage) -> tuple[list[Session], list[SessionReport]]:
    """Read the sessions of a stage that count, each with what was booked at its closing, and its reports, consistently.

    Reports of sessions that were corrected or voided are among them.
    """
    key = keys.sessions(tenant, order_id_of(stage.id), stage.position)
    items = list(table.query(key.pk, key.sk))
    sessions = standing(item.read(Session) for item in items if item.kind == "session")
    return sessions, _reports(items)


def find_by_number(tenant: str, number: str) -> str | None:
    """Find the id of the order that has a number, however its letters are written; in one request."""
    wanted = [keys.order_number(tenant, form) for form in forms(number)]
    items = table.batch_get(wanted)
    return next((str(items[key].data["order_id"]) for key in wanted if key in items), None)


def heads(tenant: str, order_ids: Iterable[str]) -> list[Order]:
    """Read the heads of orders, without their stages, in one request, in the given order."""
    wanted = [keys.order(tenant, order_id) for order_id in order_ids]
    items = table.batch_get(wanted)
    return [items[key].read(Order) for key in wanted if key in items]


def load_all(tenant: str, order_ids: Iterable[str]) -> list[Order]:
    """Read orders with their stages, in the given order. Unknown ids are left out.

    Costs a request for the heads, and one for each 100 stages. An order may change between them: its head is the older.
    An order that was last changed by an early release does not tell how many stages it has, and is read on its own.
    """
    found = heads(tenant, order_ids)
    wanted = {order.id: [keys.stage(tenant, order.id, n + 1) for n in range(len(order.progress))] for order in found}
    items = table.batch_get(key for each in wanted.values() for key in each) if found else {}
    stages = {name: tuple(items[key].read(Stage) for key in each if key in items) for name, each in wanted.items()}
    return [replace(order, stages=stages[order.id]) if order.progress else load(tenant, order.id) for order in found]


def find_numbers(tenant: str, numbers: Iterable[str]) -> list[str]:
    """Find the ids of the orders that have these numbers, however their letters are written; in one request."""
    items = table.batch_get(keys.order_number(tenant, form) for number in numbers for form in forms(number))
    return [str(item.data["order_id"]) for item in items.values()]


def newest(tenant: str, *, limit: int, cursor: str | None, filters: object) -> Page:
    """A page of all orders, newest first."""
    return table.page(
        "by_owner", keys.orders_by_age(tenant), limit=limit, cursor=cursor, filters=filters, forward=False
    )


def opened_in(tenant: str, window: Interval, *, limit: int, cursor: str | None) -> Page:
    """A page of the orders that were opened in a window, oldest first."""
    between = between_instants(*window)
    return table.page("by_owner", keys.orders_by_age(tenant), limit=limit, cursor=cursor, between=between)


def opened_before(tenant: str, before: datetime) -> Iterator[Order]:
    """The heads of all orders that were opened before an instant, oldest first, read page by page."""
    for found in streams.until("by_owner", keys.orders_by_age(tenant), before):
        yield found.read(Order)


def by_due(
    tenant: str,
    *,
    active: bool,
    due: OpenInterval,
    limit: int,
    cursor: str | None,
    filters: object,
) -> Page:
    """A page of active or closed orders by planned end, from one instant (included) to another (not included)."""
    partition = keys.orders_by_due(tenant, active=active)
    return table.page(
        "by_state", partition, limit=limit, cursor=cursor, filters=filters, between=between_instants(*due)
    )


def active_heads(tenant: str) -> list[Order]:
    """The heads of all active orders, by planned end. The list is slightly behind the orders."""
    return [head.read(Order) for head in table.page("by_state", keys.orders_by_due(tenant, active=True)).items]


def of_lot(tenant: str, lot_no: str, *, limit: int) -> list[str]:
    """The ids of the orders of a lot, in any spelling, the last ones by id; at most so many of each spelling."""
    pages = (table.page(None, keys.lot(tenant, form, "").pk, limit=limit, forward=False) for form in forms(lot_no))
    return [str(item.data["order_id"]) for page in pages for item in page.items]


def by_lot(tenant: str, lot_no: str, *, limit: int, cursor: str | None, filters: object) -> Page:
    """A page of the items that name the orders of a lot, in any spelling.

    A cursor is valid in one of the two partitions only, so it says in which to continue. If the first partition ends,
    the second costs one request more. Raises BadCursor.
    """
    first, *second = [keys.lot(tenant, form, "").pk for form in forms(lot_no)]
    try:
        page = table.page(None, first, limit=limit, cursor=cursor, filters=filters)
    except BadCursor:
        if not second:
            raise
        return table.page(None, second[0], limit=limit, cursor=cursor, filters=filters)
    if page.place or not second:
        return page
    rest = table.page(None, second[0], limit=max(1, limit - len(page.items)), filters=filters)
    return replace(rest, items=page.items + rest.items)


def commands(tenant: str, order_id: str, *, limit: int, cursor: str | None, forward: bool = True) -> Page:
    """A page of the commands on an order, oldest first, or backwards."""
    partition, prefix = keys.order(tenant, order_id).pk, keys.COMMAND_PREFIX
    return table.page(None, partition, limit=limit, cursor=cursor, begins_with=prefix, forward=forward)


def sessions_of_worker(
    tenant: str, worker_id: str, *, since: datetime | None, limit: int, cursor: str | None
) -> tuple[list[Session], str | None]:
    """A page of a worker's sessions that count, newest first, and the cursor of the next page.

    A session comes with its reports and corrections. The list is slightly behind the orders.
    """
    partition, between = keys.sessions_of_worker(tenant, worker_id), between_instants(since, None)

    def read(most: int, cursor: str | None) -> Page:
        return table.page("by_owner", partition, limit=most, cursor=cursor, forward=False, between=between)

    page = in_groups(read, lambda item: keys.first_session_in(str(item.GSI2SK)), "by_owner", limit, cursor)
    return standing(recorded(page.items)), page.next_cursor


def recorded(items: Sequence[Item]) -> list[Session]:
    """The sessions among items, each with the quantities of its reports and its closing."""
    sessions = (item.read(Session) for item in items if item.kind == "session")
    return completed(sessions, _reports(items))


def _reports(items: Sequence[Item]) -> list[SessionReport]:
    return [item.read(SessionReport) for item in items if item.kind == "report"]


@contextmanager
def _stage_asked_for(stage_id: str) -> Iterator[None]:
    """Raise StageNotFound instead of OrderNotFound: the caller named a stage, not an order."""
    try:
        yield
    except OrderNotFound:
        raise StageNotFound(say(NO_STAGE, stage_id=stage_id)) from None


def _assembled(order_id: str, items: Iterable[Item]) -> Order:
    """Make an order from its items. Raises OrderNotFound."""
    order, stages = None, []
    for item in items:
        if item.kind == "order":
            order = item.read(Order)
        elif item.kind == "stage":
            stages.append(item.read(Stage))
    if order is None:
        raise OrderNotFound(say(NO_ORDER, order_id=order_id))
    return replace(order, stages=tuple(stages), progress=tuple(stage.progress for stage in stages))
