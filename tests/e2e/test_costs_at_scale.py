"""Costs do not depend on the amount of data: a plant with 1,000 orders pays what one with 10 pays."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

import pytest

from chalicelib.domain.people.users import Role
from chalicelib.domain.tenant_settings import DEFAULT_SETTINGS
from chalicelib.services import tenants
from chalicelib.services.orders import references
from chalicelib.storage import table
from chalicelib.storage.items import Item
from chalicelib.storage.keys import orders as keys
from tests.commands import ORDER, PLANNED, Given, open_order
from tests.e2e.metering import Cost, Costs, aggregate_all
from tests.floor import Person, Plant, hire

FEW, MANY = 10, 1000
TEMPLATE = "WO-T000"
REFUSED = Given("planner", "start", 2)  # the order is cancelled by then
BOTH = {"user_ids": ["worker", "other"]}
WALK = (
    *(Given("worker", command) for command in ("start", "report", "pause", "issue")),
    Given("planner", "book"),
    Given("planner", "assign", body=BOTH),
    *(Given("planner", command) for command in ("replan stage", "replan", "hold", "release")),
    Given("other", "start", 2),
    Given("planner", "close sessions", body={"stage_ids": [f"{ORDER}-02"]}),
    Given("planner", "skip", 1),
    Given("planner", "reopen", 1),
    Given("planner", "block", 2),
    Given("planner", "done", 1),
    Given("planner", "cancel"),
    REFUSED,
)
READS = (
    ("planner", f"/workorders/{ORDER}"),
    ("planner", f"/workorders/{ORDER}/history?limit=10&order=newest"),
    ("planner", "/workorders?limit=10"),
    ("planner", f"/workorders?number={TEMPLATE}"),
    ("planner", "/workorders?lot_no=L-1&limit=10"),
    ("planner", "/stages?limit=10"),
    ("worker", "/stages?limit=10"),
    ("worker", f"/stages/{TEMPLATE}-01"),
    ("worker", f"/stages/{TEMPLATE}-01/sessions"),
    ("planner", f"/workorders/{TEMPLATE}/metrics"),
    ("planner", f"/stages/{ORDER}-01/issues?limit=10"),
)


@pytest.fixture
def plants(floor: Plant) -> Iterator[dict[int, Plant]]:
    """Two plants side by side, of few and of many orders."""
    made = {}
    for number, tenant in ((FEW, "plant-a"), (MANY, "plant-b")):
        tenants.create(tenant, DEFAULT_SETTINGS)
        roles = (Role.ADMIN, Role.PLANNER, Role.WORKER, Role.WORKER)
        hired = (hire(floor.client, f"name{n}", role, tenant=tenant) for n, role in enumerate(roles))
        admin, planner, worker, other = hired
        made[number] = Plant(floor.client, admin, planner, worker, other, stranger=Person(floor.client, None))
    yield made
    aggregate_all()


def fill(plant: Plant, orders: int) -> None:
    """Open so many orders that are alike, each with a session, its commands and their keys."""
    both = [plant.worker.id, plant.other.id]
    body = {**PLANNED, "id": TEMPLATE, "stages": [{"name": "Montaj", "assignee_ids": both}]}
    assert plant.planner.post("/workorders", body, key="create").status == 201
    for command in ("start", "pause"):
        assert plant.worker.post(f"/stages/{TEMPLATE}-01/{command}", key=command).status == 200
    tenant = plant.planner.tenant
    lot = keys.lot(tenant, "L-1", TEMPLATE)
    template = [
        *table.query(keys.order(tenant, TEMPLATE).pk),
        *table.query(keys.order_number(tenant, TEMPLATE).pk),
        *table.query(lot.pk, lot.sk),
    ]
    aggregate_all()  # before the schedule does: an order that was projected has an item more
    copies = [renamed(each, TEMPLATE, f"WO-{n:04d}") for n in range(1, orders) for each in template]
    write(copies)


def lengthen(plant: Plant, times: int) -> None:
    """Let the order have a past: so many sessions, reports, commands and keys of each kind that it has."""
    past = [
        each
        for each in table.query(keys.order(plant.planner.tenant, ORDER).pk)
        if each.kind in {"session", "report", "command", "idempotency_key"}
    ]
    copies = [Item(**{**each.attribute_values, "SK": f"{each.SK}-{n:04d}"}) for n in range(times) for each in past]
    write(copies)


def write(items: list[Item]) -> None:
    """Write items, some requests at a time."""
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(table.batch_put, (items[n : n + 100] for n in range(0, len(items), 100))))


def renamed(found: Item, old: str, new: str) -> Item:
    """The same item of another order."""

    def named(value: Any) -> Any:
        if isinstance(value, str):
            return value.replace(old, new)
        if isinstance(value, dict):
            return {name: named(each) for name, each in value.items()}
        return [named(each) for each in value] if isinstance(value, list) else value

    return Item(**{name: named(value) for name, value in found.attribute_values.items()})


def measured(plant: Plant, orders: int) -> dict[str, Cost]:
    """Every operation on an order and on the lists, in a plant of so many orders."""
    costs = Costs()
    fill(plant, orders)
    open_order(plant)
    references.check(plant.planner.tenant, people=[("user", plant.worker.id), ("user", plant.other.id)])
    assert Given("worker", "start").to(plant, key="before").status == 200
    assert Given("worker", "pause").to(plant, key="pause before").status == 200
    lengthen(plant, orders // 5)
    for command in WALK:
        for again in ("", ", again"):
            reply = costs.measure(f"{command}{again}", partial(command.to, plant, key=str(command)))
            assert (reply.status < 300) != (command == REFUSED)
    tenants.settings_of(plant.planner.tenant)  # on a slow machine they are older than a minute by now
    for who, path in READS:
        assert costs.measure(f"{who}: {path}", partial(plant.everybody()[who].get, path)).status == 200
    return costs.of


def test_a_plant_of_a_thousand_orders_pays_what_one_of_ten_pays(plants: dict[int, Plant]) -> None:
    few, many = (measured(plant, orders) for orders, plant in plants.items())

    assert many == few
    assert len(list(table.query(keys.order("plant-b", ORDER).pk, keys.COMMAND_PREFIX))) > MANY / 2
