"""What OEE costs in requests, for one machine and for many."""

import pytest

from tests.conftest import SetClock
from tests.floor import Plant
from tests.functions.test_calendars import PLAN
from tests.machines import install, watched
from tests.shifts import run

STATES = {"03:00": "setup", "03:15": "producing", "05:00": "unplanned_stop", "05:45": "producing"}
DAY = "from=2026-01-04T21:00:00Z&to=2026-01-05T21:00:00Z"
MONTH = "from=2025-12-10T21:00:00Z&to=2026-01-09T21:00:00Z"


@pytest.fixture
def shift(floor: Plant, set_clock: SetClock) -> Plant:
    """A machine that worked a shift, under the calendar of the plant, and another one."""
    assert floor.planner.put("/calendars/default", PLAN, If_Match="*").status == 200
    run(floor, set_clock, STATES, standard_seconds_per_unit=60)
    install("M2")
    return floor


@pytest.mark.parametrize(
    ("path", "requests"),
    [
        (f"/machines/M1/metrics?{DAY}", 5),
        (f"/machines/M1/metrics?{MONTH}", 31),
        (f"/metrics/oee?by=machine&{DAY}", 7),
        (f"/metrics/oee?by=shift&{DAY}", 7),
    ],
)
def test_requests_are_those_of_the_days_and_months_of_each_machine(shift: Plant, path: str, requests: int) -> None:
    shift.planner.get(path)  # the machine and the settings are known for a minute
    with watched() as called:
        assert shift.planner.get(path).status == 200
    assert len(called) == requests, called
