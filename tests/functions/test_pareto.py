"""The reasons of losses over HTTP, the largest first."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from chalicelib.domain.instants import wire
from chalicelib.storage.numbers import daily_sums
from tests.conftest import SetClock
from tests.floor import MINUTE, MORNING, Plant, new_order
from tests.functions.test_stops import because, tell
from tests.machines import install, watched, work

STOPS = "/metrics/pareto?of=stops"
OF_M1 = f"{STOPS}&machine_id=M1"


@pytest.fixture
def stopped(floor: Plant) -> Plant:
    """A plant whose M1 stood still three times and M2 once, on one day; two of the stops were explained."""
    install("M2")
    tell("M1", ("05:00", "idle"), ("05:10", "producing"), ("06:00", "unplanned_stop"), ("06:30", "producing"))
    tell("M1", ("07:00", "idle"), ("07:20", "producing"))
    tell("M2", ("07:10", "idle"), ("07:20", "off"))
    for begin, end, reason in (("05:00", "05:10", "material"), ("07:00", "07:20", "material")):
        assert floor.worker.post("/machines/M1/stops/explain", because(begin, end, reason)).status == 201
    return floor


def reasons(found: Any) -> list[tuple[str | None, int | None, float, float, float]]:
    """Of each reason: how often, how many minutes, its share, and the share up to it."""
    return [
        (
            each["reason"],
            each["count"],
            each["size"],
            each["metrics"]["share"]["value"],
            each["metrics"]["cumulative_share"]["value"],
        )
        for each in found["reasons"]
    ]


def test_nobody_unknown_and_no_worker_reads_losses(stopped: Plant) -> None:
    assert stopped.stranger.get(OF_M1).status == 401
    assert stopped.worker.get(OF_M1).status == 403


def test_the_stops_of_a_machine_by_reason(stopped: Plant) -> None:
    found = stopped.planner.get(OF_M1).data
    assert reasons(found) == [("material", 2, 30, 50, 50), (None, 1, 30, 50, 100)]
    assert (found["of"], found["unit"], found["machine_id"]) == ("stops", "minutes", "M1")
    assert (found["total"], found["complete"]) == ({"count": 3, "size": 60}, False)
    assert found["window"]["from"] == "2025-12-29T21:00:00.000Z"
    assert found["window"]["to"] == found["as_of"] == "2026-01-05T08:00:00.000Z"


def test_the_stops_of_all_machines_by_reason(stopped: Plant) -> None:
    assert reasons(stopped.planner.get(STOPS).data) == [(None, 2, 40, 57.143, 57.143), ("material", 2, 30, 42.857, 100)]


def test_days_are_local_and_both_included(stopped: Plant) -> None:
    tell("M1", ("20:00", "idle"), ("22:00", "producing"), day="2026-01-04")
    days = {"2026-01-04": 60, "2026-01-05": 120, "2026-01-03": None}
    for day, minutes in days.items():
        found = stopped.planner.get(f"{OF_M1}&from={day}&to={day}").data
        unexplained = [row for row in reasons(found) if row[0] is None]
        assert [row[2] for row in unexplained] == ([] if minutes is None else [60 if minutes == 60 else 90])
    whole = stopped.planner.get(f"{OF_M1}&from=2026-01-04").data
    assert whole["total"]["size"] == 60 + 60 + 60


@pytest.fixture
def worked(floor: Plant) -> Plant:
    """A plant in which work was paused twice and pieces were scrapped, partly at M1."""
    stage = {"name": "Montaj", "assignee_ids": [floor.worker.id, floor.other.id]}
    assert floor.planner.post("/workorders", new_order(id="WO-1", quantity=1000, stages=[stage])).status == 201

    def book(begin: int, end: int, **fields: Any) -> None:
        times = {"started_at": wire(MORNING - begin * MINUTE), "ended_at": wire(MORNING - end * MINUTE)}
        booked = floor.planner.post("/stages/WO-1-01/sessions", {**times, "worker_id": floor.worker.id, **fields})
        assert booked.status == 201, booked.body

    book(200, 190, good=10, scrap=2, scrap_reason="surface", machine_id="M1")
    book(180, 170, scrap=3, scrap_reason="surface")
    book(160, 150, scrap=1.5, scrap_reason="setup", machine_id="M1")
    start = {"machine_id": "M1", "worker_id": floor.worker.id}
    for at, reason in ((120, "material"), (90, "break")):
        started = {**start, "at": wire(MORNING - at * MINUTE)}
        assert floor.planner.post("/stages/WO-1-01/start", started).status == 200
        paused = {"worker_id": floor.worker.id, "at": wire(MORNING - (at - 10) * MINUTE), "pause_reason": reason}
        assert floor.planner.post("/stages/WO-1-01/pause", paused).status == 200
    work()
    return floor


def test_the_scrap_of_the_plant_and_of_a_machine_by_reason(worked: Plant) -> None:
    found = worked.planner.get("/metrics/pareto?of=scrap").data
    assert reasons(found) == [("surface", None, 5, 76.923, 76.923), ("setup", None, 1.5, 23.077, 100)]
    assert [found["unit"], found["total"], found["unrecorded_days"]] == ["pieces", {"count": None, "size": 6.5}, 0]
    assert (found["watermark"], found["complete"]) == ("2026-01-05T08:00:00.000Z", False)
    there = worked.planner.get("/metrics/pareto?of=scrap&machine_id=M1").data
    assert [row[:3] for row in reasons(there)] == [("surface", None, 2), ("setup", None, 1.5)]


def test_the_pauses_of_the_plant_by_reason(worked: Plant, set_clock: SetClock) -> None:
    found = worked.planner.get("/metrics/pareto?of=pauses").data
    without = (None, 3, 50, 71.429, 71.429)
    assert reasons(found) == [without, ("material", 1, 20, 28.571, 100), ("break", 1, 0, 0, 100)]
    assert (found["unit"], found["total"]) == ("minutes", {"count": 5, "size": 70})
    set_clock.forward(timedelta(days=30))
    days = "&from=2025-01-01&to=2026-01-05"
    late = worked.planner.get(f"/metrics/pareto?of=pauses{days}").data
    assert (late["reasons"], late["complete"]) == (found["reasons"], True)
    assert late["window"] == {"from": "2024-12-31T21:00:00.000Z", "to": "2026-01-05T21:00:00.000Z"} | {
        "timezone": "Europe/Istanbul"
    }
    nothing = worked.planner.get("/metrics/pareto?of=pauses&from=2025-12-01&to=2025-12-02").data
    assert [nothing["reasons"], nothing["total"], nothing["watermark"]] == [[], {"count": 0, "size": 0}, None]


def test_a_day_of_an_earlier_release_is_told_and_keeps_the_range_incomplete(worked: Plant, set_clock: SetClock) -> None:
    (made,) = daily_sums.between("default", date(2026, 1, 5), date(2026, 1, 5))
    old = replace(made, sums=replace(made.sums, recorded=0), revision=made.revision + 1)
    daily_sums.put("default", old)
    set_clock.forward(timedelta(days=30))
    found = worked.planner.get("/metrics/pareto?of=scrap&from=2026-01-05&to=2026-01-05").data
    assert (found["unrecorded_days"], found["complete"]) == (1, False)


def test_a_range_of_the_future_has_no_losses(stopped: Plant) -> None:
    found = stopped.planner.get(f"{OF_M1}&from=2026-02-01&to=2026-02-02").data
    assert (found["reasons"], found["total"]) == ([], {"count": 0, "size": 0})


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        ("?machine_id=M1", "ERR_REQUEST_BAD_PARAMETER"),
        ("?of=luck", "ERR_REQUEST_BAD_PARAMETER"),
        ("?of=stops&machine_id=none", "ERR_MACHINE_NOT_FOUND"),
        ("?of=stops&machine_id=M1&from=2026-01-01&to=2026-02-01", "ERR_REQUEST_BAD_PARAMETER"),
        ("?of=stops&from=2026-01-01&to=2026-01-08", "ERR_REQUEST_BAD_PARAMETER"),
        ("?of=stops&from=2026-01-02&to=2026-01-01", "ERR_REQUEST_BAD_PARAMETER"),
        ("?of=scrap&from=2025-01-01&to=2026-02-05", "ERR_REQUEST_BAD_PARAMETER"),
        ("?of=pauses&machine_id=none", "ERR_MACHINE_NOT_FOUND"),
    ],
)
def test_losses_that_cannot_be_read_are_refused(stopped: Plant, asked: str, code: str) -> None:
    assert stopped.planner.get(f"/metrics/pareto{asked}").error["code"] == code


def test_the_losses_of_a_machine_cost_two_queries(stopped: Plant) -> None:
    with watched() as called:
        assert stopped.planner.get(f"{OF_M1}&from=2026-01-05").status == 200
    assert sorted(called) == ["Query", "Query"]


def test_the_losses_of_days_cost_a_few_requests_whatever_happened(worked: Plant) -> None:
    year = "&from=2025-01-01&to=2026-02-04"
    with watched() as called:
        assert worked.planner.get(f"/metrics/pareto?of=scrap{year}").status == 200
    assert sorted(called) == ["Query"] * 3
    with watched() as called:
        assert worked.planner.get(f"/metrics/pareto?of=scrap&machine_id=M1{year}").status == 200
    assert sorted(called) == ["BatchGetItem"] * 4 + ["Query"] * 3
