"""The worked example of docs/oee.md on the deployed system: states by the queue, a calendar, a session."""

import json
import time
from typing import Any
from uuid import uuid4

from tests.e2e.conftest import Deployed
from tests.e2e.people import Someone, order

PATIENCE_SECONDS = 60
SHIFT = "from=2026-01-05T03:00:00Z&to=2026-01-05T11:00:00Z"
STATES = {"03:00": "setup", "03:15": "producing", "05:00": "unplanned_stop", "05:45": "producing"}
EARLY = {
    "name": "early",
    "days": ["mon"],
    "start": "06:00",
    "end": "14:00",
    "breaks": [{"start": "12:00", "end": "12:30"}],
}
EXAMPLE = {"availability": 86.667, "oee_effectiveness": 76.923, "oee_quality": 96.0, "oee": 64.0}


def a_shift(deployed: Deployed, admin: Someone) -> str:
    """A machine alone on its line, whose name is its own, with the shift of the example."""
    machine = f"M-{uuid4().hex[:8]}"
    admin.post("/machines", {"id": machine, "name": "Press", "line": machine}).raise_for_status()
    plan = {"valid_from": "2026-01-01", "shifts": [EARLY], "special_days": []}
    admin.api.put(f"/calendars/{machine}", json=plan, headers={"If-Match": "*"}).raise_for_status()
    parts = [{"type": "state", "value": state, "at": f"2026-01-05T{at}:00Z"} for at, state in STATES.items()]
    body = json.dumps({"machine_id": machine, "readings": parts})
    deployed.client("sqs").send_message(QueueUrl=deployed.site.queue_url, MessageBody=body)
    stage = {"name": "Enjeksiyon", "machine_id": machine, "standard_seconds_per_unit": 60}
    made = order(admin, quantity=300, stages=[stage])["stages"][0]["id"]
    worked = {"started_at": "2026-01-05T03:15:00Z", "ended_at": "2026-01-05T10:50:00Z", "worker_id": admin.id}
    pieces = {"good": 288, "scrap": 12, "scrap_reason": "material", "machine_id": machine}
    admin.post(f"/stages/{made}/sessions", worked | pieces).raise_for_status()
    return machine


def values(told: Any) -> dict[str, Any]:
    return {name: metric["value"] for name, metric in told["metrics"].items()}


def test_the_worked_example_of_oee_to_the_digit(deployed: Deployed, admin: Someone) -> None:
    machine = a_shift(deployed, admin)
    deadline = time.monotonic() + PATIENCE_SECONDS
    while values(admin.get(f"/machines/{machine}/metrics?{SHIFT}")) != EXAMPLE and time.monotonic() < deadline:
        deployed.aggregate()
    told = admin.get(f"/machines/{machine}/metrics?{SHIFT}")
    assert (values(told), told["seconds"]["planned_busy"], told["seconds"]["producing"]) == (EXAMPLE, 27_000, 23_400)
    for by in ("machine", "line", "shift", "day"):
        (row,) = admin.get(f"/metrics/oee?by={by}&line={machine}&{SHIFT}")["items"]
        assert values(row) == EXAMPLE, by
    (stop,) = admin.get(f"/metrics/pareto?of=stops&machine_id={machine}&from=2026-01-05&to=2026-01-05")["reasons"]
    assert (stop["reason"], stop["count"], stop["size"]) == (None, 1, 45)
    (scrap,) = admin.get(f"/metrics/pareto?of=scrap&machine_id={machine}&from=2026-01-05&to=2026-01-05")["reasons"]
    assert (scrap["reason"], scrap["size"]) == ("material", 12)
    hourly = admin.get(f"/metrics/hourly?machine_id={machine}&{SHIFT}")
    assert hourly["total"]["good"] == sum(hour["good"] for hour in hourly["hours"]) == 288
