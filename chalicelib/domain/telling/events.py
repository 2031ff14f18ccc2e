"""Events: what others are told of, made from what happened to orders, stages and issues."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from chalicelib.domain.instants import wire
from chalicelib.domain.orders.changes import Change, Happening, What
from chalicelib.domain.orders.commands import Command, Subject
from chalicelib.domain.orders.issues import Issue
from chalicelib.domain.orders.statuses import StageStatus
from chalicelib.domain.orders.work_orders import Order, Stage
from chalicelib.domain.people.users import TAKIP, Actor

LONGEST_TEXT = 200
"""Characters of a free text in an event. A longer one is cut, so that the events of a command fit into one item."""


class EventType(StrEnum):
    """The type of an event: what it is about, and what happened to it."""

    ORDER_OPENED = "order.opened"
    ORDER_STARTED = "order.started"
    ORDER_HELD = "order.held"
    ORDER_RELEASED = "order.released"
    ORDER_CANCELLED = "order.cancelled"
    ORDER_DONE = "order.done"
    ORDER_LATE = "order.late"
    ORDER_REOPENED = "order.reopened"
    STAGE_ASSIGNED = "stage.assigned"
    STAGE_STARTED = "stage.started"
    STAGE_PAUSED = "stage.paused"
    STAGE_DONE = "stage.done"
    STAGE_REOPENED = "stage.reopened"
    ISSUE_REPORTED = "issue.reported"
    ISSUE_ASSIGNED = "issue.assigned"
    ISSUE_ACKNOWLEDGED = "issue.acknowledged"
    ISSUE_ESCALATED = "issue.escalated"
    ISSUE_RESOLVED = "issue.resolved"
    ISSUE_REOPENED = "issue.reopened"
    MACHINE_ALARM = "machine.alarm"
    WEBHOOK_DISABLED = "webhook.disabled"
    WEBHOOK_PING = "webhook.ping"


CATALOGUE: Mapping[EventType, str] = {
    EventType.ORDER_OPENED: "A work order was opened.",
    EventType.ORDER_STARTED: "The first work on an order began.",
    EventType.ORDER_HELD: "An order was held: nobody may work on it.",
    EventType.ORDER_RELEASED: "A held order was released.",
    EventType.ORDER_CANCELLED: "An order was cancelled, with all its stages that had not ended. They have no event.",
    EventType.ORDER_DONE: "The last stage of an order ended.",
    EventType.ORDER_LATE: "The planned end of an order passed, and the plant's grace, and it had not ended.",
    EventType.ORDER_REOPENED: "A stage of an order that was done was reopened, so the order is in progress again.",
    EventType.STAGE_ASSIGNED: "People were assigned to a stage who were not assigned to it before.",
    EventType.STAGE_STARTED: "Somebody started a stage on which nobody was at work.",
    EventType.STAGE_PAUSED: "Work on a stage began before, and now nobody is at work on it.",
    EventType.STAGE_DONE: "A stage was finished.",
    EventType.STAGE_REOPENED: "A stage that was done or skipped was reopened.",
    EventType.ISSUE_REPORTED: "An issue was reported. A report that joins an open issue has no event.",
    EventType.ISSUE_ASSIGNED: "An issue was assigned to somebody, and its status stayed.",
    EventType.ISSUE_ACKNOWLEDGED: "Somebody took care of an issue.",
    EventType.ISSUE_ESCALATED: "An issue waited too long, so a step of the plant's policy tells others of it.",
    EventType.ISSUE_RESOLVED: "An issue was resolved or withdrawn.",
    EventType.ISSUE_REOPENED: "A resolved issue was reopened.",
    EventType.MACHINE_ALARM: "A value of a machine stayed beyond its alarm limit, or the machine sent nothing.",
    EventType.WEBHOOK_DISABLED: "A webhook was switched off, because its receiver took nothing or wants nothing more.",
    EventType.WEBHOOK_PING: "An admin tests a webhook. Only this webhook is sent it.",
}

# A stage is told by its new status, because commands on other things change it too.
_STAGES: Mapping[str | None, EventType] = {
    StageStatus.IN_PROGRESS: EventType.STAGE_STARTED,
    StageStatus.PAUSED: EventType.STAGE_PAUSED,
    StageStatus.DONE: EventType.STAGE_DONE,
}
_OTHERS: Mapping[tuple[Subject, What], EventType] = {
    (Subject.ORDER, What.STARTED): EventType.ORDER_STARTED,
    (Subject.ORDER, What.HELD): EventType.ORDER_HELD,
    (Subject.ORDER, What.RELEASED): EventType.ORDER_RELEASED,
    (Subject.ORDER, What.CANCELLED): EventType.ORDER_CANCELLED,
    (Subject.ORDER, What.DONE): EventType.ORDER_DONE,
    (Subject.ORDER, What.REOPENED): EventType.ORDER_REOPENED,
    (Subject.ISSUE, What.REPORTED): EventType.ISSUE_REPORTED,
    (Subject.ISSUE, What.ASSIGNED): EventType.ISSUE_ASSIGNED,
    (Subject.ISSUE, What.ACKNOWLEDGED): EventType.ISSUE_ACKNOWLEDGED,
    (Subject.ISSUE, What.RESOLVED): EventType.ISSUE_RESOLVED,
    (Subject.ISSUE, What.REOPENED): EventType.ISSUE_REOPENED,
}


@dataclass(frozen=True)
class Event:
    """What happened to one thing of a tenant, at an instant.

    `subject` is the id of the thing. `data` are plain values by their names, with exact decimals and instants as text.
    An event has the same id whenever and however often it is sent. The id begins with a ULID, so ids sort by the time
    at which events were written.
    """

    id: str
    type: EventType
    tenant: str
    at: datetime
    subject: str
    data: Mapping[str, Any]

    def listed(self, field: str) -> Iterable[str]:
        """The ids in a field of the data: several, one or none."""
        value = self.data.get(field)
        return [value] if isinstance(value, str) else value or ()


def opened(order: Order, actor: Actor, identity: str) -> tuple[Event, ...]:
    """The event of a new order. Its id is made of `identity`."""
    data = of_order(order) | {"by": actor.user_id, "reason": None}
    return (Event(f"{identity}-1", EventType.ORDER_OPENED, actor.tenant, order.created_at, order.id, data),)


def of_change(change: Change, actor: Actor, command: Command[Any], identity: str) -> tuple[Event, ...]:
    """The events of a command, in the order of its happenings; none if nobody is told. Ids are made of `identity`."""
    return _events(_told(change), actor, command, identity)


def of_machine_issue(issue: Issue, what: What, actor: Actor, command: Command[Any], identity: str) -> tuple[Event, ...]:
    """The event of what happened to an issue of a machine; none if nobody is told. Its id is made of `identity`."""
    kind = _OTHERS.get((Subject.ISSUE, what))
    return _events([(kind, issue.id, of_issue(issue))] if kind else [], actor, command, identity)


def of_order(order: Order) -> dict[str, Any]:
    """The data of an order."""
    return _order(order) | {
        "lot_no": order.lot_no,
        "quantity": order.quantity,
        "planned_end": wire(order.planned_end),
        "assignee_ids": list(dict.fromkeys(each for stage in order.stages for each in _awaited(stage))),
        "status": order.status.value,
    }


def of_stage(order: Order, stage: Stage) -> dict[str, Any]:
    """The data of a stage of an order."""
    return _order(order) | {
        "stage_id": stage.id,
        "stage_name": stage.name,
        "machine_id": stage.machine_id,
        "good": stage.good,
        "scrap": stage.scrap,
        "planned_end": wire(stage.planned_end),
        "status": stage.status.value,
    }


def of_issue(issue: Issue, order: Order | None = None) -> dict[str, Any]:
    """The data of an issue on a stage of an order or, without an order, on a machine."""
    return {
        "work_order_id": issue.work_order_id,
        "number": order and order.number,
        "product_code": order and order.product_code,
        "stage_id": issue.stage_id,
        "stage_name": order and order.stage(issue.place_id).name,
        "issue_id": issue.id,
        "type": issue.type.value,
        "priority": issue.priority.value,
        "blocking": issue.blocking,
        "description": _short(issue.description),
        "machine_id": issue.machine_id,
        "assignee_id": issue.assignee_id,
        "cause_code": issue.cause_code,
        "cause": _short(issue.cause),
        "action": _short(issue.action),
        "created_by": issue.created_by,
        "reported_at": wire(issue.reported_at),
        "status": issue.status.value,
    }


_Told = tuple[EventType, str, dict[str, Any]]
"""What others are told of: the type of the event, the id of the thing, and its data."""


def _events(told: Iterable[_Told], actor: Actor, command: Command[Any], identity: str) -> tuple[Event, ...]:
    by = {
        "by": None if actor.user_id == TAKIP else actor.user_id,
        "reason": _short(getattr(command.payload, "reason", None)),
        **({"terminal_id": actor.terminal_id} if actor.terminal_id else {}),
    }
    return tuple(
        Event(f"{identity}-{n}", kind, actor.tenant, command.happened_at, subject, data | by)
        for n, (kind, subject, data) in enumerate(told, 1)
    )


def _order(order: Order) -> dict[str, Any]:
    return {"work_order_id": order.id, "number": order.number, "product_code": order.product_code}


def _awaited(stage: Stage) -> tuple[str, ...]:
    """The people whose work on a stage has not ended, or was cancelled."""
    return () if stage.status in (StageStatus.DONE, StageStatus.SKIPPED) else stage.assignee_ids


def _told(change: Change) -> Iterator[_Told]:
    """What others are told of a change."""
    issues = {issue.id: issue for issue in change.issues}
    for happening in change.happened:
        kind = _type_of(happening)
        if kind is None:
            continue
        if happening.subject is Subject.STAGE:
            data = of_stage(change.order, change.order.stage(happening.id))
            if kind is EventType.STAGE_ASSIGNED:
                data |= {"assigned_ids": list(happening.joined)}
        elif happening.subject is Subject.ISSUE:
            data = of_issue(issues[happening.id], change.order)
        else:
            data = of_order(change.order)
        yield kind, happening.id, data


def _type_of(happening: Happening) -> EventType | None:
    """The type of the event of a happening; None if nobody is told of it."""
    if happening.subject is not Subject.STAGE:
        return _OTHERS.get((happening.subject, happening.what))
    if happening.what is What.ASSIGNED:
        return EventType.STAGE_ASSIGNED if happening.joined else None
    if happening.source == happening.to:
        return None
    return EventType.STAGE_REOPENED if happening.what is What.REOPENED else _STAGES.get(happening.to)


def _short(text: str | None) -> str | None:
    """A free text, cut to its first characters."""
    return text if text is None or len(text) <= LONGEST_TEXT else f"{text[: LONGEST_TEXT - 1]}…"
