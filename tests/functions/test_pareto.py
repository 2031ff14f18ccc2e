"""The reasons of losses over HTTP, the largest first."""

from typing import Any

import pytest

from tests.floor import Plant
from tests.functions.test_stops import because, tell
from tests.machines import install, watched

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


def reasons(found: Any) -> list[tuple[str | None, int, float, float, float]]:
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
    ],
)
def test_losses_that_cannot_be_read_are_refused(stopped: Plant, asked: str, code: str) -> None:
    assert stopped.planner.get(f"/metrics/pareto{asked}").error["code"] == code


def test_the_losses_of_a_machine_cost_two_queries(stopped: Plant) -> None:
    with watched() as called:
        assert stopped.planner.get(f"{OF_M1}&from=2026-01-05").status == 200
    assert sorted(called) == ["Query", "Query"]
