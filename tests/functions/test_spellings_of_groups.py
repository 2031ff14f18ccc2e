"""One group for all spellings of a name: numbers of days by product, customer, stage and line."""

from datetime import date
from typing import Any

import pytest

from chalicelib.domain.tenants import DEFAULT_TENANT
from chalicelib.services.numbers import daily_sums as sums_of_days
from tests.conftest import SetClock
from tests.floor import HOUR, MORNING, Plant
from tests.machines import install
from tests.services.aggregating import assert_settled, settle

MONDAY = date(2026, 1, 5)


def worked(plant: Plant, product: str, customer: str, stage: str, machine: str) -> str:
    """An order on whose stage somebody worked for an hour on a machine; its id."""
    order = plant.order({"name": stage}, product_code=product, customer=customer)
    body = {"started_at": (MORNING - HOUR).isoformat(), "ended_at": MORNING.isoformat(), "good": 1}
    booked = plant.planner.post(
        f"/stages/{order['stages'][0]['id']}/sessions", body | {"worker_id": plant.worker.id, "machine_id": machine}
    )
    assert booked.status == 201, booked.body
    return str(order["id"])


@pytest.fixture
def orders(plant: Plant, set_clock: SetClock) -> list[str]:
    set_clock.set(MORNING)
    install("M1", line="Hat 1")
    install("M2", line="HAT 1")
    made = [
        worked(plant, "Kapak", "Şişecam", "Dış pres", "M1"),
        worked(plant, "KAPAK", "şişecam", "DIŞ PRES", "M2"),
        worked(plant, "kapak", "ŞİŞECAM", "diş pres", "M1"),
        worked(plant, "Kapak", "Şişecam", "dış  pres", "M1"),
    ]
    settle()
    return made


def told(plant: Plant, dimension: str, asked: str = "") -> list[tuple[Any, ...]]:
    found = plant.planner.get(f"/metrics/daily?group_by={dimension}{asked}").items
    return [(row["value"], row["value_key"], row["time"]["pieces"], row["time"]["run_minutes"]) for row in found]


@pytest.mark.usefixtures("orders")
def test_all_spellings_are_one_group_shown_as_most_write_it(plant: Plant) -> None:
    assert told(plant, "product") == [("Kapak", "KAPAK", 4, 60)]
    assert told(plant, "customer") == [("Şişecam", "ŞIŞECAM", 4, 60)]
    assert told(plant, "line") == [("Hat 1", "HAT 1", 4, 60)]
    assert [row[1:] for row in told(plant, "stage")] == [("DIŞ PRES", 4, 60)]
    assert [row[:3] for row in told(plant, "machine")] == [("M1", "M1", 3), ("M2", "M2", 1)]
    for spelling in ("kapak", "KAPAK", "Kapak"):
        assert told(plant, "product", f"&value={spelling}") == [("Kapak", "KAPAK", 4, 60)]


def test_the_shown_spelling_follows_what_is_written_and_a_rebuild_says_the_same(
    plant: Plant, orders: list[str]
) -> None:
    for order_id in (orders[0], orders[3]):
        sold = plant.planner.patch(f"/workorders/{order_id}", {"customer": "ŞİŞECAM", "reason": "sold"}, If_Match="*")
        assert sold.status == 200
    settle()
    assert told(plant, "customer") == [("ŞİŞECAM", "ŞIŞECAM", 4, 60)]
    assert_settled()
    assert sums_of_days.repair(DEFAULT_TENANT, MONDAY) == 0
    sums_of_days.remake(DEFAULT_TENANT, MONDAY)
    assert told(plant, "customer") == [("ŞİŞECAM", "ŞIŞECAM", 4, 60)]


@pytest.mark.usefixtures("orders")
def test_a_group_is_explained_by_any_of_its_spellings(plant: Plant) -> None:
    reply = plant.planner.get("/metrics/daily?group_by=product&value=kapak&explain=1&from=2026-01-05&to=2026-01-05")
    (row,) = reply.items
    assert (row["value"], sum(each["good"] for each in row["explanation"]["inputs"] if each["kind"] == "session")) == (
        "Kapak",
        4,
    )
