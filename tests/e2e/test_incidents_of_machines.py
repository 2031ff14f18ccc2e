"""Incidents of docs/runbook.md in which machines send too much, or what cannot be used. Nothing is lost."""

import json
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import datetime
from functools import partial
from pathlib import Path

import pytest

from chalicelib import clock
from chalicelib.storage import table
from chalicelib.storage.keys import machines as keys
from tests.e2e.conftest import Deployed
from tests.e2e.incidents import HOUR, READINGS, Company, Takip, found, goes_off, takip_on, written
from tests.e2e.test_machines import until

Found = Callable[..., Company]
TOO_MANY = 25  # more than the alarm needs

# The commands ask Takip's code in this process, which then needs its environment.
pytestmark = pytest.mark.usefixtures("floor")


@pytest.fixture
def takip(deployed: Deployed, monkeypatch: pytest.MonkeyPatch) -> Takip:
    return takip_on(deployed, monkeypatch)


@pytest.fixture
def company(deployed: Deployed, takip: Takip) -> Iterator[Found]:
    """Makes companies of the test's own."""
    with ExitStack() as clients:
        yield partial(found, deployed, takip, clients)


def waiting(deployed: Deployed) -> int:
    """How many messages wait in the queue of readings."""
    asked = {"QueueUrl": deployed.site.queue_url, "AttributeNames": ["ApproximateNumberOfMessages"]}
    return int(deployed.client("sqs").get_queue_attributes(**asked)["Attributes"]["ApproximateNumberOfMessages"])


def assert_quarantine_goes_off(deployed: Deployed, since: datetime) -> None:
    wrong, messages = (
        written(deployed, "ingest_readings", metric, since) for metric in ("IngestedQuarantined", "IngestedMessages")
    )
    assert wrong >= TOO_MANY
    assert goes_off("quarantine", wrong=wrong, messages=messages)


def test_a_flood_of_poison(deployed: Deployed, takip: Takip, company: Found) -> None:
    plant, began, flood = company(), clock.now(), "M-new"
    good = plant.machine()
    plant.send(flood, range(TOO_MANY))
    plant.send(good, range(5))
    plant.send(good, range(5, 10), f"{READINGS}-dead")  # as those that ingest died of five times: that takes minutes
    until(TOO_MANY, plant.in_quarantine)
    assert_quarantine_goes_off(deployed, began)
    letters = {each["name"]: each["waiting"] for each in json.loads(takip("dlq list --json"))}
    assert goes_off("dead-letters-readings-dead", dead=letters["readings"])

    listed = json.loads(takip(f"quarantine list --tenant {plant.id} --code unknown_machine --json --limit 100"))
    assert len(listed) == TOO_MANY
    takip("brake on ingest_readings")
    plant.send(good, range(10, 15))
    assert waiting(deployed) == 5
    plant.admin.post("/machines", {"id": flood, "name": "Press"}).raise_for_status()
    takip("brake off ingest_readings")
    taken = takip(f"quarantine replay --tenant {plant.id} --machine {flood}")
    assert f"{TOO_MANY} were taken in, 0 are still wrong" in taken
    takip("dlq redrive readings")

    until((TOO_MANY, 15), lambda: (plant.counted(flood), plant.counted(good)))
    assert plant.in_quarantine() == 0


def test_a_wrong_retention(deployed: Deployed, takip: Takip, company: Found) -> None:
    plant, began = company("--retention", "1h"), clock.now()
    machine = plant.machine()
    plant.send(machine, range(TOO_MANY))
    until(TOO_MANY, plant.in_quarantine)
    assert_quarantine_goes_off(deployed, began)

    takip(f"tenant set {plant.id} --retention none")
    taken = takip(f"quarantine replay --tenant {plant.id} --code past_retention")
    assert f"{TOO_MANY} were taken in, 0 are still wrong" in taken

    assert plant.counted(machine) == TOO_MANY
    stored = list(table.query(keys.chunks(plant.id, machine, datetime.fromisoformat(HOUR))))
    assert stored
    assert [each for each in stored if "expires_at" in each.attribute_values] == []


def test_a_mass_import(deployed: Deployed, takip: Takip, company: Found, tmp_path: Path) -> None:
    importing, other = company(), company()
    machines, theirs, file = [importing.machine() for _ in range(3)], other.machine(), tmp_path / "readings.csv"
    rows = [f"{machine},temperature,,2026-01-05T10:{n:02d}:00Z,{n}" for machine in machines for n in range(60)]
    file.write_text("\n".join(["machine_id,type,sensor,at,value", *rows]))

    takip("brake on ingest_readings")  # as if more came than is taken
    imported = takip(f"readings import {file} --tenant {importing.id}")
    assert "180 readings in" in imported
    other.send(theirs, range(10))
    assert waiting(deployed) > 10
    assert goes_off("waiting-readings", oldest=901)
    stopped = [each["function"] for each in json.loads(takip("brake show --json")) if each["is_stopped"]]
    assert "takip-local-ingest_readings" in stopped
    takip("brake off ingest_readings")

    until([10, 60, 60, 60], lambda: [other.counted(theirs), *map(importing.counted, machines)])
    again = takip(f"readings import {file} --tenant {importing.id}")
    assert "0 readings in 0 messages were sent. 180 were sent before." in again
