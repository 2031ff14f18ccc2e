"""Good pieces against expected ones by the hour, over HTTP, of a machine and of a stage."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from chalicelib.domain.instants import wire
from chalicelib.domain.machines.readings import Reading, microseconds
from chalicelib.services.machines.ingest import ingest
from tests.conftest import SetClock
from tests.floor import HOUR, MINUTE, MORNING, Plant, new_order
from tests.machines import arrived, install, message, watched, work, written

STAGE, OTHER = "WO-1-01", "WO-1-02"
HOURLY, OF_MACHINE, OF_STAGE = (
    "/metrics/hourly",
    "/metrics/hourly?machine_id=M1",
    f"/metrics/hourly?stage_id={STAGE}",
)
SIX, NOW = MORNING - 2 * HOUR, MORNING + 30 * MINUTE
FROM_SIX = f"&from={wire(SIX)}"
EVERY_DAY = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
# By the plant's clock, three hours ahead of UTC: from 06:00 to 14:00 UTC, with a break from 07:30 to 08:00.
SHIFT = {"name": "early", "end": "17:00", "breaks": [{"start": "10:30", "end": "11:00"}], "days": EVERY_DAY}


def calendar(start: str) -> dict[str, Any]:
    return {"valid_from": "2026-01-01", "shifts": [{**SHIFT, "start": start}]}


@pytest.fixture
def shop(floor: Plant, set_clock: SetClock) -> Plant:
    """A plant with a shift, and an order of two stages with a standard of a minute and of half a minute."""
    stages = [
        {"name": name, "assignee_ids": [floor.worker.id], "standard_seconds_per_unit": standard, "machine_id": "M1"}
        for name, standard in (("Enjeksiyon", 60), ("Montaj", 30))
    ]
    times = {"planned_start": wire(SIX), "planned_end": wire(MORNING + 4 * HOUR)}
    assert floor.planner.post("/workorders", new_order(id="WO-1", quantity=1000, stages=stages, **times)).status == 201
    assert floor.planner.put("/calendars/default", calendar("09:00"), If_Match="*").status == 200
    set_clock.forward(30 * MINUTE)
    return floor


def book(shop: Plant, begin: datetime, end: datetime, stage: str = STAGE, **fields: Any) -> None:
    times = {"started_at": wire(begin), "ended_at": wire(end), "worker_id": shop.worker.id}
    booked = shop.planner.post(f"/stages/{stage}/sessions", {**times, "machine_id": "M1", **fields})
    assert booked.status == 201, booked.body
    work()


def rows(found: Any) -> list[tuple[str, float | None, int, float | None]]:
    """Of each hour: its beginning, busy minutes, good pieces and expected ones."""
    return [
        (each["from"][11:16], each["busy_minutes"], each["good"], each["metrics"]["expected"]["value"])
        for each in found["hours"]
    ]


def test_nobody_unknown_and_no_worker_reads_hours(shop: Plant) -> None:
    assert shop.stranger.get(OF_MACHINE).status == 401
    assert shop.worker.get(OF_MACHINE).status == 403


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        ("machine_id=none", "ERR_MACHINE_NOT_FOUND"),
        ("stage_id=none-01", "ERR_STAGE_NOT_FOUND"),
        ("", "ERR_REQUEST_BAD_PARAMETER"),
        (f"machine_id=M1&stage_id={STAGE}", "ERR_REQUEST_BAD_PARAMETER"),
        ("machine_id=M1&from=2026-01-01T00:00:00Z&to=2026-01-03T01:00:00Z", "ERR_REQUEST_BAD_PARAMETER"),
        ("machine_id=M1&from=2026-01-02T00:00:00Z&to=2026-01-01T01:00:00Z", "ERR_REQUEST_BAD_PARAMETER"),
    ],
)
def test_hours_that_cannot_be_read_are_refused(shop: Plant, asked: str, code: str) -> None:
    assert shop.planner.get(f"{HOURLY}?{asked}").error["code"] == code


def test_the_hours_of_a_machine_have_what_was_reported_and_counted_against_what_was_expected(shop: Plant) -> None:
    book(shop, SIX, SIX + 20 * MINUTE, good=15, scrap=1)
    book(shop, SIX + HOUR, SIX + 80 * MINUTE, good=18)
    counts = [Reading("M1", "main", "cycle_count", microseconds(SIX + n * MINUTE), float(n)) for n in range(120)]
    ingest(arrived(message("M1", *written(counts))))
    work()
    found = shop.planner.get(OF_MACHINE + FROM_SIX).data

    assert rows(found) == [("06:00", 60.0, 15, 60.0), ("07:00", 30.0, 18, 30.0), ("08:00", 30.0, 0, 30.0)]
    assert [hour["counted"] for hour in found["hours"]] == [59.0, 60.0, None]
    first, total = found["hours"][0], found["total"]
    assert (first["to"], first["stage_ids"], first["scrap"]) == ("2026-01-05T07:00:00.000Z", [STAGE], 1)
    assert first["metrics"]["expected"].items() >= {"unit": "pieces", "numerator": 3600, "denominator": 60}.items()
    assert [total["good"], total["counted"], total["metrics"]["expected"]["value"]] == [33, 119.0, 120.0]
    assert total["metrics"]["attainment"]["value"] == 27.5
    assert found["stages"] == [{"id": STAGE, "name": "Enjeksiyon", "standard_seconds_per_unit": 60}]
    assert (found["machine_id"], found["calendar_id"], found["complete"]) == ("M1", "default", False)
    assert found["window"] == {"from": wire(SIX), "to": wire(NOW), "timezone": "Europe/Istanbul"}


def test_reports_of_an_open_session_count_in_the_hour_in_which_they_were_made(shop: Plant, set_clock: SetClock) -> None:
    start = {"machine_id": "M1", "worker_id": shop.worker.id, "at": wire(SIX + 10 * MINUTE)}
    assert shop.planner.post(f"/stages/{STAGE}/start", start).status == 200
    for minute, good in ((70, 8), (71, 9)):
        report = {"good": good, "worker_id": shop.worker.id, "at": wire(SIX + minute * MINUTE)}
        assert shop.planner.post(f"/stages/{STAGE}/report", report).status == 200
    expected = [("06:00", 60.0, 0, 50.0), ("07:00", 30.0, 17, 30.0), ("08:00", 30.0, 0, 30.0)]
    assert rows(shop.planner.get(OF_MACHINE + FROM_SIX).data) == expected
    assert rows(shop.planner.get(OF_STAGE + FROM_SIX).data) == expected

    sessions = shop.planner.get(f"/stages/{STAGE}").data["open_sessions"]
    pause = {"worker_id": shop.worker.id, "at": wire(SIX + 100 * MINUTE)}
    assert shop.planner.post(f"/stages/{STAGE}/pause", pause).status == 200
    corrected = {"good": 5, "reason": "miscounted"}
    at = f"/stages/{STAGE}/sessions/{sessions[0]['id']}/correct"
    assert shop.planner.post(at, corrected).status == 200
    work()
    assert [row[2] for row in rows(shop.planner.get(OF_MACHINE + FROM_SIX).data)] == [0, 5, 0]
    set_clock.forward(timedelta(days=2))
    assert shop.planner.get(OF_STAGE + FROM_SIX + f"&to={wire(NOW)}").data["complete"] is True


def test_the_hours_of_a_stage_are_those_of_all_machines_by_the_calendar_of_its_own(shop: Plant) -> None:
    assert shop.planner.put("/calendars/M1", calendar("10:00"), If_Match="*").status == 200
    book(shop, SIX, SIX + 20 * MINUTE, good=15)
    book(shop, SIX, SIX + 20 * MINUTE, OTHER, good=5)
    book(shop, SIX + HOUR, SIX + 80 * MINUTE, good=18, machine_id=None)
    found = shop.planner.get(OF_STAGE + FROM_SIX).data

    assert rows(found) == [("06:00", 0, 15, 0), ("07:00", 30.0, 18, 30.0), ("08:00", 30.0, 0, 30.0)]
    assert [hour["counted"] for hour in found["hours"]] == [None] * 3
    assert (found["machine_id"], found["calendar_id"]) == (None, "M1")
    assert found["hours"][0]["metrics"]["attainment"]["reason"] == "no_plan"


def test_hours_do_not_depend_on_the_window_in_which_they_are_asked_for(shop: Plant) -> None:
    book(shop, SIX, SIX + 20 * MINUTE, good=15)
    book(shop, SIX + 2 * HOUR, SIX + 140 * MINUTE, OTHER, good=5)
    for of in (OF_MACHINE, OF_STAGE):
        whole = rows(shop.planner.get(of + FROM_SIX).data)
        later = f"&from={wire(SIX + HOUR)}"
        parts = [rows(shop.planner.get(of + each).data) for each in (f"{FROM_SIX}&to={wire(SIX + HOUR)}", later)]
        assert [*parts[0], *parts[1]] == whole
    assert rows(shop.planner.get(OF_MACHINE + FROM_SIX).data) == [
        ("06:00", 60.0, 15, 60.0),
        ("07:00", 30.0, 0, 30.0),
        ("08:00", 30.0, 5, 60.0),
    ]


def test_what_is_done_at_another_machine_is_not_of_this_one(shop: Plant) -> None:
    install("M2")
    book(shop, SIX, SIX + 20 * MINUTE, good=15, machine_id="M2")
    start = {"machine_id": "M2", "worker_id": shop.worker.id, "at": wire(SIX + HOUR)}
    assert shop.planner.post(f"/stages/{OTHER}/start", start).status == 200
    book(shop, SIX + HOUR, SIX + 80 * MINUTE, good=18)
    found = shop.planner.get(OF_MACHINE + FROM_SIX).data
    assert [found["total"]["good"], [stage["id"] for stage in found["stages"]]] == [18, [STAGE]]
    there = shop.planner.get(f"{HOURLY}?machine_id=M2{FROM_SIX}").data
    assert [there["total"]["good"], sorted(stage["id"] for stage in there["stages"])] == [15, [STAGE, OTHER]]


def test_a_machine_without_work_and_a_window_of_the_future_have_nothing(shop: Plant) -> None:
    found = shop.planner.get(OF_MACHINE).data
    assert [len(found["hours"]), found["stages"]] == [25, []]
    assert [hour["busy_minutes"] for hour in found["hours"][-3:]] == [60, 30, 30]
    assert {hour["metrics"]["expected"]["reason"] for hour in found["hours"][-3:]} == {"no_run"}
    later = shop.planner.get(f"{OF_MACHINE}&from=2026-01-06T00:00:00Z").data
    assert [later["hours"], later["total"]["good"]] == [[], 0]


def test_a_plant_without_a_calendar_expects_nothing(floor: Plant) -> None:
    found = floor.planner.get(OF_MACHINE).data
    assert (found["calendar_id"], found["total"]["metrics"]["expected"]["reason"]) == (None, "no_calendar")


def test_more_stages_than_a_request_may_read_are_refused(shop: Plant) -> None:
    stages = [{"name": f"S{n}", "assignee_ids": [shop.worker.id]} for n in range(21)]
    assert shop.planner.post("/workorders", new_order(id="WO-2", stages=stages)).status == 201
    for n in range(21):
        times = dict.fromkeys(("started_at", "ended_at"), wire(MORNING))
        booked = {**times, "worker_id": shop.worker.id, "machine_id": "M1"}
        assert shop.planner.post(f"/stages/WO-2-{n + 1:02d}/sessions", booked).status == 201
    work()
    refused = shop.planner.get(OF_MACHINE)
    assert (refused.status, "21 stages" in refused.error["detail"]) == (400, True)


def test_the_hours_cost_a_request_for_each_stage_and_each_day(shop: Plant) -> None:
    book(shop, SIX, SIX + 20 * MINUTE, good=15)
    with watched() as called:
        assert shop.planner.get(OF_MACHINE + FROM_SIX).status == 200
    assert [sorted(called).count(each) for each in ("Query", "BatchGetItem", "GetItem")] == [6, 2, 0]
    with watched() as called:
        assert shop.planner.get(OF_STAGE + FROM_SIX).status == 200
    assert sorted(called) == ["BatchGetItem", "Query", "Query"]
