"""The cost of every operation in DynamoDB requests and units, from the bytes of the items, as the document says."""

from functools import partial
from typing import Any
from urllib.parse import quote

import httpx
import pytest

from chalicelib import ids
from chalicelib.domain.escalation import Awaited, Step
from chalicelib.domain.people.users import Role
from chalicelib.domain.priorities import Priority
from chalicelib.domain.telling.events import Event, EventType
from chalicelib.services import tenants
from chalicelib.services.andon import timers
from chalicelib.services.machines import ingest
from chalicelib.services.machines.groups import Arrived
from chalicelib.services.numbers import aggregation
from chalicelib.services.orders import references
from chalicelib.services.telling import deliveries, inboxes
from chalicelib.storage import markers
from infra.bench.operations import HEADING, documented_rows
from infra.documents.events import example
from tests.attachments import picture
from tests.e2e.costs_of_access import access
from tests.e2e.costs_of_boards import hang
from tests.e2e.costs_of_products import register, watch
from tests.e2e.metering import Cost, Costs, aggregate_all
from tests.floor import HOUR, MORNING, Plant, new_order
from tests.receivers import receiving


@pytest.fixture
def measured(floor: Plant) -> dict[str, Cost]:
    """Every operation, done once on a plant whose settings, people and machines are known already."""
    costs, worker, planner = Costs(), floor.worker, floor.planner
    planner.post("/machines", {"id": "M1", "name": "Press"})
    people = [("user", worker.id), ("user", floor.other.id)]
    references.check("default", people=people, machinery=[("machine", "M1")])
    aggregate_all()
    markers.delete(markers.pending([markers.QUARANTINE_BUCKET]))
    tenants.settings_of("default")
    access(costs, floor)
    stages = [{"name": "Montaj", "assignee_ids": [worker.id]}] * 2
    body = new_order(stages=stages)
    order = costs.measure("create an order of 2 stages", lambda: planner.post("/workorders", body)).data
    issue = work(costs, floor, f"/stages/{order['stages'][0]['id']}")
    photograph(costs, floor, issue)
    read(costs, floor, order, issue)
    equip(costs, floor)
    register(costs, floor)
    tell(costs, floor)
    costs.measure("aggregate an order and its two days", aggregate_all)
    ingest.ingest([Arrived(first_reading(), MORNING)])  # from then on the machine is watched
    aggregate_all()
    costs.measure("ingest 60 readings of an hour", lambda: ingest.ingest([Arrived(sixty_readings(), MORNING)]))
    costs.measure("aggregate a machine-hour", aggregate_all)
    window = "from=2026-01-05T07:00:00Z&to=2026-01-05T08:00:00Z"
    costs.measure("raw readings of an hour", lambda: planner.get(f"/machines/M1/readings?{window}"))
    costs.measure("what a machine produced in an hour", lambda: planner.get(f"/machines/M1/production?{window}"))
    watch(costs, floor, order["stages"][0]["id"], window)
    costs.measure("aggregate when nothing changed", aggregate_all)
    measure_inbox(costs, floor)
    escalate(costs, floor, f"/stages/{order['stages'][1]['id']}")
    plan(costs, floor)
    hang(costs, floor)
    return costs.of


def work(costs: Costs, floor: Plant, at: str) -> str:
    """Every command on a stage; the id of the issue that was reported."""
    worker, planner, measure = floor.worker, floor.planner, costs.measure
    measure("start", lambda: worker.post(f"{at}/start", key="start"))
    measure("start, repeated with its key", lambda: worker.post(f"{at}/start", key="start"))
    measure("start, refused", lambda: worker.post(f"{at}/start", key="again"))
    measure("report", lambda: worker.post(f"{at}/report", {"good": 2}, key="report"))
    measure("report, repeated with its key", lambda: worker.post(f"{at}/report", {"good": 2}, key="report"))
    measure("pause", lambda: worker.post(f"{at}/pause", key="pause"))
    past = {"started_at": "2026-01-05T08:00:00Z", "ended_at": "2026-01-05T08:30:00Z", "worker_id": worker.id, "good": 1}
    booked = measure("book a session", lambda: planner.post(f"{at}/sessions", past, key="book"))
    correction = (f"{at}/sessions/{booked.data['id']}/correct", {"good": 0, "reason": "miscounted"})
    measure("correct a session", lambda: planner.post(*correction, key="correct"))
    measure("assign", lambda: planner.put(f"{at}/assignees", {"user_ids": [worker.id, floor.other.id]}, key="assign"))
    wrong = {"type": "quality", "description": "scratches"}
    issue = measure("report an issue", lambda: worker.post(f"{at}/issue", wrong, key="issue"))
    answer = {"status": "resolved", "cause": "chips"}
    measure("resolve an issue", lambda: planner.patch(f"/issues/{issue.data['id']}", answer, key="resolve"))
    measure("done", lambda: worker.post(f"{at}/done", {"good": 1}, key="done"))
    measure("read a stage", lambda: worker.get(at))
    measure("my sessions", lambda: worker.get("/sessions"))
    measure("what I finished", lambda: worker.get("/stages?status=done"))
    measure("read the sessions of a stage", lambda: worker.get(f"{at}/sessions"))
    measure("metrics of a stage", lambda: worker.get(f"{at}/metrics"))
    return str(issue.data["id"])


def photograph(costs: Costs, floor: Plant, issue_id: str) -> None:
    """A photo of an issue, from its form to the list."""
    worker, planner, measure, photo = floor.worker, floor.planner, costs.measure, picture()
    at = f"/issues/{issue_id}/attachments"
    wanted = {"content_type": "image/jpeg", "size_bytes": len(photo), "name": "scratches.jpg"}
    made = measure("attach a photo (planner)", lambda: planner.post(at, wanted, key="photo")).data
    form = made["upload"]
    httpx.post(form["url"], data=form["fields"], files={"file": photo}).raise_for_status()
    confirm = f"{at}/{made['id']}/confirm"
    measure("confirm a photo (worker)", lambda: worker.post(confirm, key="confirm"))
    measure("the photos of an issue (planner)", lambda: planner.get(at))


def read(costs: Costs, floor: Plant, order: Any, issue_id: str) -> None:
    """Every way to read orders and what belongs to them."""
    worker, planner, measure = floor.worker, floor.planner, costs.measure
    why = {"reason": "no drawing"}
    measure("hold an order", lambda: planner.post(f"/workorders/{order['id']}/hold", why, key="hold"))
    measure("release an order", lambda: planner.post(f"/workorders/{order['id']}/release", why, key="release"))
    measure("sum up the plant", lambda: planner.get("/metrics/summary"))
    measure("the history of an order", lambda: planner.get(f"/workorders/{order['id']}/history"))
    measure("read an order", lambda: planner.get(f"/workorders/{order['id']}"))
    measure("metrics of an order", lambda: planner.get(f"/workorders/{order['id']}/metrics"))
    measure("read an issue (planner)", lambda: planner.get(f"/issues/{issue_id}"))
    measure("say that I am answering an issue", lambda: planner.put(f"/issues/{issue_id}/presence", {}))
    measure("my work", lambda: worker.get("/stages"))
    measure("my first screen", lambda: worker.get("/me/home"))
    measure("scan an order's number", lambda: worker.get(f"/scan/{order['number']}"))
    link = quote(f"https://takip.example/s/{order['stages'][0]['id']}", safe="")
    measure("scan a link to a stage", lambda: worker.get(f"/scan/{link}"))
    measure("a page of orders", lambda: planner.get("/workorders"))
    measure("an order by its number", lambda: planner.get(f"/workorders?number={order['number']}"))
    for what in ("orders", "stages", "sessions", "issues", "daily"):
        measure(f"a page of exported {what}", partial(planner.get, f"/exports/{what}"))
    measure("the quarantine, which only an admin may see", lambda: floor.admin.get("/machines/quarantine"))


def equip(costs: Costs, floor: Plant) -> None:
    """Registering, reading and changing a machine."""
    planner, measure = floor.planner, costs.measure
    machine = {"id": "M2", "name": "Press", "location": "Hall A"}
    measure("register a machine", lambda: planner.post("/machines", machine, key="machine"))
    look = "take in what a machine sent before, if it sent nothing"
    measure(look, lambda: aggregation.aggregate(lambda: HOUR, [markers.QUARANTINE_BUCKET]))
    tenants.settings_of("default")  # a worker forgets them
    measure("read a machine", lambda: planner.get("/machines/M2"))
    change = {"status": "maintenance"}
    measure("change a machine", lambda: planner.patch("/machines/M2", change, If_Match='"1"', key="change"))
    measure("the history of a machine", lambda: planner.get("/machines/M2/history"))
    key = {"name": "Box"}
    made = measure("make a key for a machine", lambda: planner.post("/machines/M2/keys", key, key="box")).data
    measure("revoke a key of a machine", lambda: planner.delete(f"/machines/M2/keys/{made['id']}"))
    measure("a page of machines", lambda: planner.get("/machines"))
    markers.delete(markers.pending([markers.QUARANTINE_BUCKET]))  # they stay for two minutes


def measure_inbox(costs: Costs, floor: Plant) -> None:
    """Reading one's notifications."""
    reader, measure = floor.other, costs.measure
    told = Event(
        f"{ids.new()}-1", EventType.ORDER_HELD, "default", MORNING, "", {"by": "", "assignee_ids": [reader.id]}
    )
    inboxes.write(told)
    measure("a page of my notifications", lambda: reader.get("/notifications"))
    measure("count my unread notifications", lambda: reader.get("/notifications/counts"))
    measure("say how far I have read", lambda: reader.put("/notifications/read", {"up_to": told.id}, key="read"))


def tell(costs: Costs, floor: Plant) -> None:
    """An event on its way to a webhook, which takes it."""
    admin, measure = floor.admin, costs.measure
    with receiving() as receiver:
        wanted = {"url": receiver.url, "events": ["webhook.ping"]}
        hook = measure("create a webhook", lambda: admin.post("/webhooks", wanted, key="hook")).data
        event = example(EventType.WEBHOOK_PING)
        measure("hand an event to a webhook", lambda: deliveries.hand_over(event))
        message = {"tenant": event.tenant, "webhook_id": hook["id"], "delivery_id": event.id, "version": 1}
        measure("deliver an event to a webhook", lambda: deliveries.deliver(message))
        measure("a page of deliveries", lambda: admin.get(f"/webhooks/{hook['id']}/deliveries"))
        measure("look for deliveries that are due", lambda: deliveries.hand_out_due(lambda: HOUR))
        measure("delete a webhook", lambda: admin.delete(f"/webhooks/{hook['id']}"))


def escalate(costs: Costs, floor: Plant, at: str) -> None:
    """What the clock looks at each minute, and what it does about an issue that waits."""

    def decide(*steps: Step) -> None:
        tenants.change("default", {"escalation": steps})
        tenants.forget_settings()
        tenants.settings_of("default")

    timers.take_due(lambda: HOUR)  # those that other tests left
    costs.measure("take timers when none is due", lambda: timers.take_due(lambda: HOUR))
    decide(*(Step(Priority.HIGH, Awaited.ACKNOWLEDGED, minutes, (Role.PLANNER,)) for minutes in (0, 60)))
    try:
        issue = {"type": "tooling", "description": "Blunt", "priority": "high"}
        costs.measure("report an issue that is escalated", lambda: floor.worker.post(f"{at}/issue", issue, key="high"))
        costs.measure("take the timer of an issue that waits", lambda: timers.take_due(lambda: HOUR))
    finally:
        decide()


def plan(costs: Costs, floor: Plant) -> None:
    """What planners do for many at once."""
    planner, measure = floor.planner, costs.measure
    rows = [new_order(stages=[{"name": "Montaj"}])] * 2
    opened = measure(
        "import 2 orders of a stage each", lambda: planner.post("/workorders/import", {"rows": rows}, key="import")
    )
    stages = [f"{row['data']['id']}-01" for row in opened.items]
    for stage in stages:
        planner.post(f"/stages/{stage}/start")
    end = {"stage_ids": stages, "pause_reason": "shift_end"}
    measure("end a shift on 2 orders", lambda: planner.post("/stages/close-sessions", end, key="shift"))


def first_reading() -> str:
    """A message of the hour before."""
    return '{"machine_id":"M1","type":"temperature","value":20.5,"at":"2026-01-05T06:59:00Z"}'


def sixty_readings() -> str:
    """A message of an hour of minutes."""
    parts = ",".join(f'{{"type":"temperature","value":{n}.5,"at":"2026-01-05T07:{n:02d}:00Z"}}' for n in range(60))
    return f'{{"machine_id":"M1","readings":[{parts}]}}'


def test_costs_are_what_the_document_says(measured: dict[str, Cost]) -> None:
    table = [cost.row(operation) for operation, cost in measured.items()]
    print("\n".join([HEADING, *table]))  # noqa: T201  the figures are what this test is run for
    assert documented_rows() == table
