"""The bill of a plant: its figures are those that were measured, and the document shows what the command prints."""

import json
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any

import pytest
from click.testing import CliRunner

from chalicelib.services.machines.groups import Arrived
from chalicelib.services.machines.ingest import ingest
from chalicelib.services.numbers.aggregation import aggregate
from chalicelib.services.probing import found_wrong_by
from chalicelib.services.telling.sending import sweep
from chalicelib.storage.items import Item
from infra.bench import costs
from infra.bench.capacity import INDEXES, item_size
from infra.bench.metering import Meter
from infra.bench.operations import documented
from infra.bench.plants import EVERY, LARGE, MANY, STAGES_AN_ORDER
from infra.cli import commands
from infra.cli.console import console
from infra.places import PROJECT
from tests.conftest import SetClock
from tests.floor import HOUR, MINUTE, MORNING, Person, Plant
from tests.machines import install, message, part
from tests.probing import call
from tests.sampling import IS_FULL
from tests.services.aggregating import settle

PERFORMANCE = PROJECT / "docs" / "performance.md"


def an_order(plant: Plant) -> list[str]:
    """Open an order of so many stages; the stages."""
    stages = [{"name": f"stage {n}", "assignee_ids": [plant.worker.id]} for n in range(STAGES_AN_ORDER)]
    return [stage["id"] for stage in plant.order(*stages, flow="streaming")["stages"]]


def work_on(plant: Plant, stage: str, clock: SetClock) -> None:
    """Do what happens on a stage, issues left out, until it has been counted and told."""
    for command in ("start", "report", "pause", "start", "report", "done"):
        clock.forward(10 * MINUTE)
        body = {"good": 1} if command == "report" else {}
        assert plant.worker.post(f"/stages/{stage}/{command}", body, key=f"{stage} {clock()}").status == 200
    settle()
    clock.forward(2 * MINUTE)
    sweep(lambda: MINUTE)


def stored() -> int:
    """The bytes of the table with its indexes, as DynamoDB bills them: 100 more for each item."""
    client, told = Item._get_connection().connection.client, list[Any]()

    def note(http_response: Any, **_: Any) -> None:
        told.extend(json.loads(http_response.content)["Items"])

    client.meta.events.register("after-call.dynamodb.Scan", note)
    list(client.get_paginator("scan").paginate(TableName=Item.Meta.table_name))
    client.meta.events.unregister("after-call.dynamodb.Scan", note)
    places = [1 + sum(names[0] in item for names in INDEXES) for item in told]
    return sum((item_size(item) + 100) * times for item, times in zip(told, places, strict=True))


def metered(act: Callable[[], object]) -> Meter:
    """What is done, metered."""
    with Meter(Item._get_connection().connection.client).running() as meter:
        act()
    return meter


def read_units(person: Person, path: str) -> float:
    """The read units of a request."""
    return metered(lambda: person.get(path).data).read


def test_what_stays_of_an_order_is_what_was_measured(plant: Plant, set_clock: SetClock) -> None:
    an_order(plant)
    before = stored()

    for stage in an_order(plant):
        work_on(plant, stage, set_clock)

    assert stored() - before == pytest.approx(costs.BYTES_AN_ORDER, rel=0.05)


def hour_of(machines: Sequence[str], began: datetime, clock: SetClock) -> None:
    """Each machine sends a message of 60 readings a minute, all in one batch, until the hour has settled."""
    for minute in range(60 + 6):
        clock.set(began + (minute + 1) * MINUTE)
        if minute < 60:
            parts = [part(20 + n / 7, (began + minute * MINUTE + timedelta(seconds=n)).isoformat()) for n in range(60)]
            ingest([Arrived(message(machine, *parts), began) for machine in machines])
        aggregate(lambda: MINUTE)


@pytest.mark.skipif(not IS_FULL, reason="takes long; tests/e2e/test_costs.py measures one hour and one message")
@pytest.mark.usefixtures("table")
def test_one_more_machine_costs_an_hour_what_was_measured(set_clock: SetClock) -> None:
    install("M1", "M2")
    before = stored()

    one = metered(lambda: hour_of(["M1"], MORNING, set_clock))
    kept = stored() - before
    two = metered(lambda: hour_of(["M1", "M2"], MORNING + 24 * HOUR, set_clock))

    assert two.read - one.read == pytest.approx(costs.MACHINE_HOUR_READS, rel=0.1)
    assert two.write - one.write == pytest.approx(costs.MACHINE_HOUR_WRITES, rel=0.1)
    assert kept == pytest.approx(costs.BYTES_A_MACHINE_HOUR, rel=0.1)


@pytest.mark.usefixtures("table")
def test_a_day_of_the_probe_costs_what_was_measured() -> None:
    called: list[str] = []

    def counted(function: str, event: dict[str, Any]) -> Any:
        called.append(function)
        return call(function, event)

    def day() -> None:
        assert found_wrong_by(counted) is None
        settle()
        sweep(lambda: MINUTE)

    day()  # makes the tenant and the machine
    called.clear()
    one = metered(day)

    assert len(called) == costs.PROBE_CALLS
    assert one.read == pytest.approx(costs.PROBE_READS, rel=0.1)
    assert one.write == pytest.approx(costs.PROBE_WRITES, rel=0.1)


def test_long_lists_cost_what_was_measured(plant: Plant) -> None:
    for _ in range(50):
        an_order(plant)

    assert read_units(plant.planner, "/workorders?limit=50") == pytest.approx(costs.READ_UNITS["a page of orders"], 0.2)
    assert read_units(plant.worker, "/stages?limit=5") == pytest.approx(costs.READ_UNITS["my work"], 0.2)


@pytest.mark.parametrize(
    ("name", "figure"),
    [
        ("report", costs.COMMAND_MS),
        ("my work (40 stages)", costs.CPU_MS["my work"]),
        ("list of 50 orders", costs.CPU_MS["a page of orders"]),
        ("an order", costs.CPU_MS["read a stage"]),
        ("summary (60 orders)", costs.CPU_MS["sum up the plant"]),
        (
            "readings for each CPU second of the door, with the client of DynamoDB, 60 a message",
            costs.READINGS_A_CPU_SECOND,
        ),
        ("CPU time to make a full hour again", costs.FULL_HOUR_MS),
    ],
)
def test_cpu_times_are_those_of_the_document(name: str, figure: float) -> None:
    (row,) = [line for line in PERFORMANCE.read_text(encoding="utf-8").splitlines() if f"| {name} |" in line]

    assert float(row.split("|")[3].removesuffix(" ms ").replace(",", "")) == figure


def test_every_operation_of_a_plant_is_a_measured_one() -> None:
    assert {*LARGE.requests, costs.AGGREGATE, costs.IDLE} <= set(documented())
    assert set(costs.CPU_MS) | set(costs.READ_UNITS) <= {*LARGE.requests, costs.IDLE}


def test_a_hundred_plants_cost_a_hundred_times_as_much_but_for_what_an_environment_costs() -> None:
    one, many = costs.takip(LARGE), costs.takip(MANY)

    assert many["API Gateway"] == pytest.approx(100 * one["API Gateway"])
    assert many["storage"] == pytest.approx(100 * one["storage"])
    assert one["logs"] < many["logs"] < 100 * one["logs"]
    assert one["alarms"] == many["alarms"]
    assert sum(many.values()) < 100 * sum(one.values())


def test_the_command_prints_the_table_and_all_that_is_assumed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(console, "_width", 200)

    said = CliRunner().invoke(commands.takip, ["bench", "costs"]).output

    assert all(plants.name in said for plants in EVERY)
    assert all(row[0] in said for row in costs.rows())
    assert all(price in said for price in costs.PRICES)
    assert "Nothing of that was built or measured." in said


def test_the_document_has_the_table_that_the_command_prints() -> None:
    text = PERFORMANCE.read_text(encoding="utf-8")

    assert [row for row in costs.rows() if f"| {' | '.join(row)} |\n" not in text] == []
