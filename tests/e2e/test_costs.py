"""What every operation costs in DynamoDB requests and units, as the emulator counts them; the document says the same."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from chalice.test import Client

from chalicelib import passwords
from chalicelib.domain.users import Role
from chalicelib.services import aggregation, ingest, references
from chalicelib.services.ingest import Arrived
from chalicelib.storage.items import Item
from tests import conftest as shared
from tests.e2e.conftest import Deployed
from tests.floor import MORNING, Person, Plant, hire, new_order

DOCUMENT = Path(__file__).parents[2] / "docs" / "data-model.md"
HEADING = "| operation | requests | read units | write units |"


@dataclass
class Cost:
    """Requests and units, counted while something runs."""

    requests: int = 0
    read: float = 0
    write: float = 0

    def row(self, operation: str) -> str:
        """The row of the document's table."""
        return f"| {operation} | {self.requests} | {self.read:g} | {self.write:g} |"


@contextmanager
def counted() -> Iterator[Cost]:
    """Count what goes to the table, and what it says it took."""
    cost = Cost()

    def ask(params: dict[str, Any], **_: Any) -> None:
        params["ReturnConsumedCapacity"] = "TOTAL"

    def add(parsed: dict[str, Any], model: Any, **_: Any) -> None:
        cost.requests += 1
        found = parsed.get("ConsumedCapacity") or []
        units = sum(each["CapacityUnits"] for each in ([found] if isinstance(found, dict) else found))
        if model.name in {"GetItem", "BatchGetItem", "Query"}:
            cost.read += units
        else:
            cost.write += units

    events = Item._get_connection().connection.client.meta.events
    events.register("provide-client-params.dynamodb", ask)
    events.register("after-call.dynamodb", add)
    try:
        yield cost
    finally:
        events.unregister("provide-client-params.dynamodb", ask)
        events.unregister("after-call.dynamodb", add)


@pytest.fixture
def floor(deployed: Deployed, monkeypatch: pytest.MonkeyPatch) -> Iterator[Plant]:
    """A plant in this process, on the emulator's table."""
    for name, value in shared.ENVIRONMENT.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("AWS_ENDPOINT_URL", deployed.aws.endpoint or "")
    monkeypatch.setenv("TAKIP_TABLE", deployed.site.table)
    monkeypatch.setenv("TAKIP_SIGNING_KEYS", "/takip/local/signing-keys")
    shared.forget()
    Item.Meta.table_name = deployed.site.table
    from app import app  # noqa: PLC0415  it is imported where its environment stands

    with Client(app, stage_name="local") as client:
        roles = (Role.ADMIN, Role.PLANNER, Role.WORKER, Role.WORKER)
        people = [hire(client, f"cost{n}", role) for n, role in enumerate(roles)]
        yield Plant(client, *people, stranger=Person(client, None))
    shared.forget()


@pytest.fixture
def measured(floor: Plant, monkeypatch: pytest.MonkeyPatch) -> dict[str, Cost]:
    """Every operation, done once on a plant where people and machines are known already."""
    costs: dict[str, Cost] = {}

    def measure(operation: str, act: Callable[[], Any]) -> Any:
        with counted() as cost:
            result = act()
        costs[operation] = cost
        return result

    monkeypatch.setattr(passwords, "matches", lambda *_: True)
    worker, planner = floor.worker, floor.planner
    planner.post("/machines", {"id": "M1", "name": "Press"})
    stage = {"name": "Montaj", "assignee_ids": [worker.id]}
    references.check("default", people=[("user", worker.id)], machinery=[("machine", "M1")])

    aggregate_all()
    sign_in = {"username": worker.user.username if worker.user else "", "password": "x"}
    measure("sign in", lambda: floor.stranger.post("/auth/login", sign_in))
    measure("a request with a token, to authenticate", lambda: worker.get("/nowhere"))
    order = measure("create an order of 2 stages", lambda: planner.post("/workorders", new_order(stages=[stage] * 2)))
    at = f"/stages/{order.data['stages'][0]['id']}"
    measure("start", lambda: worker.post(f"{at}/start", key="start"))
    measure("start, repeated with its key", lambda: worker.post(f"{at}/start", key="start"))
    measure("start, refused", lambda: worker.post(f"{at}/start", key="again"))
    measure("report", lambda: worker.post(f"{at}/report", {"good": 2}, key="report"))
    measure("report, repeated with its key", lambda: worker.post(f"{at}/report", {"good": 2}, key="report"))
    measure("pause", lambda: worker.post(f"{at}/pause", key="pause"))
    past = {"started_at": "2026-01-05T08:00:00Z", "ended_at": "2026-01-05T08:30:00Z", "worker_id": worker.id, "good": 1}
    measure("book a session", lambda: planner.post(f"{at}/sessions", past, key="book"))
    measure("assign", lambda: planner.put(f"{at}/assignees", {"user_ids": [worker.id, floor.other.id]}, key="assign"))
    issue = measure(
        "report an issue",
        lambda: worker.post(f"{at}/issue", {"type": "quality", "description": "scratches"}, key="issue"),
    )
    measure("done", lambda: worker.post(f"{at}/done", {"good": 1}, key="done"))
    measure("read an order", lambda: planner.get(f"/workorders/{order.data['id']}"))
    measure("read a stage", lambda: worker.get(at))
    measure("read the sessions of a stage", lambda: worker.get(f"{at}/sessions"))
    measure("metrics of a stage", lambda: worker.get(f"{at}/metrics"))
    measure("metrics of an order", lambda: planner.get(f"/workorders/{order.data['id']}/metrics"))
    measure("read an issue (planner)", lambda: planner.get(f"/issues/{issue.data['id']}"))
    measure("my work", lambda: worker.get("/stages"))
    measure("a page of orders", lambda: planner.get("/workorders"))
    measure("an order by its number", lambda: planner.get(f"/workorders?number={order.data['number']}"))
    measure("list people, as an admin", lambda: floor.admin.get("/auth/users"))
    measure("ingest 60 readings of an hour", lambda: ingest.ingest([Arrived(sixty_readings(), MORNING)]))
    measure("aggregate one order and its two days", aggregate_all)
    measure("aggregate when nothing changed", aggregate_all)
    return costs


def aggregate_all() -> None:
    """Run the scheduled function's work."""
    outcome = aggregation.aggregate(lambda: timedelta(minutes=5))
    assert not outcome.failed


def sixty_readings() -> str:
    """A message of an hour of minutes."""
    parts = ",".join(f'{{"type":"temperature","value":{n}.5,"at":"2026-01-05T07:{n:02d}:00Z"}}' for n in range(60))
    return f'{{"machine_id":"M1","readings":[{parts}]}}'


def test_costs_are_what_the_document_says(measured: dict[str, Cost]) -> None:
    table = [cost.row(operation) for operation, cost in measured.items()]
    print("\n".join([HEADING, *table]))  # noqa: T201  the figures are what this test is run for
    document = DOCUMENT.read_text(encoding="utf-8").splitlines()
    start = document.index(HEADING) + 2
    assert document[start : start + len(table)] == table
