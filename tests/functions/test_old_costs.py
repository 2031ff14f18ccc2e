"""What the old app's requests cost: a few requests of DynamoDB, which do not grow with the history of a plant."""

import pytest

from tests.conftest import SetClock
from tests.floor import MINUTE, Plant
from tests.machines import watched, work
from tests.old_app import OldPhone, let_in, number_of
from tests.phones import PASSWORD, Phone, employ


@pytest.fixture
def stage(plant: Plant, set_clock: SetClock) -> int:
    """The number of a stage of the worker; what a warm function remembers is known, and who uses the app is noted."""
    let_in()
    stages = plant.order({"name": "Montaj", "assignee_ids": [plant.worker.id]}, id="WO-1")["stages"]
    for person in (plant.worker, plant.planner):
        assert OldPhone(person).get("/workorders").status == 200
    return number_of("stage", stages[0]["id"])


def test_a_command_costs_two_reads_more_than_todays(plant: Plant, stage: int) -> None:
    with watched() as called:
        assert OldPhone(plant.worker).post(f"/stages/{stage}/start").status == 200
    assert called == ["GetItem", "Query", "TransactWriteItems", "BatchGetItem"]


def test_a_second_tap_is_refused_and_read(plant: Plant, stage: int) -> None:
    phone = OldPhone(plant.worker)
    phone.post(f"/stages/{stage}/start")
    with watched() as called:
        assert phone.post(f"/stages/{stage}/start").status == 200
    assert called == ["GetItem", "Query", "Query", "BatchGetItem"]


def test_the_list_of_orders_costs_the_same_with_one_and_with_twenty(plant: Plant, stage: int) -> None:
    phone = OldPhone(plant.planner)

    def listed() -> list[str]:
        with watched() as called:
            assert phone.get("/workorders").status == 200
        return called

    alone = listed()
    for n in range(2, 21):
        plant.order(id=f"WO-{n}")
    phone.get("/workorders")  # gives them their numbers

    assert alone == listed() == ["Query", "Query", "GetItem", *["BatchGetItem"] * 3]


def test_the_token_of_a_shift_costs_one_read_a_minute(plant: Plant, set_clock: SetClock) -> None:
    let_in()
    employ(plant)
    pair = OldPhone(plant.stranger).sign_in("zeynep", PASSWORD).body
    phone = OldPhone(Phone(plant.client, None, pair=pair))
    assert phone.get("/auth/me").status == 200

    def read() -> list[str]:
        with watched() as called:
            assert phone.get("/auth/me").status == 200
        return called

    assert read() == ["GetItem", "BatchGetItem"]
    set_clock.forward(MINUTE)
    assert read() == ["BatchGetItem", "GetItem", "GetItem", "BatchGetItem"]  # the device, the settings, and the same


@pytest.mark.usefixtures("set_clock")
def test_what_the_other_screens_cost(plant: Plant, stage: int) -> None:
    phone = OldPhone(plant.planner)
    press = phone.post("/machines", {"name": "Press"}).body["id"]
    product = phone.post("/products", {"code": "P-1", "name": "Cap", "cycle_time_sec": 24}).body["id"]
    phone.post("/molds", {"code": "K-1", "name": "Mould", "product_id": product})
    phone.post(f"/machines/{press}/readings", {"reading_type": "speed", "value": "100"})
    work()
    screens = {
        "/machines": ["Query", "BatchGetItem"],
        "/products": ["Query", "Query", "BatchGetItem"],
        "/molds": ["Query", "BatchGetItem", "BatchGetItem"],
        f"/metrics/stages/{stage}": ["GetItem", "Query"],
        f"/metrics/workorders/{number_of('order', 'WO-1')}": ["GetItem", "Query", "BatchGetItem"],
        f"/machines/{press}/readings?limit=1": ["GetItem", "BatchGetItem", "Query", "BatchGetItem"],
        f"/machines/{press}/readings": ["GetItem", "BatchGetItem", *["Query"] * 25, "BatchGetItem"],
        "/issues/notifications": ["GetItem", "Query", "Query"],
    }
    for path, requests in screens.items():
        phone.get(path)
        with watched() as called:
            assert phone.get(path).status == 200
        assert called == requests, path
    with watched() as called:
        phone.post(f"/stages/{stage}/issue", {"type": "quality"})
    assert called == ["GetItem", "Query", "TransactWriteItems", "BatchGetItem", "BatchGetItem", "TransactWriteItems"]
