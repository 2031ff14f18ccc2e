"""Writes of orders: the items of a creation or a command, in one transaction under one version."""

from collections.abc import Iterator

from chalicelib.domain.errors import TakipError
from chalicelib.domain.orders.changes import Change
from chalicelib.domain.orders.commands import CommandRecord
from chalicelib.domain.orders.session_records import Session, SessionReport
from chalicelib.domain.orders.statuses import StageStatus
from chalicelib.domain.orders.taken import OrderIdTaken, OrderNumberTaken
from chalicelib.domain.orders.work_orders import Order, Stage
from chalicelib.domain.sentences import say
from chalicelib.domain.text import forms
from chalicelib.storage import table
from chalicelib.storage.items import Item, item
from chalicelib.storage.keys import orders as keys
from chalicelib.storage.keys.shape import Key, time_key
from chalicelib.storage.orders import assignments, issues
from chalicelib.storage.table import Check, Put
from chalicelib.storage.writes import Write


def creation(tenant: str, order: Order, record: CommandRecord) -> Write:
    """The write that opens an order.

    The error for an id that already exists is OrderIdTaken, for a number OrderNumberTaken.
    """
    numbers = [keys.order_number(tenant, form) for form in forms(order.number)]
    at = keys.order(tenant, order.id)
    puts = (
        Put(order_item(tenant, order), table.absent()),
        *(Put(item(number, "order_number", {"order_id": order.id}), table.absent()) for number in numbers),
        *_lot_puts(tenant, order),
        *_stage_puts(tenant, order, None),
        Put(_command_item(tenant, order.id, record)),
    )
    taken: dict[Key, TakipError] = {
        at: OrderIdTaken(
            say("Work order {order_id} already exists; choose another id, or leave it out.", order_id=order.id)
        ),
    }
    number_taken = OrderNumberTaken(
        say("Number {number} is in use; choose another, or leave it out.", number=order.number)
    )
    taken |= dict.fromkeys(numbers, number_taken)
    return Write(puts, taken=taken)


def command(tenant: str, before: Order, change: Change, record: CommandRecord) -> Write:
    """The write of a command on an order, on the condition that the order's version has not changed."""
    after = change.order
    puts = (
        Put(order_item(tenant, after), table.at_revision(before.version)),
        *_stage_puts(tenant, after, before),
        *(Put(session_item(tenant, after, session)) for session in change.sessions),
        *(Put(_report_item(tenant, after, report)) for report in change.reports),
        *(issues.put(tenant, issue) for issue in change.issues),
        *(Put(issues.note_item(tenant, note)) for note in change.notes),
        Put(_command_item(tenant, after.id, record)),
    )
    return Write(puts, assignments.removed(tenant, before, after))


def unchanged(tenant: str, order: Order) -> Write:
    """The check that nobody changed an order since it was read."""
    return Write(checks=(Check(keys.order(tenant, order.id), table.at_revision(order.version)),))


def order_item(tenant: str, order: Order) -> Item:
    """The item of an order's head."""
    return item(
        keys.order(tenant, order.id),
        "order",
        order,
        by_state=(keys.orders_by_due(tenant, active=not order.status.closed), time_key(order.planned_end, order.id)),
        by_owner=(keys.orders_by_age(tenant), time_key(order.created_at, order.id)),
        revision=order.version,
        without=("stages",),
    )


def stage_item(tenant: str, order_id: str, stage: Stage) -> Item:
    """The item of a stage."""
    due = (keys.stages_by_time(tenant, active=True), time_key(stage.planned_end, stage.id))
    if stage.ended_at is not None:
        due = (keys.stages_by_time(tenant, active=False), time_key(stage.ended_at, stage.id))
    at_work = None
    if stage.open_sessions:
        since = min(session.started_at for session in stage.open_sessions)
        at_work = (keys.stages_with_sessions(tenant), time_key(since, stage.id))
    return item(keys.stage(tenant, order_id, stage.position), "stage", stage, by_state=due, by_owner=at_work)


def session_item(tenant: str, order: Order, session: Session) -> Item:
    """The item of a closed session."""
    position = order.stage(session.stage_id).position
    key = keys.session(tenant, order.id, position, session.started_at, session.id)
    place = time_key(session.started_at, session.id)
    if session.first_id and session.first_started_at:
        place = keys.correction_at(session.first_started_at, session.first_id, session.id)
    return item(key, "session", session, by_owner=(keys.sessions_of_worker(tenant, session.worker_id), place))


def _report_item(tenant: str, order: Order, report: SessionReport) -> Item:
    """The item of a report. It is in the list of the worker whose open session the report is about."""
    stage = order.stage(report.stage_id)
    started_at, session_id = report.session_started_at, report.session_id
    key = keys.report(tenant, order.id, stage.position, started_at, session_id, report.id)
    worker_id = next(each.worker_id for each in stage.open_sessions if each.id == session_id)
    listed = keys.sessions_of_worker(tenant, worker_id), keys.report_at(started_at, session_id, report.id)
    return item(key, "report", report, by_owner=listed)


def _command_item(tenant: str, order_id: str, record: CommandRecord) -> Item:
    return item(keys.command(tenant, order_id, record.received_at, record.id), "command", record)


def _lot_puts(tenant: str, order: Order) -> Iterator[Put]:
    """The item that finds the order by its lot; none if it has no lot."""
    if order.lot_no is not None:
        yield Put(item(keys.lot(tenant, forms(order.lot_no)[0], order.id), "lot", {"order_id": order.id}))


def _stage_puts(tenant: str, order: Order, before: Order | None) -> Iterator[Put]:
    """The changed stages, and the assignments that are new or must move to another list."""
    known = {stage.id: stage for stage in before.stages} if before else {}
    for stage in order.stages:
        was = known.get(stage.id)
        if stage == was:
            continue
        yield Put(stage_item(tenant, order.id, stage))
        # A cancellation may be too large for a transaction. Its assignments are moved when the order is projected.
        moved = was is not None and was.ended != stage.ended and stage.status is not StageStatus.CANCELLED
        for user_id in stage.people:
            if moved or was is None or user_id not in was.people:
                yield Put(assignments.as_item(tenant, order.id, stage, user_id))
