"""Shift calendars, as planners write them and everybody reads them."""

from typing import Any

import pytest

from tests.conftest import SetClock
from tests.floor import MORNING, Plant, Reply
from tests.machines import watched

PLANTS, PRESS = "/calendars/default", "/calendars/M1"
EARLY = {
    "name": "early",
    "days": ["mon", "tue", "wed", "thu", "fri"],
    "start": "06:00",
    "end": "14:00",
    "breaks": [{"start": "12:00", "end": "12:30"}],
}
PLAN: dict[str, Any] = {
    "valid_from": "2026-01-01",
    "shifts": [EARLY],
    "special_days": [{"date": "2026-01-06", "name": "Bayram"}],
}


@pytest.fixture
def machine(plant: Plant, set_clock: SetClock) -> Plant:
    """A plant with a machine, on a Monday morning."""
    assert set_clock.instant == MORNING
    plant.planner.post("/machines", {"id": "M1", "name": "Press"})
    return plant


def put(plant: Plant, path: str = PLANTS, match: str = "*", **fields: Any) -> Reply:
    return plant.planner.put(path, PLAN | fields, If_Match=match)


def test_a_planner_writes_a_calendar_and_everybody_reads_it(machine: Plant) -> None:
    missing = machine.worker.get(PLANTS)
    assert (missing.status, missing.error["code"]) == (404, "ERR_CALENDAR_NOT_FOUND")
    written = put(machine)
    assert (written.data["calendar_id"], written.data["timezone"]) == ("default", "Europe/Istanbul")
    (plan,) = written.data["plans"]
    assert (plan["valid_from"], plan["shifts"], plan["changed_by"]) == ("2026-01-01", [EARLY], machine.planner.id)
    assert plan["special_days"] == [{"date": "2026-01-06", "name": "Bayram", "shifts": []}]
    read = machine.worker.get(PLANTS)
    assert (read.data, read.headers["ETag"][:3]) == (written.data, '"1-')
    assert machine.worker.put(PLANTS, PLAN, If_Match="*").status == 403


def test_two_planners_do_not_overwrite_each_other(machine: Plant) -> None:
    first = put(machine)
    assert machine.planner.put(PLANTS, PLAN).status == 428
    assert put(machine, match=first.headers["ETag"], valid_from="2026-01-06").status == 200
    assert put(machine, match=first.headers["ETag"], valid_from="2026-01-07").status == 412
    assert machine.planner.put(f"{PLANTS}?dry_run=1", PLAN | {"valid_from": "2026-02-01"}, If_Match="*").status == 200
    assert [plan["valid_from"] for plan in machine.worker.get(PLANTS).data["plans"]] == ["2026-01-01", "2026-01-06"]
    assert put(machine, valid_from="2026-01-04").fields() == {"valid_from": "past"}


def test_planned_shifts_are_instants_and_a_machine_follows_the_plant_until_it_has_its_own(machine: Plant) -> None:
    assert machine.worker.get(f"{PRESS}/shifts").error["code"] == "ERR_CALENDAR_NOT_FOUND"
    put(machine)
    found = machine.worker.get(f"{PRESS}/shifts?from=2026-01-05T00:00:00Z&to=2026-01-08T00:00:00Z").data
    assert (found["calendar_id"], found["planned_seconds"]) == ("default", 2 * 7.5 * 3600)
    assert [(shift["day"], shift["start"], shift["end"]) for shift in found["shifts"]] == [
        ("2026-01-05", "2026-01-05T03:00:00.000Z", "2026-01-05T11:00:00.000Z"),
        ("2026-01-07", "2026-01-07T03:00:00.000Z", "2026-01-07T11:00:00.000Z"),
    ]
    assert found["shifts"][0]["breaks"] == [{"start": "2026-01-05T09:00:00.000Z", "end": "2026-01-05T09:30:00.000Z"}]
    put(machine, PRESS, shifts=[])
    own = machine.worker.get(f"{PRESS}/shifts").data
    assert (own["calendar_id"], own["shifts"], own["planned_seconds"]) == ("M1", [], 0)


def test_planned_shifts_have_a_window_of_a_month_at_most(machine: Plant) -> None:
    put(machine)
    for until in ("2026-02-06", "2026-01-05"):
        window = f"from=2026-01-05T00:00:00Z&to={until}T00:00:00Z"
        assert machine.worker.get(f"{PLANTS}/shifts?{window}").error["code"] == "ERR_REQUEST_BAD_PARAMETER"
    week = machine.worker.get(f"{PLANTS}/shifts").data["window"]
    assert (week["from"], week["to"]) == ("2026-01-05T08:00:00.000Z", "2026-01-12T08:00:00.000Z")
    until = machine.worker.get(f"{PLANTS}/shifts?to=2026-01-08T00:00:00Z").data["window"]
    assert until["from"] == "2026-01-01T00:00:00.000Z"


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"shifts": [EARLY | {"start": "25:00"}]}, "shifts[0].start"),
        ({"shifts": [EARLY | {"days": []}]}, "shifts[0].days"),
        ({"shifts": [EARLY | {"days": ["monday"]}]}, "shifts[0].days[0]"),
        ({"shifts": [EARLY | {"breaks": [{"start": "05:00", "end": "05:15"}]}]}, "shifts[0].breaks"),
        ({"shifts": [EARLY, EARLY]}, "shifts"),
        ({"valid_from": "yesterday"}, "valid_from"),
        ({"special_days": [{"date": "2026-01-06"}, {"date": "2026-01-06"}]}, "special_days[1].date"),
    ],
)
def test_a_wrong_plan_is_refused_with_its_field(machine: Plant, wrong: dict[str, Any], field: str) -> None:
    assert list(put(machine, **wrong).fields()) == [field]


def test_a_calendar_of_a_machine_needs_the_machine(machine: Plant) -> None:
    assert put(machine, "/calendars/M9").error["code"] == "ERR_MACHINE_NOT_FOUND"
    missing = machine.worker.get(PRESS).error
    assert (missing["code"], "the plant's calendar counts" in missing["detail"]) == ("ERR_CALENDAR_NOT_FOUND", True)


def test_planned_shifts_cost_one_read(machine: Plant) -> None:
    put(machine)
    machine.worker.get(f"{PRESS}/shifts")
    with watched() as called:
        machine.worker.get(f"{PRESS}/shifts")
    assert called == ["BatchGetItem"]
