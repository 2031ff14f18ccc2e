"""The numbers of days by shift."""

from dataclasses import replace
from typing import Any

import pytest

from chalicelib.services.numbers import shift_days
from chalicelib.storage import table
from chalicelib.storage.items import Item, item
from chalicelib.storage.numbers import aggregates
from tests.conftest import SetClock
from tests.floor import HOUR, MINUTE, MORNING, Plant
from tests.services.aggregating import settle

DAYS = ["mon", "tue", "wed", "thu", "fri"]
HOURS = [("early", "06:00", "14:00"), ("late", "14:00", "22:00")]


def rows(plant: Plant, asked: str = "") -> list[dict[str, Any]]:
    reply = plant.planner.get(f"/metrics/daily?group_by=shift{asked}")
    assert reply.status == 200, reply.body
    items: list[dict[str, Any]] = reply.items
    while cursor := reply.data.get("next_cursor"):
        reply = plant.planner.get(f"/metrics/daily?group_by=shift{asked}&cursor={cursor}")
        items += reply.items
    return items


def told(plant: Plant, asked: str = "") -> list[tuple[str, str | None, float, float, int]]:
    """Day, shift, run minutes, pieces and done stages."""
    return [
        (
            row["date"],
            row["value"],
            row["time"]["run_minutes"],
            row["time"]["pieces"],
            row["finished"]["stages"]["done"],
        )
        for row in rows(plant, asked)
    ]


@pytest.fixture
def worked(plant: Plant, set_clock: SetClock) -> None:
    """From Monday 13:30 to 23:00 in Istanbul somebody works at a stage, which is then done; two shifts of weekdays."""
    shifts = [{"name": name, "start": start, "end": end, "days": DAYS} for name, start, end in HOURS]
    plan = {"valid_from": "2026-01-01", "shifts": shifts, "special_days": []}
    assert plant.planner.put("/calendars/default", plan, If_Match="*").status in (200, 201)
    set_clock.set(MORNING + 150 * MINUTE)
    stage = plant.order()["stages"][0]["id"]
    plant.worker.post(f"/stages/{stage}/start")
    set_clock.set(MORNING + 12 * HOUR)
    plant.worker.post(f"/stages/{stage}/done", {"good": 4})
    settle()


@pytest.mark.usefixtures("worked")
def test_a_day_is_told_by_its_shifts_and_by_the_time_outside(plant: Plant) -> None:
    monday = "2026-01-05"
    whole = [(monday, "early", 30, 0, 0), (monday, "late", 480, 0, 0), (monday, None, 60, 4, 1)]
    assert told(plant) == whole
    for limit in (1, 2, 3):
        assert told(plant, f"&limit={limit}") == whole
    assert told(plant, "&value=late") == whole[1:2]
    early, _, outside = rows(plant)
    assert [(row["group"], row["reason"]) for row in (early, outside)] == [("shift", None), ("shift", "outside_shifts")]
    assert early["window"]["from"] == "2026-01-05T03:00:00.000Z"
    assert early["complete"] is False
    assert outside["metrics"]["throughput"]["denominator"] == 8


@pytest.mark.usefixtures("worked")
def test_a_shift_is_complete_when_its_end_and_the_late_window_are_over(plant: Plant, set_clock: SetClock) -> None:
    set_clock.set(MORNING + 3 * HOUR + 24 * HOUR)
    assert [row["complete"] for row in rows(plant)] == [True, False, False]
    set_clock.set(MORNING + 48 * HOUR)
    assert [row["complete"] for row in rows(plant)] == [True] * 3


@pytest.mark.usefixtures("worked")
def test_a_page_ends_early_when_it_has_read_many_facts(plant: Plant, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = told(plant)
    monkeypatch.setattr(shift_days, "MOST_FACTS", 0)

    assert told(plant) == whole
    assert plant.planner.get("/metrics/daily?group_by=shift").items == []


@pytest.mark.usefixtures("worked")
def test_a_day_with_facts_of_an_earlier_release_has_no_shifts(plant: Plant) -> None:
    (session,) = (each for each in Item.scan() if each.kind == "session_fact" and "2026-01-05" in each.PK)
    table.put(item(session.key, "session_fact", replace(session.read(aggregates.KINDS["session_fact"]), groups=None)))

    (row,) = rows(plant)

    assert (row["date"], row["value"], row["reason"], row["time"]) == ("2026-01-05", None, "not_recorded", None)
    # A day that is not known is no day without this shift.
    assert rows(plant, "&value=early") == [row]


def test_shifts_are_shown_for_31_days(plant: Plant, set_clock: SetClock) -> None:
    assert plant.planner.get("/metrics/daily?group_by=shift&from=2026-01-01&to=2026-01-31").status == 200
    reply = plant.planner.get("/metrics/daily?group_by=shift&from=2026-01-01&to=2026-02-01")
    assert (reply.status, reply.error["code"]) == (400, "ERR_REQUEST_BAD_PARAMETER")
