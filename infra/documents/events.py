"""The catalogue of events: each type with an example, and the meaning of each field."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from chalicelib.domain.andon.alarms import told_to_others
from chalicelib.domain.escalation import Awaited
from chalicelib.domain.machines.alarms import Told
from chalicelib.domain.machines.excursions import causes
from chalicelib.domain.machines.machines import Machine
from chalicelib.domain.machines.readings import microseconds
from chalicelib.domain.machines.sensors import Sensor
from chalicelib.domain.orders.issues import Escalated, Issue, IssueStatus, IssueType, issue_id
from chalicelib.domain.orders.statuses import OrderStatus, StageStatus
from chalicelib.domain.orders.work_orders import Order, Stage, settled, stage_id
from chalicelib.domain.people.users import Role
from chalicelib.domain.priorities import Priority
from chalicelib.domain.telling.cloud_events import cloud_event
from chalicelib.domain.telling.events import (
    CATALOGUE,
    LONGEST_TEXT,
    Event,
    EventType,
    of_issue,
    of_order,
    of_stage,
)
from chalicelib.domain.telling.events_of_time import of_escalation, of_lateness
from chalicelib.domain.telling.notifications import HEARD
from chalicelib.domain.telling.webhooks import NewWebhook, OffReason, Webhook, about, registered, switched_off

MEANINGS: Mapping[str, str] = {
    "work_order_id": "the id of the order; null for an issue of a machine, as number, product and stage",
    "number": "the number of the order",
    "product_code": "the product of the order",
    "lot_no": "the lot of the order, or null",
    "quantity": "how many pieces the order is for",
    "planned_end": "the planned end of the order or the stage",
    "assignee_ids": "the ids of the people whose stages of the order have not ended",
    "assigned_ids": "the ids of the people who are newly assigned to the stage",
    "status": "the status of the order, the stage, the issue or the webhook after this",
    "by": "the id of the person who did it; null if Takip did it",
    "reason": "the reason that this person gave, or null",
    "terminal_id": "the id of the shared terminal on which it was done; left out where there was none",
    "stage_id": "the id of the stage",
    "stage_name": "the name of the stage",
    "machine_id": "the planned machine of the stage, or null; the machine of a machine's issue or alarm",
    "good": "good pieces of the stage until now",
    "scrap": "scrapped pieces of the stage until now",
    "issue_id": "the id of the issue; of an alarm, the one that it opened or joined",
    "type": "the type of the issue",
    "priority": "the priority of the issue",
    "blocking": "whether the issue blocks its stage",
    "description": "the description of the issue or the webhook",
    "assignee_id": "the id of the person who takes care of the issue, or null",
    "cause_code": "the code of the cause, or null",
    "cause": "the cause in words, or null",
    "action": "what was done about the issue, or null",
    "created_by": "the id of the person who reported the issue; `takip` for an alarm",
    "reported_at": "when the issue was reported, by the clock of the phone",
    "webhook_id": "the id of the webhook",
    "off_reason": "why the webhook is off: by_admin, failing or gone; null if it is on",
    "awaited": "what the issue waits for: acknowledged or resolved; only for `issue.escalated`, as the next three",
    "step": "the number of the step for this priority and what is awaited, from 1",
    "roles": "the roles that must be told",
    "user_ids": "the ids of the people who must be told",
    "alarm": "what is wrong with the machine: values above or below a limit, or silent",
    "sensor": "the sensor; null for a silent machine, as the next four",
    "reading_type": "the type of the sensor's readings",
    "limit": "the limit, in the unit",
    "value": "the value that is farthest beyond the limit",
    "unit": "the unit; null if the sensor has none",
    "since": "the first value beyond the limit, by device time; the last reading of a silent machine",
    "until": "by then it had lasted as long as it must",
}
_TEXTS = ("reason", "description", "cause", "action")

_IDENTITY = "01KE6P3S00AYQ1D2GEX6ZTN0JW"
_MORNING = datetime(2026, 1, 5, 8, tzinfo=UTC)
_STAGE = Stage(
    id=stage_id("WO-1", 1),
    position=1,
    name="Montaj",
    planned_start=_MORNING,
    planned_end=_MORNING + timedelta(hours=2),
    baseline_start=_MORNING,
    baseline_end=_MORNING + timedelta(hours=2),
    machine_id="PRESS-1",
    assignee_ids=("veli",),
)
_ORDER = settled(
    Order(
        id="WO-1",
        number="2026-0001",
        product_code="P-100",
        lot_no="L-7",
        quantity=Decimal(10),
        planned_start=_MORNING,
        planned_end=_MORNING + timedelta(hours=2),
        baseline_start=_MORNING,
        baseline_end=_MORNING + timedelta(hours=2),
        created_at=_MORNING,
        created_by="pelin",
        stages=(_STAGE,),
    )
)
_ISSUE = Issue(
    id=issue_id("WO-1", "1"),
    work_order_id="WO-1",
    stage_id=_STAGE.id,
    type=IssueType.TOOLING,
    description="The drill is blunt.",
    created_at=_MORNING,
    created_by="veli",
    reported_at=_MORNING,
    priority=Priority.HIGH,
    machine_id="PRESS-1",
)
_STEP = Escalated(Awaited.ACKNOWLEDGED, 1, _MORNING + timedelta(minutes=15), (Role.PLANNER,), ("oya",))
_ORDERS = {
    EventType.ORDER_OPENED: OrderStatus.PLANNED,
    EventType.ORDER_CANCELLED: OrderStatus.CANCELLED,
    EventType.ORDER_DONE: OrderStatus.DONE,
}
_STAGES = {
    EventType.STAGE_ASSIGNED: _STAGE,
    EventType.STAGE_STARTED: replace(_STAGE, status=StageStatus.IN_PROGRESS),
    EventType.STAGE_PAUSED: replace(_STAGE, status=StageStatus.PAUSED, good=Decimal(4)),
    EventType.STAGE_DONE: replace(_STAGE, status=StageStatus.DONE, good=Decimal(10), scrap=Decimal("0.5")),
    EventType.STAGE_REOPENED: replace(_STAGE, status=StageStatus.PAUSED, good=Decimal(7)),
}
_ISSUES = {
    EventType.ISSUE_REPORTED: _ISSUE,
    EventType.ISSUE_ASSIGNED: replace(_ISSUE, assignee_id="oya"),
    EventType.ISSUE_ACKNOWLEDGED: replace(_ISSUE, status=IssueStatus.ACK, assignee_id="oya"),
    EventType.ISSUE_RESOLVED: replace(
        _ISSUE, status=IssueStatus.RESOLVED, cause="worn out", action="replaced the drill"
    ),
    EventType.ISSUE_REOPENED: _ISSUE,
}
_HOT = Sensor("oil", "temperature", alarm_max=90.0, alarm_minutes=5)
_MACHINE = Machine("PRESS-1", "Press", _MORNING, sensors=(_HOT,))
_TOLD = Told(causes(_HOT)[0], microseconds(_MORNING), microseconds(_MORNING + timedelta(minutes=5)), "PRESS-1-m1")
_WEBHOOK = registered(
    NewWebhook("https://hooks.example.com/", description="ERP"), "01KE6NZZ00AYQ1D2GEX6ZTN0JX", b"", "ada", _MORNING
)
_WEBHOOKS: Mapping[EventType, tuple[Webhook, str | None]] = {
    EventType.WEBHOOK_DISABLED: (switched_off(_WEBHOOK, OffReason.FAILING, _MORNING), None),
    EventType.WEBHOOK_PING: (_WEBHOOK, "ada"),
}
_BY: Mapping[EventType, dict[str, str]] = {
    EventType.ISSUE_REPORTED: {"by": "veli"},
    EventType.STAGE_STARTED: {"by": "veli", "terminal_id": "01KE6NZZ00AYQ1D2GEX6ZTN0JY"},
}
_REASONS = {
    EventType.ORDER_HELD: "no drawing",
    EventType.ORDER_RELEASED: "the drawing came",
    EventType.ORDER_CANCELLED: "the customer gave it up",
    EventType.ORDER_REOPENED: "three pieces are missing",
    EventType.STAGE_REOPENED: "three pieces are missing",
}


def catalogue() -> str:
    """Every type of event with an example, and every field of the data."""
    parts = ["## The catalogue", "", "| type | when |", "|---|---|"]
    parts += [f"| `{kind}` | {says} |" for kind, says in CATALOGUE.items()]
    parts += ["", *_fields(), *_inboxes(), "## Examples", ""]
    for kind in CATALOGUE:
        told = json.dumps(cloud_event(example(kind), "prod"), ensure_ascii=False, indent=2)
        parts += [f"### {kind}", "```json", told, "```", ""]
    return "\n".join(parts)


def example(kind: EventType) -> Event:
    """An example of an event."""
    if kind in _WEBHOOKS:
        webhook, by_whom = _WEBHOOKS[kind]
        return about(webhook, kind, _IDENTITY, "default", _MORNING, by_whom)
    if kind in _ISSUES:
        subject, data = _ISSUE.id, of_issue(_ISSUES[kind], _ORDER)
    elif kind in _STAGES:
        subject, data = _STAGE.id, of_stage(_ORDER, _STAGES[kind])
        data |= {"assigned_ids": ["veli"]} if kind is EventType.STAGE_ASSIGNED else {}
    else:
        status = _ORDERS.get(kind, OrderStatus.IN_PROGRESS)
        subject, data = _ORDER.id, of_order(replace(_ORDER, status=status))
    if kind is EventType.ISSUE_ESCALATED:
        return of_escalation(_ISSUE, _ORDER, [_STEP], "default", _IDENTITY)[0]
    if kind is EventType.ORDER_LATE:
        late = replace(_ORDER, status=OrderStatus.IN_PROGRESS)
        return of_lateness(late, late.planned_end, "default", _IDENTITY)[0]
    if kind is EventType.MACHINE_ALARM:
        return told_to_others(_MACHINE, _TOLD, 95.5, "default", f"{_IDENTITY}-1")
    by = _BY.get(kind, {"by": "pelin"})
    return Event(f"{_IDENTITY}-1", kind, "default", _MORNING, subject, data | by | {"reason": _REASONS.get(kind)})


def _inboxes() -> Iterator[str]:
    yield from ["## Who hears of it in the inbox", ""]
    yield "Whoever did it does not hear of it. The people are those whose ids are in these fields of `data`."
    yield from ["", "| type | title | roles | people |", "|---|---|---|---|"]
    for kind, heard in HEARD.items():
        roles = [*heard.roles, *(f"{role} if the issue is critical" for role in heard.if_critical)]
        people = ", ".join(f"`{field}`" for field in heard.people)
        yield f"| `{kind}` | {heard.tr} / {heard.en} | {', '.join(roles)} | {people} |"
    yield ""


def _fields() -> Iterator[str]:
    about: dict[str, dict[str, None]] = {}
    for kind in CATALOGUE:
        for field in example(kind).data:
            about.setdefault(field, {})[kind.partition(".")[0]] = None
    yield f"The fields of `data`. {', '.join(f'`{text}`' for text in _TEXTS)} are cut after {LONGEST_TEXT} characters."
    yield from ["", "| field | in events of | |", "|---|---|---|"]
    yield from (f"| `{field}` | {', '.join(subjects)} | {MEANINGS[field]} |" for field, subjects in about.items())
    yield ""
