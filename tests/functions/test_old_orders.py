"""The old app shows and opens work orders, and works on their stages."""

from typing import Any

import pytest

from tests.conftest import SetClock
from tests.disturbances import at_commit
from tests.floor import HOUR, MINUTE, MORNING, Plant, Reply
from tests.old_app import OldPhone, detail, number_of

SECOND = MINUTE / 60
NEW = {
    "product_code": "CAP-40",
    "lot_no": "L-7",
    "qty": 500,
    # What the clock on the wall in Istanbul shows; in UTC it is 05:00.
    "planned_start": "2026-01-05T08:00:00",
    "planned_end": "2026-01-05T14:00:00",
}


def opened(old_planner: OldPhone, **fields: Any) -> Any:
    """The stages of an order that is opened with these fields."""
    reply = old_planner.post("/workorders", NEW | fields)
    assert reply.status == 200, reply.body
    return reply.body["stages"]


@pytest.mark.parametrize(
    ("fields", "names"),
    [
        ({"stage_count": 1}, ["Üretim"]),
        ({"stage_count": 2}, ["Enjeksiyon", "Montaj"]),
        ({"stage_count": 3}, ["Aşama 1", "Aşama 2", "Aşama 3"]),
        ({"stage_count": "3", "stage_names": ["a", "b"]}, ["a", "b"]),
    ],
)
def test_stages_share_the_time_of_an_order_equally(
    old_planner: OldPhone, fields: dict[str, Any], names: list[str]
) -> None:
    stages = opened(old_planner, **fields)

    assert [stage["name"] for stage in stages] == names
    length = 6 // len(names)
    for n, stage in enumerate(stages):
        assert stage["planned_start"] == f"2026-01-05T{8 + n * length:02}:00:00"
        assert stage["planned_end"] == f"2026-01-05T{8 + (n + 1) * length:02}:00:00"


def test_without_a_count_the_stages_are_those_of_the_product(
    plant: Plant, old_planner: OldPhone, set_clock: SetClock
) -> None:
    assert [stage["name"] for stage in opened(old_planner)] == ["Enjeksiyon", "Montaj"]
    set_clock.forward(MINUTE)
    plant.planner.put("/routes/CAP-40", {"stages": [{"name": "Kesim"}]})
    assert [stage["name"] for stage in opened(old_planner)] == ["Kesim"]


def test_on_a_machine_the_stages_of_the_product_stay_what_they_are(plant: Plant, old_planner: OldPhone) -> None:
    plant.planner.post("/machines", {"id": "M1", "name": "Press"})
    plant.planner.put("/routes/CAP-40", {"stages": [{"name": "Kesim"}, {"name": "Boya", "cycle_seconds": 3}]})
    opened(old_planner, machine_id=number_of("machine", "M1"))
    opened(old_planner, machine_id="", stage_count="", lot_no="", qty="500,5")

    machined, plain = plant.planner.get("/workorders").items
    stages = [
        [(each["name"], each["machine_id"], each["standard_seconds_per_unit"]) for each in order["stages"]]
        for order in (plant.planner.get(f"/workorders/{one['id']}").data for one in (machined, plain))
    ]
    assert stages[0] == [("Kesim", "M1", None), ("Boya", "M1", 3)]
    assert stages[1] == [("Kesim", None, None), ("Boya", None, 3)]
    assert (plain["lot_no"], plain["quantity"]) == (None, 500.5)
    assert "qty: " in detail(old_planner.post("/workorders", NEW | {"qty": "many"}))


def test_an_order_and_its_stages_are_shown_as_they_were_opened(plant: Plant, old_planner: OldPhone) -> None:
    assert plant.planner.post("/machines", {"id": "M1", "name": "Press"}).status == 201
    machine = number_of("machine", "M1")
    made = old_planner.post("/workorders/", NEW | {"machine_id": machine}).body

    shown = old_planner.get(f"/workorders/{made['work_order_id']}").body
    assert shown.items() >= {**NEW, "produced_qty": 0, "machine_id": machine, "created_by_username": "pelin"}.items()
    assert shown["created_by"] == number_of("user", plant.planner.id)
    rows = old_planner.get(f"/workorders/{made['work_order_id']}/stages").body
    assert [row["id"] for row in rows] == [stage["id"] for stage in made["stages"]]
    assert made["stages_created"] == 2
    for row, stage in zip(rows, made["stages"], strict=True):
        assert row["stage_name"] == stage["name"]
        assert row.items() >= {"status": "planned", "actual_start": None, "machine_id": machine}.items()
        assert (row["planned_start"], row["planned_end"]) == (stage["planned_start"], stage["planned_end"])
    (order,) = plant.planner.get("/workorders").items
    assert order["planned_start"] == "2026-01-05T05:00:00.000Z"


def test_a_time_with_a_zone_is_what_it_says(plant: Plant, old_planner: OldPhone) -> None:
    sent = {"planned_start": "2026-01-05T08:00:00Z", "planned_end": "2026-01-05T20:00:00+09:00"}
    stages = opened(old_planner, **sent, stage_count=1)
    assert (stages[0]["planned_start"], stages[0]["planned_end"]) == ("2026-01-05T11:00:00", "2026-01-05T14:00:00")


def test_wrong_fields_are_told_in_one_text(old_planner: OldPhone) -> None:
    reply = old_planner.post("/workorders", NEW | {"qty": 0, "stage_count": 41, "planned_start": "soon"})
    years = old_planner.post("/workorders", NEW | {"planned_end": "0001-01-01T00:00:00"})
    nowhere = old_planner.post("/workorders", NEW | {"machine_id": 404})

    assert reply.status == 422
    assert all(f"{name}: " in detail(reply) for name in ("qty", "stage_count", "planned_start"))
    assert "planned_end: 1971 ile 2199 yılları arasında olmalı" in detail(years)
    assert nowhere.status == 404


def test_the_list_holds_what_goes_on_and_then_what_was_done(
    plant: Plant, old_planner: OldPhone, set_clock: SetClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = old_planner.post("/workorders", NEW | {"stage_count": 1}).body
    second = old_planner.post("/workorders", NEW | {"stage_count": 1, "qty": 9}).body
    old_planner.post(f"/stages/{first['stages'][0]['id']}/start")
    old_planner.post(f"/stages/{first['stages'][0]['id']}/done")

    listed = old_planner.get("/workorders/").body

    assert (listed["total"], listed["requested_by"]) == (2, "pelin")
    assert [order["id"] for order in listed["data"]] == [second["work_order_id"], first["work_order_id"]]
    assert [order["status"] for order in listed["data"]] == ["planned", "done"]
    monkeypatch.setattr("functions.old_orders.MOST_ORDERS", 1)
    assert [order["id"] for order in old_planner.get("/workorders").body["data"]] == [second["work_order_id"]]
    set_clock.forward(31 * 24 * HOUR)
    monkeypatch.setattr("functions.old_orders.MOST_ORDERS", 9)
    assert [order["id"] for order in old_planner.get("/workorders").body["data"]] == [second["work_order_id"]]


def test_a_worker_sees_only_what_is_theirs(plant: Plant, old_planner: OldPhone, old_worker: OldPhone) -> None:
    made = old_planner.post("/workorders", NEW).body
    assert old_worker.get("/workorders").body["data"] == []
    there, nowhere = (old_worker.get(f"/workorders/{number}/stages") for number in (made["work_order_id"], 404))
    started = old_worker.post(f"/stages/{made['stages'][0]['id']}/start")

    assert (there.status, there.body) == (nowhere.status, nowhere.body) == (404, there.body)
    assert (started.status, started.body) == (404, there.body)
    assert old_worker.post("/workorders", NEW).status == 403


def test_a_worker_lists_the_orders_of_their_stages_once_also_when_they_are_done(
    plant: Plant, old_planner: OldPhone, old_worker: OldPhone
) -> None:
    for number, people in (("WO-1", [plant.worker.id]), ("WO-2", []), ("WO-3", [plant.worker.id])):
        plant.order(*({"name": name, "assignee_ids": people} for name in "ab"), id=number)
    for stage in ("WO-1-01", "WO-1-02"):
        old_planner.post(f"/stages/{number_of('stage', stage)}/start")
        old_planner.post(f"/stages/{number_of('stage', stage)}/done")

    assert [order["number"] for order in old_worker.get("/workorders").body["data"]] == ["WO-3", "WO-1"]


def test_a_second_tap_opens_no_second_order_also_where_a_stretch_of_time_ends_between_them(
    plant: Plant, old_planner: OldPhone, set_clock: SetClock
) -> None:
    set_clock.set(MORNING + 4.9 * SECOND)
    first = old_planner.post("/workorders", NEW)
    set_clock.forward(SECOND)
    second = old_planner.post("/workorders/", NEW)
    set_clock.forward(10 * SECOND)
    third = old_planner.post("/workorders", NEW)

    assert (second.body, second.headers["Idempotent-Replayed"]) == (first.body, "true")
    assert third.body["work_order_id"] != first.body["work_order_id"]
    assert OldPhone(plant.admin).post("/workorders", NEW).headers.get("Idempotent-Replayed") is None
    assert len(plant.planner.get("/workorders").items) == 3


def test_the_tap_that_came_first_counts_whichever_is_written_first(
    old_planner: OldPhone, plant: Plant, set_clock: SetClock
) -> None:
    replies: list[Reply] = []
    set_clock.set(MORNING + 4.9 * SECOND)

    def tap_again() -> None:
        set_clock.forward(SECOND)
        replies.append(old_planner.post("/workorders", NEW))

    with at_commit(before=tap_again):
        replies.append(old_planner.post("/workorders", NEW))

    assert replies[0].body == replies[1].body
    assert replies[1].headers["Idempotent-Replayed"] == "true"
    assert len(plant.planner.get("/workorders").items) == 1
