"""Work order endpoints: opening, reading and listing them, for each role."""

from typing import Any

import pytest

from tests.conftest import SetClock
from tests.floor import HOUR, MINUTE, MORNING, Plant, new_order, pages

TAKEN = {"id": "ERR_ORDER_ID_TAKEN", "number": "ERR_ORDER_NUMBER_TAKEN"}


def ids(listed: Any) -> list[str]:
    return [each["id"] for each in listed]


def test_an_order_without_stages_gets_the_plants_own(plant: Plant, set_clock: SetClock) -> None:
    order = plant.planner.post("/workorders", new_order(id="WO-1")).data

    assert [(s["id"], s["name"], s["planned_start"], s["planned_end"]) for s in order["stages"]] == [
        ("WO-1-01", "Enjeksiyon", "2026-01-05T07:00:00.000Z", "2026-01-05T07:30:00.000Z"),
        ("WO-1-02", "Montaj", "2026-01-05T07:30:00.000Z", "2026-01-05T09:00:00.000Z"),
    ]
    assert (order["number"], order["status"], order["version"], order["priority"]) == ("WO-1", "planned", 1, 5)
    assert order["created_by"] == plant.planner.id
    assert plant.planner.get("/workorders/WO-1").data == order


@pytest.mark.parametrize("field", ["id", "number"])
def test_an_id_and_a_number_are_given_once(plant: Plant, field: str) -> None:
    plant.planner.post("/workorders", new_order(**{field: "X"}))

    reply = plant.planner.post("/workorders", new_order(**{field: "X"}))

    assert (reply.status, reply.error["code"]) == (409, TAKEN[field])


def test_unknown_people_and_machines_are_named_by_their_fields(plant: Plant) -> None:
    gone = plant.hire("gone", plant.other.actor.role, active=False)
    plant.planner.post("/machines", {"id": "OLD", "name": "Old press", "status": "retired"})
    plant.planner.post("/machines", {"id": "FIX", "name": "In repair", "status": "maintenance"})
    stages = [
        {"name": "a", "assignee_ids": [plant.worker.id, "nobody"], "machine_id": "OLD"},
        {"name": "b", "assignee_ids": [gone.id], "machine_id": "none"},
        {"name": "c", "machine_id": "FIX"},
    ]

    reply = plant.planner.post("/workorders", new_order(stages=stages))

    assert reply.status == 422
    assert reply.fields() == {
        "stages[0].assignee_ids[1]": "unknown",
        "stages[0].machine_id": "unknown",
        "stages[1].assignee_ids[0]": "unknown",
        "stages[1].machine_id": "unknown",
    }


def test_a_window_that_is_empty_is_refused(plant: Plant) -> None:
    reply = plant.planner.post("/workorders", new_order(planned_end=new_order()["planned_start"]))

    assert reply.status == 422
    assert reply.fields()["planned_end"] == "after_start"


def test_a_worker_sees_the_head_and_their_own_stages(plant: Plant) -> None:
    order = plant.order({"name": "a", "assignee_ids": [plant.worker.id]}, {"name": "b"})
    path = f"/workorders/{order['id']}"

    assert [stage["name"] for stage in plant.worker.get(path).data["stages"]] == ["a"]
    assert [stage["name"] for stage in plant.worker.get(f"{path}/stages").items] == ["a"]
    assert [stage["name"] for stage in plant.planner.get(f"{path}/stages").items] == ["a", "b"]


@pytest.mark.parametrize("part", ["", "/stages", "/metrics"])
def test_an_order_with_nothing_of_theirs_is_not_there_for_a_worker(plant: Plant, part: str) -> None:
    order = plant.order()

    other, missing = plant.other.get(f"/workorders/{order['id']}{part}"), plant.other.get(f"/workorders/none{part}")

    assert other.status == missing.status == 404
    assert other.error["code"] == missing.error["code"] == "ERR_ORDER_NOT_FOUND"
    assert other.error["detail"].replace(order["id"], "none") == missing.error["detail"]


@pytest.fixture
def _orders(plant: Plant, set_clock: SetClock) -> None:
    """Five orders, each due an hour after the one before and opened a minute after; WO-2 is done, WO-4 begun."""
    for n in range(5):
        end = (MORNING + (n + 1) * HOUR).isoformat()
        plant.order(id=f"WO-{n}", planned_end=end, lot_no=f"L-{n % 2}", product_code=f"P-{n % 3}", number=f"N-{n}")
        set_clock.forward(MINUTE)
    for command, order in (("start", "WO-2"), ("done", "WO-2"), ("start", "WO-4")):
        assert plant.worker.post(f"/stages/{order}-01/{command}").status == 200


@pytest.mark.usefixtures("_orders")
@pytest.mark.parametrize(
    ("asked", "shown"),
    [
        ("", ["WO-0", "WO-1", "WO-3", "WO-4"]),
        ("status=planned", ["WO-0", "WO-1", "WO-3"]),
        ("status=planned&status=in_progress", ["WO-0", "WO-1", "WO-3", "WO-4"]),
        ("status=done", ["WO-2"]),
        ("status=done&status=in_progress", ["WO-4", "WO-2"]),
        ("number=N-2", ["WO-2"]),
        ("number=N-2&status=planned", []),
        ("number=none", []),
        ("lot_no=L-0", ["WO-0", "WO-2", "WO-4"]),
        ("lot_no=L-0&status=done", ["WO-2"]),
        ("product_code=P-1", ["WO-1", "WO-4"]),
        ("due_before=2026-01-05T10:00:00Z", ["WO-0"]),
        ("due_after=2026-01-05T10:00:00Z", ["WO-1", "WO-3", "WO-4"]),
        ("due_after=2026-01-05T10:00:00Z&due_before=2026-01-05T12:00:00%2B00:00", ["WO-1"]),
        ("status=done&due_after=2026-01-05T11:00:00.001Z", []),
    ],
)
def test_orders_are_listed_as_asked(plant: Plant, asked: str, shown: list[str]) -> None:
    assert ids(plant.worker.get(f"/workorders?{asked}").items) == shown


@pytest.mark.usefixtures("_orders")
@pytest.mark.parametrize(
    "asked", ["", "status=done&status=planned&status=in_progress", "lot_no=L-0", "product_code=P-1"]
)
def test_pages_follow_one_another_by_cursor_and_hold_everything_once(plant: Plant, asked: str) -> None:
    whole = plant.planner.get(f"/workorders?{asked}").items

    assert pages(plant.planner, f"/workorders?{asked}&") == whole


@pytest.mark.usefixtures("_orders")
def test_a_cursor_belongs_to_its_list_and_filters(plant: Plant) -> None:
    cursor = plant.planner.get("/workorders?limit=1").data["next_cursor"]

    assert plant.planner.get(f"/workorders?limit=2&cursor={cursor}").status == 200
    for other in ("/workorders?status=done&", "/workorders?lot_no=L-0&", "/stages?", "/machines?", "/auth/users?"):
        reply = plant.planner.get(f"{other}cursor={cursor}")
        assert (reply.status, reply.error["code"]) == (400, "ERR_REQUEST_BAD_CURSOR")


@pytest.mark.usefixtures("_orders")
@pytest.mark.parametrize("cursor", ["x", "MTI", "bnVsbA", "W1tb", "W10", "é", "W" * 3900, "W1tb" * 975])
def test_a_cursor_that_was_never_given_is_refused(plant: Plant, cursor: str) -> None:
    reply = plant.planner.get(f"/workorders?cursor={cursor}")

    assert (reply.status, reply.error["code"]) == (400, "ERR_REQUEST_BAD_CURSOR")


def test_the_limits_of_one_transaction_are_told_before_it_is_tried(plant: Plant) -> None:
    too_many = plant.planner.post("/workorders", new_order(stages=[{"name": "s"}] * 41))
    people = [plant.hire(f"w{n}", plant.worker.actor.role).id for n in range(31)]
    crowded = plant.planner.post("/workorders", new_order(stages=[{"name": "s", "assignee_ids": people}]))
    doubled = plant.planner.post("/workorders", new_order(stages=[{"name": "s", "assignee_ids": people[:30] * 2}]))
    largest = [{"name": "s", "assignee_ids": [plant.worker.id]}] * 40

    assert too_many.fields() == {"stages": "too_long"}
    assert crowded.fields() == {"stages[0].assignee_ids": "too_many"}
    assert doubled.status == 201
    assert plant.planner.post("/workorders", new_order(stages=largest), key="k").status == 201
