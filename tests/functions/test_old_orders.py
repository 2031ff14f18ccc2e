"""The old app shows and opens work orders, and works on their stages."""

from typing import Any

import pytest

from tests.conftest import SetClock
from tests.disturbances import at_commit
from tests.floor import HOUR, MINUTE, MORNING, Plant, Reply
from tests.old_app import OldPhone, detail, let_in, number_of

SECOND = MINUTE / 60
NEW = {
    "product_code": "CAP-40",
    "lot_no": "L-7",
    "qty": 500,
    # What the clock on the wall in Istanbul shows; in UTC it is 05:00.
    "planned_start": "2026-01-05T08:00:00",
    "planned_end": "2026-01-05T14:00:00",
}


@pytest.fixture
def planner(plant: Plant, set_clock: SetClock) -> OldPhone:
    """The phone of a planner, in a plant that lets the old app in."""
    let_in()
    return OldPhone(plant.planner)


@pytest.fixture
def worker(plant: Plant, planner: OldPhone) -> OldPhone:
    """The phone of a worker."""
    return OldPhone(plant.worker)


@pytest.fixture
def stage(plant: Plant, planner: OldPhone) -> int:
    """The number of a stage of the worker and a colleague."""
    people = [plant.worker.id, plant.other.id]
    return number_of("stage", plant.order({"name": "Montaj", "assignee_ids": people}, id="WO-1")["stages"][0]["id"])


def opened(planner: OldPhone, **fields: Any) -> Any:
    """The stages of an order that is opened with these fields."""
    reply = planner.post("/workorders", NEW | fields)
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
def test_stages_share_the_time_of_an_order_equally(planner: OldPhone, fields: dict[str, Any], names: list[str]) -> None:
    stages = opened(planner, **fields)

    assert [stage["name"] for stage in stages] == names
    length = 6 // len(names)
    for n, stage in enumerate(stages):
        assert stage["planned_start"] == f"2026-01-05T{8 + n * length:02}:00:00"
        assert stage["planned_end"] == f"2026-01-05T{8 + (n + 1) * length:02}:00:00"


def test_without_a_count_the_stages_are_those_of_the_product(
    plant: Plant, planner: OldPhone, set_clock: SetClock
) -> None:
    assert [stage["name"] for stage in opened(planner)] == ["Enjeksiyon", "Montaj"]
    set_clock.forward(MINUTE)
    plant.planner.put("/routes/CAP-40", {"stages": [{"name": "Kesim"}]})
    assert [stage["name"] for stage in opened(planner)] == ["Kesim"]


def test_an_order_and_its_stages_are_shown_as_they_were_opened(plant: Plant, planner: OldPhone) -> None:
    assert plant.planner.post("/machines", {"id": "M1", "name": "Press"}).status == 201
    machine = number_of("machine", "M1")
    made = planner.post("/workorders/", NEW | {"machine_id": machine}).body

    shown = planner.get(f"/workorders/{made['work_order_id']}").body
    assert shown.items() >= {**NEW, "produced_qty": 0, "machine_id": machine, "created_by_username": "pelin"}.items()
    assert shown["created_by"] == number_of("user", plant.planner.id)
    rows = planner.get(f"/workorders/{made['work_order_id']}/stages").body
    assert [row["id"] for row in rows] == [stage["id"] for stage in made["stages"]]
    assert made["stages_created"] == 2
    for row, stage in zip(rows, made["stages"], strict=True):
        assert row["stage_name"] == stage["name"]
        assert row.items() >= {"status": "planned", "actual_start": None, "machine_id": machine}.items()
        assert (row["planned_start"], row["planned_end"]) == (stage["planned_start"], stage["planned_end"])
    (order,) = plant.planner.get("/workorders").items
    assert order["planned_start"] == "2026-01-05T05:00:00.000Z"


def test_a_time_with_a_zone_is_what_it_says(plant: Plant, planner: OldPhone) -> None:
    sent = {"planned_start": "2026-01-05T08:00:00Z", "planned_end": "2026-01-05T20:00:00+09:00"}
    stages = opened(planner, **sent, stage_count=1)
    assert (stages[0]["planned_start"], stages[0]["planned_end"]) == ("2026-01-05T11:00:00", "2026-01-05T14:00:00")


def test_wrong_fields_are_told_in_one_text(planner: OldPhone) -> None:
    reply = planner.post("/workorders", NEW | {"qty": 0, "stage_count": 41, "planned_start": "soon"})
    years = planner.post("/workorders", NEW | {"planned_end": "0001-01-01T00:00:00"})
    nowhere = planner.post("/workorders", NEW | {"machine_id": 404})

    assert reply.status == 422
    assert all(f"{name}: " in detail(reply) for name in ("qty", "stage_count", "planned_start"))
    assert "planned_end: 1971 ile 2199 yılları arasında olmalı" in detail(years)
    assert nowhere.status == 404


def test_the_list_holds_what_goes_on_and_then_what_was_done(
    plant: Plant, planner: OldPhone, set_clock: SetClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = planner.post("/workorders", NEW | {"stage_count": 1}).body
    second = planner.post("/workorders", NEW | {"stage_count": 1, "qty": 9}).body
    planner.post(f"/stages/{first['stages'][0]['id']}/start")
    planner.post(f"/stages/{first['stages'][0]['id']}/done")

    listed = planner.get("/workorders/").body

    assert (listed["total"], listed["requested_by"]) == (2, "pelin")
    assert [order["id"] for order in listed["data"]] == [second["work_order_id"], first["work_order_id"]]
    assert [order["status"] for order in listed["data"]] == ["planned", "done"]
    monkeypatch.setattr("functions.old_orders.MOST_ORDERS", 1)
    assert [order["id"] for order in planner.get("/workorders").body["data"]] == [second["work_order_id"]]
    set_clock.forward(31 * 24 * HOUR)
    monkeypatch.setattr("functions.old_orders.MOST_ORDERS", 9)
    assert [order["id"] for order in planner.get("/workorders").body["data"]] == [second["work_order_id"]]


def test_a_worker_sees_only_what_is_theirs(plant: Plant, planner: OldPhone, worker: OldPhone) -> None:
    made = planner.post("/workorders", NEW).body
    there, nowhere = (worker.get(f"/workorders/{number}/stages") for number in (made["work_order_id"], 404))
    started = worker.post(f"/stages/{made['stages'][0]['id']}/start")

    assert (there.status, there.body) == (nowhere.status, nowhere.body) == (404, there.body)
    assert (started.status, started.body) == (404, there.body)
    assert worker.post("/workorders", NEW).status == 403


def test_a_stage_is_started_paused_resumed_and_done(worker: OldPhone, stage: int, set_clock: SetClock) -> None:
    def gave(command: str) -> Any:
        set_clock.forward(SECOND)
        reply = worker.post(f"/stages/{stage}/{command}")
        assert reply.status == 200, reply.body
        return reply.body

    def row() -> Any:
        return worker.get(f"/workorders/{number_of('order', 'WO-1')}/stages").body[0]

    started = gave("start")
    assert started.items() >= {"ok": True, "work_order_stage_id": stage, "status": "in_progress"}.items()
    assert started["actual_start"] == "2026-01-05T08:00:01"
    shown = row()
    assert (shown["paused_at"], shown["resumed_at"]) == (None, None)
    assert [gave(each)["status"] for each in ("pause", "resume", "pause", "resume")] == ["paused", "in_progress"] * 2
    shown = row()
    assert (shown["paused_at"], shown["resumed_at"]) == (None, "2026-01-05T08:00:05")
    gave("pause")
    assert row()["paused_at"] == "2026-01-05T08:00:06"
    done = gave("done")
    assert (done["status"], done["actual_end"]) == ("done", "2026-01-05T08:00:07")
    again = worker.post(f"/stages/{stage}/start")
    assert again.status == 409
    assert "aşamasının durumu" in detail(again)


@pytest.mark.parametrize("commands", [["start"], ["start", "pause"], ["start", "pause", "resume"], ["start", "done"]])
def test_a_second_tap_is_answered_as_the_first_and_done_once(
    plant: Plant, worker: OldPhone, stage: int, commands: list[str]
) -> None:
    for command in commands:
        first, second = (worker.post(f"/stages/{stage}/{command}") for _ in range(2))
        assert (first.status, first.body) == (second.status, second.body) == (200, first.body)

    made = [each["command"] for each in plant.planner.get("/workorders/WO-1/history").items]
    assert made == ["create", *(command.replace("resume", "start") for command in commands)]


def test_a_second_tap_on_pause_is_answered_also_while_a_colleague_goes_on(
    plant: Plant, worker: OldPhone, stage: int, set_clock: SetClock
) -> None:
    refused = worker.post(f"/stages/{stage}/pause")
    plant.other.post("/stages/WO-1-01/start")
    working = worker.post(f"/stages/{stage}/pause")
    worker.post(f"/stages/{stage}/start")
    first = worker.post(f"/stages/{stage}/pause")
    second = worker.post(f"/stages/{stage}/pause")
    set_clock.forward(MINUTE)
    late = worker.post(f"/stages/{stage}/pause")

    assert (refused.status, working.status, late.status) == (409, 409, 409)
    assert (first.status, first.body) == (second.status, second.body) == (200, first.body)
    assert detail(late).startswith("Bu çalışanın bu aşamada açık bir çalışması yok")


def test_a_planner_pauses_everybody(plant: Plant, planner: OldPhone, worker: OldPhone, stage: int) -> None:
    plant.other.post("/stages/WO-1-01/start")
    worker.post(f"/stages/{stage}/start")

    first, second = (planner.post(f"/stages/{stage}/pause") for _ in range(2))

    assert (first.status, first.body["status"], second.body) == (200, "paused", first.body)
    assert plant.planner.get("/stages/WO-1-01").data["open_sessions"] == []


def test_a_second_tap_opens_no_second_order_also_where_a_stretch_of_time_ends_between_them(
    plant: Plant, planner: OldPhone, set_clock: SetClock
) -> None:
    set_clock.set(MORNING + 4.9 * SECOND)
    first = planner.post("/workorders", NEW)
    set_clock.forward(SECOND)
    second = planner.post("/workorders/", NEW)
    set_clock.forward(10 * SECOND)
    third = planner.post("/workorders", NEW)

    assert (second.body, second.headers["Idempotent-Replayed"]) == (first.body, "true")
    assert third.body["work_order_id"] != first.body["work_order_id"]
    assert OldPhone(plant.admin).post("/workorders", NEW).headers.get("Idempotent-Replayed") is None
    assert len(plant.planner.get("/workorders").items) == 3


def test_the_tap_that_came_first_counts_whichever_is_written_first(
    planner: OldPhone, plant: Plant, set_clock: SetClock
) -> None:
    replies: list[Reply] = []
    set_clock.set(MORNING + 4.9 * SECOND)

    def tap_again() -> None:
        set_clock.forward(SECOND)
        replies.append(planner.post("/workorders", NEW))

    with at_commit(before=tap_again):
        replies.append(planner.post("/workorders", NEW))

    assert replies[0].body == replies[1].body
    assert replies[1].headers["Idempotent-Replayed"] == "true"
    assert len(plant.planner.get("/workorders").items) == 1
