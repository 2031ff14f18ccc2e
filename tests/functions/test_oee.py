"""The OEE of machines over HTTP: from their states, their calendar and the sessions that name them."""

from datetime import timedelta
from typing import Any

import pytest

from chalicelib.domain.tenant_settings import WithoutStates
from chalicelib.domain.tenants import DEFAULT_TENANT
from chalicelib.services import tenants
from chalicelib.services.numbers import machine_inputs, oee
from tests.conftest import SetClock
from tests.floor import HOUR, Plant, pages
from tests.functions.test_calendars import EARLY, PLAN
from tests.machines import install, work
from tests.shifts import end, run, start, tell

METRICS, OEE = "/machines/M1/metrics", "/metrics/oee"
SHIFT = "from=2026-01-05T03:00:00Z&to=2026-01-05T11:00:00Z"
DAY = timedelta(days=1)
STATES = {"03:00": "setup", "03:15": "producing", "05:00": "unplanned_stop", "05:45": "producing"}


@pytest.fixture
def planned(floor: Plant) -> Plant:
    """A plant with an early shift."""
    assert floor.planner.put("/calendars/default", PLAN, If_Match="*").status == 200
    return floor


@pytest.fixture
def shift(planned: Plant, set_clock: SetClock) -> Plant:
    """The worked example: 480 minutes, of them 30 of breaks, 45 of breakdown and 15 of setup."""
    run(planned, set_clock, STATES, standard_seconds_per_unit=60)
    return planned


def values(data: Any) -> dict[str, Any]:
    return {name: metric["reason"] or metric["value"] for name, metric in data["metrics"].items()}


EXAMPLE = {"availability": 86.667, "oee_effectiveness": 76.923, "oee_quality": 96.0, "oee": 64.0}


def test_nobody_unknown_reads_the_oee_of_a_machine(floor: Plant) -> None:
    assert floor.stranger.get(METRICS).status == 401
    assert floor.stranger.get(OEE).status == 401
    assert floor.worker.get(OEE).status == 403


def test_a_machine_that_is_not_there_is_not_found(floor: Plant) -> None:
    assert floor.worker.get("/machines/M9/metrics").status == 404
    assert floor.planner.get(f"{OEE}?machine_id=M9").items == []


def test_the_worked_example_of_a_shift(shift: Plant, set_clock: SetClock) -> None:
    data = shift.worker.get(f"{METRICS}?{SHIFT}").data
    assert values(data) == EXAMPLE
    assert data["metrics"]["oee"] == {
        "value": 64.0,
        "unit": "percent",
        "formula": "oee.v1",
        "numerator": 288.0,
        "denominator": 450.0,
        "reason": None,
        "implausible": False,
        "doubt": None,
    }


def test_what_oee_is_made_of_is_shown(shift: Plant, set_clock: SetClock) -> None:
    data = shift.worker.get(f"{METRICS}?{SHIFT}").data
    assert data["seconds"] == {
        "planned": 27_000.0,
        "planned_busy": 27_000.0,
        "producing": 23_400.0,
        "setup": 900.0,
        "idle": 0.0,
        "unplanned_stop": 2_700.0,
        "planned_stop": 0.0,
        "off": 0.0,
        "unknown": 0.0,
        "producing_unplanned": 1_800.0,
    }
    assert data["pieces"] == {"produced": 300.0, "good": 288.0, "scrap": 12.0, "rework": 0.0, "without_standard": 0.0}
    assert (data["calendar_id"], data["sources"], data["inputs_count"]) == ("default", ["states"], 1)
    assert (data["complete"], data["window"]["timezone"]) == (False, "Europe/Istanbul")
    set_clock.forward(2 * DAY)
    assert shift.worker.get(f"{METRICS}?{SHIFT}").data["complete"]


def test_each_missing_thing_has_a_reason(floor: Plant, set_clock: SetClock) -> None:
    assert set(values(floor.worker.get(METRICS).data).values()) == {"no_calendar", "no_run", "no_output"}
    assert floor.planner.get(f"{OEE}?by=shift").items == []
    run(floor, set_clock, STATES)
    data = floor.worker.get(f"{METRICS}?{SHIFT}").data
    assert set(values(data).values()) == {"no_calendar", "no_standard"}
    assert (data["seconds"]["planned"], data["seconds"]["planned_busy"], data["calendar_id"]) == (None, None, None)
    assert (data["seconds"]["producing"], data["pieces"]["without_standard"]) == (25_200.0, 300.0)
    floor.planner.put("/calendars/default", PLAN | {"valid_from": "2026-01-06"}, If_Match="*")
    assert values(floor.worker.get(f"{METRICS}?{SHIFT}").data)["availability"] == "no_calendar"


def test_time_before_the_first_state_is_unknown_and_without_any_there_is_no_data(
    planned: Plant, set_clock: SetClock
) -> None:
    data = planned.worker.get(f"{METRICS}?{SHIFT}").data
    assert (values(data)["oee"], data["sources"]) == ("no_data", [])
    run(planned, set_clock, {"07:00": "producing"}, standard_seconds_per_unit=60)
    data = planned.worker.get(f"{METRICS}?{SHIFT}").data
    assert (data["seconds"]["unknown"], data["seconds"]["producing"]) == (14_400.0, 12_600.0)
    assert values(data)["availability"] == 46.667


def test_a_plant_may_have_the_time_of_sessions_where_a_machine_tells_no_states(
    planned: Plant, set_clock: SetClock
) -> None:
    tenants.change(DEFAULT_TENANT, {"without_states": WithoutStates.SESSIONS})
    tenants.forget_settings()
    start(planned, "WO-3", None, "other")
    run(planned, set_clock, {}, standard_seconds_per_unit=60)
    end(planned, "WO-3", 5, 0, "other")
    start(planned, "WO-2", standard_seconds_per_unit=60)
    start(planned, "WO-4", None, "other")
    work()
    data = planned.worker.get(f"{METRICS}?{SHIFT}").data
    assert data["sources"] == ["sessions"]
    assert (data["seconds"]["producing"], data["seconds"]["idle"]) == (5_400.0, 21_600.0)
    assert values(data) == {"availability": 20.0, "oee_effectiveness": 333.333, "oee_quality": 96.0, "oee": 64.0}
    set_clock.forward(HOUR)
    open_too = planned.worker.get(f"{METRICS}?from=2026-01-05T11:00:00Z&to=2026-01-05T13:00:00Z").data
    assert open_too["seconds"]["producing_unplanned"] == 3_600.0


def test_what_lies_in_the_future_is_left_out(planned: Plant, set_clock: SetClock) -> None:
    tell(planned, STATES)
    work()
    data = planned.worker.get(f"{METRICS}?{SHIFT}").data
    assert data["seconds"]["planned"] == 18_000.0
    assert values(planned.worker.get(f"{METRICS}?from=2026-01-06T00:00:00Z").data)["availability"] == "no_data"


def test_a_window_of_more_than_a_month_is_refused(planned: Plant) -> None:
    long = "from=2026-01-01T00:00:00Z&to=2026-02-02T00:00:00Z"
    assert planned.worker.get(f"{METRICS}?{long}").error["code"] == "ERR_REQUEST_BAD_PARAMETER"
    assert planned.planner.get(f"{OEE}?{long}").status == 400


@pytest.fixture
def two(planned: Plant, set_clock: SetClock) -> Plant:
    """Two machines of a line: (good, standard in minutes, planned busy) are (288, 1.0, 450) and (24, 1.5, 120)."""
    install("M2", line="LINE A")
    planned.planner.patch("/machines/M1", {"line": "Line a"}, If_Match="*")
    short = EARLY | {"start": "11:00", "end": "13:00", "breaks": []}
    planned.planner.put("/calendars/M2", PLAN | {"shifts": [short], "special_days": []}, If_Match="*")
    start(planned, "WO-2", "M2", "other", standard_seconds_per_unit=90)
    run(planned, set_clock, STATES, standard_seconds_per_unit=60)
    end(planned, "WO-2", 24, 0, "other")
    tell(planned, {"08:00": "producing", "10:00": "off"}, "M2")
    work()
    return planned


ALL = f"{SHIFT.replace('T11:00', 'T13:00')}"


def test_machines_are_listed_each_with_its_own_oee(two: Plant) -> None:
    rows = pages(two.planner, f"{OEE}?{ALL}&")
    assert [(row["by"], row["machine_id"], row["line"], values(row)["oee"]) for row in rows] == [
        ("machine", "M1", "Line a", 64.0),
        ("machine", "M2", "LINE A", 30.0),
    ]
    (only,) = two.planner.get(f"{OEE}?{ALL}&machine_id=M2").items
    assert only == rows[1] | {"as_of": only["as_of"]}


def test_machines_of_a_line_are_summed_and_not_averaged(two: Plant) -> None:
    (row,) = two.planner.get(f"{OEE}?{ALL}&by=line&line=line%20A").items
    assert (row["line"], row["machines"], row["left_out"], values(row)["oee"]) == ("Line a", 2, [], 56.842)
    assert two.planner.get(f"{OEE}?{ALL}&by=line&line=B").items == []


def test_a_machine_of_which_nothing_is_known_is_left_out_and_named(two: Plant) -> None:
    install("M3", line="Line a")
    line, *_ = two.planner.get(f"{OEE}?{ALL}&by=line").items
    assert (line["machines"], line["left_out"]) == (2, [{"machine_id": "M3", "reason": "no_data"}])
    assert values(line)["oee"] == 56.842


def test_shifts_and_days_are_those_of_the_calendars(two: Plant, set_clock: SetClock) -> None:
    shown = [(row["date"], row["shift"], row["machines"]) for row in pages(two.planner, f"{OEE}?{ALL}&by=shift&")]
    assert shown == [("2026-01-05", "early", 2)]
    (day,) = two.planner.get(f"{OEE}?{ALL}&by=day").items
    assert (day["date"], day["shift"], values(day)["oee"]) == ("2026-01-05", None, 56.842)
    set_clock.forward(DAY)
    two.planner.put("/calendars/default", PLAN | {"valid_from": "2026-01-06", "shifts": []}, If_Match="*")
    two.planner.put("/calendars/M2", PLAN | {"valid_from": "2026-01-06", "shifts": []}, If_Match="*")
    before = two.planner.get(f"{OEE}?{ALL}&by=day").items[0]
    assert values(before) == values(day)


def test_a_shift_in_two_parts_is_one_of_one_machine_and_what_is_unknown_in_a_part_counts(shift: Plant) -> None:
    times = (("01:00", "02:00"), ("06:00", "14:00"))
    split = [EARLY | {"start": at, "end": until, "breaks": []} for at, until in times]
    assert shift.planner.put("/calendars/M1", PLAN | {"shifts": split, "special_days": []}, If_Match="*").status == 200
    (row,) = shift.planner.get(f"{OEE}?{SHIFT.replace('05T03', '04T21')}&by=shift").items

    assert (row["machines"], row["left_out"], row["seconds"]["planned"]) == (1, [], 9 * 3600)
    assert row["seconds"]["unknown"] == 3600
    assert (values(row)["availability"], values(row)["oee"]) == (77.778, 53.333)


def test_more_machines_than_a_request_can_measure_are_refused_or_listed_in_pages(
    two: Plant, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(oee, "MOST_MACHINE_DAYS", 1)
    refused = two.planner.get(f"{OEE}?{ALL}&by=line")
    assert (refused.status, refused.error["code"]) == (400, "ERR_REQUEST_BAD_PARAMETER")
    first = two.planner.get(f"{OEE}?{ALL}&limit=50").data
    assert (len(first["items"]), "next_cursor" in first) == (1, True)


def test_states_in_any_order_late_and_twice_give_the_same_oee(planned: Plant, set_clock: SetClock) -> None:
    late = {"05:00": STATES["05:00"], "03:00": STATES["03:00"]}
    run(planned, set_clock, {at: STATES[at] for at in ("05:45", "03:15")}, standard_seconds_per_unit=60)
    assert values(planned.worker.get(f"{METRICS}?{SHIFT}").data) != EXAMPLE
    for _ in range(2):
        tell(planned, late)
        work()
    assert values(planned.worker.get(f"{METRICS}?{SHIFT}").data) == EXAMPLE


def test_an_hour_of_many_changes_is_read_reading_by_reading(
    planned: Plant, set_clock: SetClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In the hour of the break, which begins at 09:00Z and ends at 09:30Z, the machine changes each minute."""
    flips = {f"09:{n:02d}": ("idle", "producing")[n % 2] for n in range(60)} | {"10:00": "producing"}
    run(planned, set_clock, STATES | flips, standard_seconds_per_unit=60)
    data = planned.worker.get(f"{METRICS}?{SHIFT}").data
    assert (data["seconds"]["idle"], data["seconds"]["producing"]) == (900.0, 22_500.0)
    monkeypatch.setattr(machine_inputs, "MOST_HOURS", 0)
    refused = planned.worker.get(f"{METRICS}?{SHIFT}")
    assert (refused.status, refused.error["code"]) == (400, "ERR_REQUEST_BAD_PARAMETER")
