"""The numbers of days, groups and shifts, explained: each follows from the inputs that are listed for it."""

from dataclasses import replace
from typing import Any

import pytest

from chalicelib.storage import table
from chalicelib.storage.items import Item, item
from chalicelib.storage.numbers import aggregates
from tests.conftest import SetClock
from tests.floor import HOUR, MORNING, Plant
from tests.functions.test_shift_days import HOURS
from tests.machines import watched
from tests.services.aggregating import settle
from tests.services.explaining import assert_days_explained, assert_in_catalogue

DAYS = "from=2026-01-05&to=2026-01-06"
MONDAY = "from=2026-01-05&to=2026-01-05"
TUESDAY = "from=2026-01-06&to=2026-01-06"


@pytest.fixture
def worked(plant: Plant, set_clock: SetClock) -> list[str]:
    """From Monday 13:30 to Tuesday 01:30 in Istanbul two people work at two stages; the shifts go over midnight."""
    shifts = [{"name": name, "start": start, "end": end} for name, start, end in [*HOURS, ("night", "22:00", "01:00")]]
    plan = {"valid_from": "2026-01-01", "shifts": [each | {"days": ["mon"]} for each in shifts], "special_days": []}
    assert plant.planner.put("/calendars/default", plan, If_Match="*").status in (200, 201)
    people = [plant.worker.id, plant.other.id]
    timed = {"name": "b", "standard_seconds_per_unit": 7, "assignee_ids": people}
    stages = [each["id"] for each in plant.order({"name": "a", "assignee_ids": people}, timed)["stages"]]
    set_clock.set(MORNING + 2.5 * HOUR)
    plant.worker.post(f"/stages/{stages[0]}/start")
    plant.planner.post(f"/stages/{stages[1]}/issue", {"type": "quality", "description": "scratches"})
    set_clock.set(MORNING + 10 * HOUR)
    plant.other.post(f"/stages/{stages[1]}/start", {"kind": "setup"})
    plant.worker.post(f"/stages/{stages[0]}/done", {"good": 8, "scrap": 1, "scrap_reason": "surface"})
    set_clock.set(MORNING + 14.5 * HOUR)
    plant.other.post(f"/stages/{stages[1]}/done", {"good": 5})
    settle()
    return stages


def explained(plant: Plant, asked: str) -> list[Any]:
    (day,) = plant.planner.get(f"/metrics/daily?explain=1&{asked}").items
    inputs: list[Any] = day["explanation"]["inputs"]
    return inputs


@pytest.mark.usefixtures("worked")
def test_days_groups_and_shifts_follow_from_their_inputs(plant: Plant) -> None:
    assert_days_explained(plant, ["none", "product", "stage", "worker", "shift"], DAYS)


def test_a_session_over_midnight_is_clipped_and_its_pieces_count_where_it_ends(plant: Plant, worked: list[str]) -> None:
    first, second = (
        next(each for each in explained(plant, day) if (each["kind"], each["stage_id"]) == ("session", worked[1]))
        for day in (MONDAY, TUESDAY)
    )
    assert (first["use"], first["why"], first["left_out_of"]) == (
        "clipped",
        "outside_of_window",
        {"throughput": "ends_later"},
    )
    assert (first["good"], second["good"], second["use"], second["left_out_of"]) == (0, 5, "clipped", {})
    assert (first["seconds"], second["seconds"]) == (3 * 3600, 1.5 * 3600)


@pytest.mark.usefixtures("worked")
def test_what_is_left_out_of_a_number_says_why(plant: Plant) -> None:
    whole = explained(plant, MONDAY)
    assert_in_catalogue(plant, whole)
    (stage,) = (each for each in whole if each["kind"] == "stage")
    assert stage["left_out_of"] == {"effectiveness": "no_standard"}
    (issue,) = (each for each in whole if each["kind"] == "issue")
    assert issue["left_out_of"]["mtta_p90"] == "not_acknowledged"
    (used,) = (each for each in whole if each["kind"] == "session" and each["use"] == "used")
    assert used["left_out_of"] == {"throughput": "not_last_stage"}


@pytest.mark.usefixtures("worked")
def test_the_time_outside_of_shifts_is_asked_for_without_a_value(plant: Plant) -> None:
    outside = [each for each in explained(plant, f"group_by=shift&{TUESDAY}") if each["kind"] == "window"]
    assert [each["seconds"] for each in outside] == [23 * 3600]
    (early,) = (each for each in explained(plant, f"group_by=shift&value=early&{MONDAY}") if each["kind"] == "window")
    assert (early["started_at"], early["seconds"]) == ("2026-01-05T03:00:00.000Z", 8 * 3600)


@pytest.mark.usefixtures("worked")
def test_facts_of_an_earlier_release_are_left_out_of_groups_and_shifts(plant: Plant) -> None:
    for each in Item.scan():
        if each.kind == "session_fact":
            table.put(item(each.key, "session_fact", replace(each.read(aggregates.KINDS[each.kind]), groups=None)))

    told = [each for each in explained(plant, f"group_by=product&value=P-1&{MONDAY}") if each["kind"] == "session"]
    assert {(each["use"], each["why"]) for each in told} == {("left_out", "not_recorded")}
    told = [each for each in explained(plant, f"group_by=shift&value=early&{MONDAY}") if each["kind"] == "session"]
    assert {(each["use"], each["why"]) for each in told} == {("left_out", "not_recorded")}
    assert {each["use"] for each in explained(plant, MONDAY)} == {"used", "clipped"}


@pytest.mark.usefixtures("worked")
def test_one_day_and_one_value_are_explained(plant: Plant) -> None:
    for asked in (DAYS, f"{MONDAY}&group_by=product", f"{MONDAY}&value=x", f"{MONDAY}&cursor=x"):
        assert plant.planner.get(f"/metrics/daily?explain=1&{asked}").status == 400
    for asked in ("", "&group_by=product&value=none", "&group_by=shift&value=none"):
        reply = plant.planner.get(f"/metrics/daily?explain=1&from=2026-01-03&to=2026-01-03{asked}")
        assert (reply.status, reply.items, reply.data.get("next_cursor")) == (200, [], None)


@pytest.mark.parametrize(
    ("asked", "requests"),
    [
        # Those of the day, one for its facts, one for the sessions around it, and for the plant one for its issues.
        (MONDAY, 4 + 3),
        (f"{MONDAY}&group_by=product&value=P-1", 4 + 2),
        # Those of the shifts of the day, one for the calendar, one for each day, and one for the sessions around them.
        (f"{MONDAY}&group_by=shift&value=early", 6 + 3),
        (f"{MONDAY}&group_by=shift&value=night", 6 + 3),
    ],
)
@pytest.mark.usefixtures("worked")
def test_an_explanation_costs_a_few_requests_more_than_its_number(plant: Plant, asked: str, requests: int) -> None:
    plant.planner.get("/metrics/daily")
    with watched() as called:
        assert plant.planner.get(f"/metrics/daily?explain=1&{asked}").status == 200
    assert len(called) == requests, called
