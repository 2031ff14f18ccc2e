"""The numbers of issues by the API: days, windows, types and machines; of stages and of machines."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from itertools import permutations
from typing import Any
from unittest.mock import patch

import pytest

from chalicelib.domain.numbers import issue_days
from chalicelib.services.numbers.aggregation import aggregate
from chalicelib.services.numbers.issue_days import remake
from chalicelib.storage import table
from chalicelib.storage.conflicts import ConditionFailed
from tests.conftest import SetClock
from tests.floor import HOUR, MINUTE, MORNING, Person, Plant
from tests.machines import install, standing, watched

DAY = timedelta(days=1)
MONDAY = "from=2026-01-05&to=2026-01-05"
FIRST, SECOND = date(2026, 1, 5), date(2026, 1, 6)
WEEK = "from=2026-01-05&to=2026-01-11"


def settle() -> None:
    """Work until nothing waits."""
    assert aggregate(lambda: MINUTE).failed == 0
    assert standing("marker") == []


@pytest.fixture
def answered(plant: Plant, set_clock: SetClock) -> dict[str, str]:
    """On Monday an issue of a stage on M1 and one of M2, acknowledged after 10 and 20 minutes; M1's was resolved too.

    That of M2 is resolved on Tuesday, a day later.
    """
    install("M1", "M2")
    plant.order({"name": "a", "assignee_ids": [plant.worker.id], "machine_id": "M1"}, id="WO-1")
    places = ("/stages/WO-1-01/issue", "/machines/M2/issue")
    wanted = {"type": "quality", "description": "Scratches"}
    stage, machine = (str(plant.worker.post(place, wanted).data["id"]) for place in places)
    for issue, status in ((stage, "ack"), (machine, "ack"), (stage, "resolved")):
        set_clock.forward(10 * MINUTE)
        answer(plant.planner, issue, status)
    set_clock.set(MORNING + DAY)
    answer(plant.planner, machine, "resolved")
    return {"stage": stage, "machine": machine}


@contextmanager
def before_put(act: Callable[[], None]) -> Iterator[None]:
    """Do something just before the next item is written."""
    real = table.put

    def put(*written: Any) -> None:
        with patch.object(table, "put", real):
            act()
        real(*written)

    with patch.object(table, "put", put):
        yield


def answer(person: Person, issue: str, status: str) -> None:
    assert person.patch(f"/issues/{issue}", {"status": status}).status == 200


def of_days(plant: Plant, asked: str = WEEK) -> dict[str, Any]:
    return {day["date"]: day for day in plant.planner.get(f"/metrics/daily?{asked}").items}


def numbers(plant: Plant, asked: str = WEEK) -> Any:
    return plant.planner.get(f"/metrics/issues?{asked}").data


def values(metrics: Any, *names: str) -> list[Any]:
    return [metrics[name]["value"] for name in names]


@pytest.mark.usefixtures("answered")
def test_days_tell_what_became_of_issues_of_stages_and_of_machines(plant: Plant) -> None:
    settle()
    days = of_days(plant)

    assert days["2026-01-05"]["issues"] == {"reported": 2, "acknowledged": 2, "resolved": 1}
    assert days["2026-01-06"]["issues"] == {"reported": 0, "acknowledged": 0, "resolved": 1}
    monday, tuesday = days["2026-01-05"]["metrics"], days["2026-01-06"]["metrics"]
    assert values(monday, "mtta", "mtta_p90", "mttr", "mttr_p90") == [15, 20, 30, 30]
    assert values(tuesday, "mtta", "mttr") == [None, 1440]
    assert tuesday["mtta"]["reason"] == "no_data"
    assert days["2026-01-06"]["inputs_count"] == 1


def test_a_window_takes_the_median_of_all_its_times_by_type_and_by_machine(
    plant: Plant, answered: dict[str, str]
) -> None:
    for place in ("/machines/M2/issue", "/machines/M1/issue"):
        plant.worker.post(place, {"type": "quality", "description": "Again"})
    settle()
    found = numbers(plant)

    assert found["issues"] == {"reported": 4, "acknowledged": 2, "resolved": 2, "repeated": 2, "open": 2}
    # Resolved after 30 and 1,440 minutes.
    assert values(found["metrics"], "mtta", "mttr", "mttr_p90", "repeat_rate") == [15, 735, 1440, 50]
    (kind,) = found["by_type"]
    assert (kind["type"], kind["issues"]) == ("quality", found["issues"])
    machines = {each["machine_id"]: each for each in found["by_machine"]}
    assert list(machines) == ["M1", "M2"]
    assert values(machines["M1"]["metrics"], "mtta", "mttr", "repeat_rate") == [10, 30, 50]
    assert values(machines["M2"]["metrics"], "mtta", "mttr", "open_age") == [20, 1440, 0]
    assert (found["more"], found["inputs_count"]) == (False, 7)
    assert found["window"] == {
        "from": "2026-01-04T21:00:00.000Z",
        "to": "2026-01-11T21:00:00.000Z",
        "timezone": "Europe/Istanbul",
    }


@pytest.mark.usefixtures("answered")
def test_the_age_of_what_is_open_grows_whatever_the_window(plant: Plant, set_clock: SetClock) -> None:
    plant.worker.post("/machines/M1/issue", {"type": "safety", "description": "Loose"})
    set_clock.forward(HOUR)
    found = numbers(plant, MONDAY)
    assert (found["issues"]["open"], *values(found["metrics"], "open_age", "open_age_p90")) == (1, 60, 60)


def test_a_reopened_issue_leaves_the_days_on_which_it_was_answered(plant: Plant, answered: dict[str, str]) -> None:
    settle()
    for issue in answered.values():
        answer(plant.planner, issue, "open")
    settle()
    days = of_days(plant)
    assert days["2026-01-05"]["issues"] == {"reported": 2, "acknowledged": 0, "resolved": 0}
    assert days["2026-01-06"]["issues"] == {"reported": 0, "acknowledged": 0, "resolved": 0}

    answer(plant.planner, answered["stage"], "resolved")
    settle()
    assert values(of_days(plant)["2026-01-06"]["metrics"], "mttr") == [1440]


def test_a_report_from_an_offline_phone_counts_when_it_arrives_and_is_timed_from_then(
    plant: Plant, answered: dict[str, str], set_clock: SetClock
) -> None:
    settle()
    late = {"type": "tooling", "description": "Blunt", "at": MORNING.isoformat()}
    issue = str(plant.worker.post("/stages/WO-1-01/issue", late).data["id"])
    set_clock.forward(5 * MINUTE)
    answer(plant.planner, issue, "ack")
    settle()
    tuesday = of_days(plant)["2026-01-06"]
    assert tuesday["issues"] == {"reported": 1, "acknowledged": 1, "resolved": 1}
    assert values(tuesday["metrics"], "mtta") == [5]


def test_the_order_of_the_work_and_its_repetition_change_nothing(plant: Plant, answered: dict[str, str]) -> None:
    settle()
    once = of_days(plant)
    work = [(issue, day) for issue in answered.values() for day in (FIRST, SECOND)]
    for order in permutations(work):
        for issue, day in order:
            remake("default", issue, day)
    again = of_days(plant)
    told = [[(name, day["issues"], day["metrics"]) for name, day in days.items()] for days in (once, again)]
    assert told[0] == told[1]


def test_a_slower_run_cannot_write_an_older_state(plant: Plant, answered: dict[str, str], set_clock: SetClock) -> None:
    settle()

    def faster() -> None:
        answer(plant.planner, answered["machine"], "open")
        settle()

    with before_put(faster), pytest.raises(ConditionFailed):
        remake("default", answered["machine"], SECOND)
    assert of_days(plant)["2026-01-06"]["issues"]["resolved"] == 0


@pytest.mark.usefixtures("answered")
def test_a_window_is_complete_when_it_is_over_and_nothing_waits(plant: Plant, set_clock: SetClock) -> None:
    assert numbers(plant, MONDAY)["complete"] is False
    settle()
    assert numbers(plant, MONDAY)["complete"] is True
    assert numbers(plant)["complete"] is False
    assert numbers(plant, "from=2026-01-01&to=2026-01-02")["watermark"] is None
    plant.worker.post("/machines/M1/issue", {"type": "safety", "description": "Loose"})
    assert numbers(plant, "from=2026-01-06&to=2026-01-06")["complete"] is False


def test_a_day_with_more_issues_than_it_keeps_is_not_complete(
    plant: Plant, set_clock: SetClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    install("M1")
    monkeypatch.setattr(issue_days, "MOST_A_DAY", 1)
    for kind in ("quality", "safety"):
        plant.worker.post("/machines/M1/issue", {"type": kind, "description": "Loose"})
    settle()
    set_clock.forward(4 * DAY)
    assert numbers(plant, MONDAY)["complete"] is False
    assert of_days(plant, MONDAY)["2026-01-05"]["complete"] is False


@pytest.mark.usefixtures("answered")
def test_the_numbers_of_a_window_cost_three_queries_whatever_its_length(plant: Plant) -> None:
    for asked in (MONDAY, "from=2025-02-01&to=2026-01-31"):
        with watched() as called:
            numbers(plant, asked)
        assert called == ["Query"] * 3


@pytest.mark.parametrize("asked", ["from=2026-01-06&to=2026-01-05", "from=2024-01-01&to=2026-01-05", "group_by=type"])
def test_a_window_ends_after_it_began_and_within_a_year(plant: Plant, asked: str) -> None:
    assert plant.planner.get(f"/metrics/issues?{asked}").error["code"] == "ERR_REQUEST_BAD_PARAMETER"


def test_without_issues_there_is_nothing_to_measure(plant: Plant) -> None:
    found = numbers(plant)
    assert (found["by_type"], found["by_machine"], set(found["issues"].values())) == ([], [], {0})
    assert {metric["reason"] for metric in found["metrics"].values()} == {"no_data"}
