"""Orders in the table: an order with its stages and assignments is one query to read, one transaction to write."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime

from chalicelib.domain.commands import Change, CommandRecord
from chalicelib.domain.errors import TakipError
from chalicelib.domain.issues import IssueNotFound
from chalicelib.domain.issues import order_id_of as order_id_of_issue
from chalicelib.domain.records import Report, Session, complete, standing
from chalicelib.domain.work_orders import (
    Order,
    OrderIdTaken,
    OrderNotFound,
    OrderNumberTaken,
    Stage,
    StageNotFound,
    order_id_of,
)
from chalicelib.storage import assignments, issues, keys, table
from chalicelib.storage.items import Item, item
from chalicelib.storage.keys import Key
from chalicelib.storage.table import Page, Put


@dataclass(frozen=True)
class Worked:
    """An order with every session that was ever recorded of it, and where its workers' lists show its assignments."""

    order: Order
    recorded: list[Session]
    assignments: dict[Key, str | None]

    @property
    def sessions(self) -> list[Session]:
        """The sessions that count."""
        return standing(self.recorded)


def load(tenant: str, order_id: str) -> Order:
    """Read an order with its stages, consistently. Raises OrderNotFound."""
    key = keys.order(tenant, order_id)
    return _assembled(order_id, table.query(key.pk, keys.ORDER))


def load_of_stage(tenant: str, stage_id: str) -> Order:
    """Read the order that a stage belongs to. Raises StageNotFound."""
    with _stage_asked_for(stage_id):
        return load(tenant, order_id_of(stage_id))


def load_of_issue(tenant: str, issue_id: str) -> Order:
    """Read the order that an issue belongs to. Raises IssueNotFound."""
    try:
        return load(tenant, order_id_of_issue(issue_id))
    except OrderNotFound:
        raise IssueNotFound(f"There is no issue {issue_id}.") from None


def load_worked_of_stage(tenant: str, stage_id: str) -> Worked:
    """Read the order that a stage belongs to, with its sessions. Raises StageNotFound."""
    with _stage_asked_for(stage_id):
        return load_worked(tenant, order_id_of(stage_id))


def load_worked(tenant: str, order_id: str) -> Worked:
    """Read an order with its stages and sessions in one query, consistently. Raises OrderNotFound."""
    found = list(table.query(keys.order(tenant, order_id).pk, between=(keys.ORDER, keys.AFTER_SESSIONS)))
    return Worked(
        order=_assembled(order_id, found),
        recorded=_recorded(found),
        assignments={each.key: each.GSI2SK for each in found if each.kind == "assignment"},
    )


def recorded_of_stage(tenant: str, order_id: str, position: int) -> list[Session]:
    """Read every session that was ever recorded of a stage, by start, consistently."""
    key = keys.sessions(tenant, order_id, position)
    return _recorded(list(table.query(key.pk, key.sk)))


def find_by_number(tenant: str, number: str) -> str | None:
    """Find the id of the order that has a number."""
    found = table.get(keys.order_number(tenant, number))
    return None if found is None else str(found.data["order_id"])


def heads(tenant: str, order_ids: Iterable[str]) -> list[Order]:
    """Read the heads of orders, without their stages, in one request; in the order given."""
    wanted = [keys.order(tenant, order_id) for order_id in order_ids]
    found = table.batch_get(wanted)
    return [head(found[key]) for key in wanted if key in found]


def head(found: Item) -> Order:
    """Read an order's head from its item."""
    return replace(found.read(Order), version=int(found.revision or 0))


def newest(tenant: str, *, limit: int, cursor: str | None, filters: object) -> Page:
    """A page of all orders, newest first."""
    return table.page(
        "by_owner", keys.orders_by_age(tenant), limit=limit, cursor=cursor, filters=filters, forward=False
    )


def by_due(
    tenant: str,
    *,
    active: bool,
    due: tuple[datetime | None, datetime | None],
    limit: int,
    cursor: str | None,
    filters: object,
) -> Page:
    """A page of the orders that go on (or are closed) and are due from one instant to before another."""
    partition = keys.orders_by_due(tenant, active=active)
    return table.page(
        "by_state", partition, limit=limit, cursor=cursor, filters=filters, between=keys.between_instants(*due)
    )


def active_heads(tenant: str) -> list[Order]:
    """The heads of all orders that go on, by planned end; the list lags a little behind the orders."""
    return [head(found) for found in table.page("by_state", keys.orders_by_due(tenant, active=True)).items]


def by_lot(tenant: str, lot_no: str, *, limit: int, cursor: str | None, filters: object) -> Page:
    """A page of the items that name the orders of a lot."""
    partition = keys.lot(tenant, lot_no, "").pk
    return table.page(None, partition, limit=limit, cursor=cursor, filters=filters)


def commands(tenant: str, order_id: str, *, limit: int, cursor: str | None) -> Page:
    """A page of the commands that were given on an order, oldest first."""
    partition = keys.order(tenant, order_id).pk
    return table.page(None, partition, limit=limit, cursor=cursor, begins_with=keys.COMMAND_PREFIX)


def creation(tenant: str, order: Order, record: CommandRecord) -> tuple[list[Put], dict[Key, TakipError]]:
    """What is written when an order is opened, and what is said when its id or number is taken."""
    number = keys.order_number(tenant, order.number)
    at = keys.order(tenant, order.id)
    puts = [
        Put(order_item(tenant, order), table.absent()),
        Put(item(number, "order_number", {"order_id": order.id}), table.absent()),
        Put(item(keys.lot(tenant, order.lot_no, order.id), "lot", {"order_id": order.id})),
        *_stage_puts(tenant, order, None),
        Put(_command_item(tenant, order.id, record)),
    ]
    taken: dict[Key, TakipError] = {
        at: OrderIdTaken(f"Work order {order.id} exists; leave id out, or read it."),
        number: OrderNumberTaken(f"Number {order.number} is in use; choose another, or leave it out."),
    }
    return puts, taken


def command(tenant: str, before: Order, change: Change, record: CommandRecord) -> tuple[list[Put], list[Key]]:
    """What is written and deleted when a command changes an order; the version guards all of it."""
    after = change.order
    puts = [
        Put(order_item(tenant, after), table.at_revision(before.version)),
        *_stage_puts(tenant, after, before),
        *(Put(session_item(tenant, after, session)) for session in change.sessions),
        *(Put(_report_item(tenant, after, report)) for report in change.reports),
        *(Put(issues.as_item(tenant, issue)) for issue in change.issues),
        Put(_command_item(tenant, after.id, record)),
    ]
    return puts, assignments.removed(tenant, before, after)


def order_item(tenant: str, order: Order) -> Item:
    """Make the item of an order's head."""
    return item(
        keys.order(tenant, order.id),
        "order",
        order,
        by_state=(keys.orders_by_due(tenant, active=not order.status.closed), keys.at(order.planned_end, order.id)),
        by_owner=(keys.orders_by_age(tenant), keys.at(order.created_at, order.id)),
        revision=order.version,
        without=("stages", "version"),
    )


def stage_item(tenant: str, order_id: str, stage: Stage) -> Item:
    """Make the item of a stage."""
    due = (keys.stages_by_time(tenant, active=True), keys.at(stage.planned_end, stage.id))
    if stage.ended_at is not None:
        due = (keys.stages_by_time(tenant, active=False), keys.at(stage.ended_at, stage.id))
    return item(keys.stage(tenant, order_id, stage.position), "stage", stage, by_state=due)


def session_item(tenant: str, order: Order, session: Session) -> Item:
    """Make the item of a closed session."""
    position = order.stage(session.stage_id).position
    return item(keys.session(tenant, order.id, position, session.started_at, session.id), "session", session)


def _recorded(found: Sequence[Item]) -> list[Session]:
    """The sessions among items, each with what its reports and its closing say was made in it."""
    sessions = (each.read(Session) for each in found if each.kind == "session")
    return complete(sessions, (each.read(Report) for each in found if each.kind == "report"))


def _report_item(tenant: str, order: Order, report: Report) -> Item:
    position = order.stage(report.stage_id).position
    started_at, session_id = report.session_started_at, report.session_id
    return item(keys.report(tenant, order.id, position, started_at, session_id, report.id), "report", report)


def _command_item(tenant: str, order_id: str, record: CommandRecord) -> Item:
    return item(keys.command(tenant, order_id, record.received_at, record.id), "command", record)


def _stage_puts(tenant: str, order: Order, before: Order | None) -> Iterator[Put]:
    """The stages that changed, and the assignments that are new."""
    known = {stage.id: stage for stage in before.stages} if before else {}
    for stage in order.stages:
        was = known.get(stage.id)
        if stage == was:
            continue
        yield Put(stage_item(tenant, order.id, stage))
        for user_id in stage.people:
            if was is None or user_id not in was.people:
                yield Put(assignments.as_item(tenant, order.id, stage, user_id))


@contextmanager
def _stage_asked_for(stage_id: str) -> Iterator[None]:
    """Who asked for a stage is told of that stage, not whether there is an order."""
    try:
        yield
    except OrderNotFound:
        raise StageNotFound(f"There is no stage {stage_id}.") from None


def _assembled(order_id: str, found: Iterable[Item]) -> Order:
    """Put an order together from its items. Raises OrderNotFound."""
    order, stages = None, []
    for each in found:
        if each.kind == "order":
            order = head(each)
        elif each.kind == "stage":
            stages.append(each.read(Stage))
    if order is None:
        raise OrderNotFound(f"There is no work order {order_id}.")
    return replace(order, stages=tuple(stages))
