"""OEE, explained: it follows from the planned time, the states and the sessions that are listed for it."""

from collections import defaultdict
from datetime import timedelta
from fractions import Fraction
from random import Random
from typing import Any

import pytest

from chalicelib.domain.instants import wire
from chalicelib.domain.tenant_settings import WithoutStates
from chalicelib.domain.tenants import DEFAULT_TENANT
from chalicelib.services import tenants
from tests.conftest import SetClock
from tests.floor import HOUR, MORNING, Plant
from tests.functions.test_calendars import PLAN
from tests.machines import watched, work
from tests.services.explaining import assert_in_catalogue, assert_made_of, inputs_of, values
from tests.services.plain_inputs import Inputs
from tests.services.plain_numbers import n, seconds, share, spans_of, union
from tests.shifts import end, run, start

METRICS = "/machines/M1/metrics"
SHIFT = "from=2026-01-05T03:00:00Z&to=2026-01-05T11:00:00Z"
STATES = {"03:00": "setup", "03:15": "producing", "05:00": "unplanned_stop", "05:45": "producing"}
WORDS = ("producing", "setup", "idle", "unplanned_stop", "planned_stop", "off")


@pytest.fixture
def planned(floor: Plant) -> Plant:
    """A plant with an early shift."""
    assert floor.planner.put("/calendars/default", PLAN, If_Match="*").status == 200
    return floor


def recomputed(inputs: Inputs) -> dict[str, Any]:
    """The metrics of OEE from the inputs alone; those that are null are left out."""
    planned, known = union(spans_of(inputs.of("shift"))), bool(inputs.of("state"))
    spent: dict[str, Fraction] = defaultdict(Fraction)
    for each in inputs.of("state"):
        spent[each["facts"]["state"]] += n(each["seconds"])
    busy = seconds(planned) - spent["planned_stop"] - spent["off"]
    made = [each for each in inputs.of("session") if not each["left_out_of"]]
    pieces = {each["id"]: sum(n(each[name]) for name in ("good", "scrap", "rework")) for each in inputs.of("session")}
    measured = all(each in made for each in inputs.of("session") if pieces[each["id"]] or each["good"])
    produced = sum((pieces[each["id"]] * _standard(each) for each in made), Fraction(0))
    good = sum((n(each["good"]) * _standard(each) for each in made), Fraction(0))
    found = {
        "availability": share(spent["producing"], busy) if known and planned else None,
        "oee_effectiveness": share(produced, spent["producing"]) if known and measured else None,
        "oee_quality": share(good, produced) if measured else None,
        "oee": share(good, busy) if known and planned and measured else None,
    }
    return {name: value for name, value in found.items() if value is not None}


def _standard(session: dict[str, Any]) -> Fraction:
    return n(session["amounts"]["standard_seconds_per_unit"])


def assert_follows(floor: Plant, asked: str = SHIFT) -> Inputs:
    metrics, inputs = inputs_of(floor, f"{METRICS}?{asked}")
    assert {name: value for name, value in values(metrics).items() if value is not None} == recomputed(inputs)
    assert_in_catalogue(floor, inputs.rows)
    known = {name: metric for name, metric in metrics.items() if metric["value"] is not None}
    assert_made_of(known, inputs, "window", recomputed)
    return inputs


def test_the_worked_example_follows_from_its_inputs(planned: Plant, set_clock: SetClock) -> None:
    run(planned, set_clock, STATES, standard_seconds_per_unit=60)
    inputs = assert_follows(planned)
    told = [(each["facts"]["state"], each["use"], each["why"], each["seconds"]) for each in inputs.of("state")]
    assert told[:2] == [("setup", "used", None, 900), ("producing", "used", None, 6_300)]
    assert ("producing", "clipped", "outside_of_window") in [each[:3] for each in told]
    left_out = [each for each in inputs.rows if each["kind"] == "state" and each["use"] == "left_out"]
    assert {each["why"] for each in left_out} == {"not_planned"}
    assert [each["why"] for each in inputs.rows if each["kind"] == "break"] == ["break"]
    (session,) = inputs.of("session")
    assert (session["good"], session["scrap"], session["amounts"]) == (288, 12, {"standard_seconds_per_unit": 60})


def test_what_is_missing_is_said(floor: Plant, set_clock: SetClock) -> None:
    run(floor, set_clock, STATES)
    inputs = assert_follows(floor)
    assert [each["why"] for each in inputs.rows if each["kind"] == "shift"] == ["no_calendar"]
    (session,) = inputs.of("session")
    assert session["left_out_of"]["oee"] == "no_standard"
    early = assert_follows(floor, "from=2026-01-05T03:00:00Z&to=2026-01-05T10:00:00Z")
    (session,) = (each for each in early.rows if each["kind"] == "session")
    assert (session["use"], session["why"]) == ("left_out", "ended_elsewhere")
    (window,) = assert_follows(floor, "from=2026-01-05T03:00:00Z&to=2026-01-06T10:00:00Z").of("window")
    assert (window["use"], window["why"]) == ("clipped", "future")


def test_a_session_that_began_before_the_window_is_clipped_to_it(floor: Plant, set_clock: SetClock) -> None:
    start(floor, "WO-1", standard_seconds_per_unit=60)
    set_clock.forward(24 * HOUR)
    end(floor, "WO-1", 30, 0)
    work()
    window = "from=2026-01-06T05:00:00Z&to=2026-01-06T09:00:00Z"
    (session,) = assert_follows(floor, window).of("session")
    assert (session["use"], session["why"], session["good"]) == ("clipped", "outside_of_window", 30)
    assert (session["started_at"], session["seconds"]) == ("2026-01-06T05:00:00.000Z", 3 * 3600)


def test_states_may_be_those_of_sessions(planned: Plant, set_clock: SetClock) -> None:
    tenants.change(DEFAULT_TENANT, {"without_states": WithoutStates.SESSIONS})
    tenants.forget_settings()
    start(planned, "WO-1", standard_seconds_per_unit=60)
    set_clock.forward(2 * HOUR)
    end(planned, "WO-1", 30, 0)
    work()
    inputs = assert_follows(planned)
    assert {each["facts"]["source"] for each in inputs.of("state")} == {"sessions"}


def test_windows_of_any_length_follow_from_their_inputs(planned: Plant, set_clock: SetClock) -> None:
    random = Random(14)  # noqa: S311  any windows will do
    hours = [f"{hour:02d}:{minute:02d}" for hour in range(2, 12) for minute in (0, 20, 40)]
    run(planned, set_clock, {at: random.choice(WORDS) for at in hours}, standard_seconds_per_unit=7)
    for _ in range(12):
        begin = MORNING + timedelta(seconds=random.randint(-30_000, 8_000))
        until = begin + timedelta(seconds=random.randint(1, 20_000), milliseconds=random.randint(0, 999))
        assert_follows(planned, f"from={wire(begin)}&to={wire(until)}")


def test_workers_are_not_told_the_sessions_of_others(planned: Plant, set_clock: SetClock) -> None:
    run(planned, set_clock, STATES, standard_seconds_per_unit=60)
    told = planned.worker.get(f"{METRICS}?{SHIFT}&explain=1").data["explanation"]["inputs"]
    assert "session" not in {each["kind"] for each in told}


def test_an_explanation_costs_no_request_more(planned: Plant, set_clock: SetClock) -> None:
    run(planned, set_clock, STATES, standard_seconds_per_unit=60)
    planned.planner.get(f"{METRICS}?{SHIFT}")
    counts = []
    for asked in (SHIFT, f"{SHIFT}&explain=1", f"{SHIFT}&explain=1&limit=1"):
        with watched() as called:
            assert planned.planner.get(f"{METRICS}?{asked}").status == 200
        counts.append(len(called))
    assert len(set(counts)) == 1
