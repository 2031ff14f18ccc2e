"""Rebuilding the hours of machines: their rollups come out as their chunks say."""

from datetime import UTC, date, datetime

import pytest

from chalicelib.domain.tenants import DEFAULT_TENANT
from chalicelib.services import tenants
from chalicelib.services.machines.ingest import ingest
from chalicelib.services.numbers import rebuilding
from tests.floor import MORNING
from tests.machines import arrived, install, message, part


@pytest.mark.usefixtures("plant")
def test_the_hours_of_machines_that_a_local_day_touches_are_made_again() -> None:
    tenants.change(DEFAULT_TENANT, {"timezone": "Asia/Kolkata"})  # its midnight is at half past an hour of UTC
    install("M1")
    hours = rebuilding.hours_of(DEFAULT_TENANT, date(2026, 1, 5))
    assert {hour.machine_id for hour in hours} == {"M1"}
    assert (hours[0].hour, hours[-1].hour, len(hours)) == (
        datetime(2026, 1, 4, 18, tzinfo=UTC),
        datetime(2026, 1, 5, 18, tzinfo=UTC),
        25,
    )
    ingest(arrived(message("M1", part(1.0, at=MORNING.isoformat()))))
    wrong = [rebuilding.rebuild_hour(DEFAULT_TENANT, hour) for hour in hours]
    assert sum(wrong) == 1
    assert sum(rebuilding.rebuild_hour(DEFAULT_TENANT, hour) for hour in hours) == 0
