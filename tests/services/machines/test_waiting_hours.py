"""Hours with many readings are made again at longer intervals; readings expire, and what was made of them stays."""

from datetime import UTC, datetime, timedelta
from unittest.mock import patch

import pytest

from chalicelib.domain.markers import MachineHour, Marker
from chalicelib.domain.tenant_settings import DEFAULT_SETTINGS
from chalicelib.domain.tenants import DEFAULT_TENANT
from chalicelib.services import tenants
from chalicelib.services.machines.ingest import ingest
from chalicelib.services.numbers.aggregation import Outcome, aggregate
from chalicelib.storage import markers, table
from tests.conftest import SetClock
from tests.disturbances import Crash, crash, times
from tests.floor import MINUTE, MORNING
from tests.machines import arrived, install, message, part, standing, standing_rollups, watched

pytestmark = pytest.mark.usefixtures("table", "set_clock")

SEVEN = datetime(2026, 1, 5, 7, tzinfo=UTC)
BOUND = DEFAULT_SETTINGS.rollups_within


def send(machine_id: str, first: int, readings: int) -> None:
    """Send readings of an hour, numbered by their seconds."""
    parts = [part(float(n), at=(SEVEN + timedelta(seconds=n)).isoformat()) for n in range(first, first + readings)]
    ingest(arrived(message(machine_id, *parts)))


def work() -> Outcome:
    """Let workers do the work of all machines, as the clock hands it out each minute."""
    return aggregate(lambda: timedelta(minutes=1), markers.MACHINE_BUCKETS)


def counts() -> dict[str, int]:
    """The readings in the rollup of each machine."""
    return {machine_id: rollup.count for (machine_id, *_), rollup in standing_rollups().items()}


def minutes_until(machine_id: str, count: int, clock: SetClock) -> int:
    """The minutes that pass until a machine's rollup has so many readings."""
    for minute in range(60):
        work()
        if counts().get(machine_id) == count:
            return minute
        clock.forward(MINUTE)
    raise AssertionError("it never has")


def test_the_first_readings_of_an_hour_are_rolled_up_at_once() -> None:
    install("M1")
    send("M1", 0, 900)
    assert work() == Outcome(made=1, markers=1)
    assert counts() == {"M1": 900}


def test_a_small_hour_is_made_again_every_minute(set_clock: SetClock) -> None:
    install("M1")
    send("M1", 0, 250)
    work()
    send("M1", 250, 1)
    assert minutes_until("M1", 251, set_clock) == 0


@pytest.mark.parametrize(("readings", "minutes"), [(251, 1), (700, 2), (1_000, 3), (3_000, 4)])
def test_a_late_reading_changes_a_large_hour_within_the_bound(set_clock: SetClock, readings: int, minutes: int) -> None:
    install("M1")
    for first in range(0, readings, 1_000):
        send("M1", first, min(1_000, readings - first))
    work()
    send("M1", readings, 1)

    assert work().later == 1
    assert minutes_until("M1", readings + 1, set_clock) == minutes
    assert (minutes + 1) * MINUTE <= BOUND


def test_the_oldest_of_an_hours_markers_counts(set_clock: SetClock) -> None:
    install("M1")
    send("M1", 0, 1_000)
    work()
    for n in range(4):
        assert counts() == {"M1": 1_000}
        send("M1", 1_000 + n, 1)
        work()
        set_clock.forward(MINUTE)
    assert counts() == {"M1": 1_004}
    assert markers.pending() == []


def test_a_tenant_sets_the_bound(set_clock: SetClock) -> None:
    tenants.change(DEFAULT_TENANT, {"rollups_within": MINUTE})
    install("M1")
    send("M1", 0, 1_000)
    work()
    send("M1", 1_000, 1)
    assert minutes_until("M1", 1_001, set_clock) == 0


def two_hours_under_one_marker(clock: SetClock) -> tuple[MachineHour, MachineHour]:
    """A small hour that is due and a large one that waits. One marker names both."""
    install("M1")
    send("M1", 0, 1_000)
    work()
    small, large = MachineHour("M1", SEVEN - timedelta(hours=1)), MachineHour("M1", SEVEN)
    markers.write_hours(DEFAULT_TENANT, [small, large], clock.instant)
    return small, large


def test_an_hour_that_waits_keeps_its_age_and_the_others_are_not_made_again(set_clock: SetClock) -> None:
    _, large = two_hours_under_one_marker(set_clock)
    marked_at = set_clock.instant
    set_clock.forward(MINUTE)

    assert work() == Outcome(made=1, later=1, markers=1)

    assert [(each.machine_hours, each.at) for each in markers.pending()] == [((large,), marked_at)]
    assert work() == Outcome(later=1)


def test_a_crash_between_both_markers_loses_no_hour(set_clock: SetClock) -> None:
    hours = two_hours_under_one_marker(set_clock)
    with watched(times(1, crash, "BatchWriteItem")), pytest.raises(Crash):
        work()
    assert {hour for marker in markers.pending() for hour in marker.machine_hours} == set(hours)
    with patch.object(table, "batch_delete", lambda _: crash()), pytest.raises(Crash):
        work()
    assert {hour for marker in markers.pending() for hour in marker.machine_hours} == set(hours)


def test_hours_marked_by_an_earlier_release_are_due() -> None:
    install("M1")
    send("M1", 0, 1_000)
    work()
    markers.write(Marker("old", DEFAULT_TENANT, machine_hours=(MachineHour("M1", SEVEN),)))
    assert work() == Outcome(made=1, markers=1)


def test_chunks_of_a_tenant_that_keeps_readings_for_ever_never_expire() -> None:
    install("M1")
    send("M1", 0, 1)
    assert [chunk.expires_at for chunk in standing("chunk")] == [None]


def test_rollups_outlive_the_readings_that_expire(set_clock: SetClock) -> None:
    kept = timedelta(days=30)
    tenants.change(DEFAULT_TENANT, {"readings_kept": kept})
    install("M1")
    send("M1", 0, 100)
    work()
    made = standing_rollups()
    chunks = standing("chunk")
    ends = SEVEN + timedelta(hours=1) + kept + timedelta(days=1)
    assert {chunk.expires_at for chunk in chunks} == {ends.timestamp()}

    set_clock.set(ends)
    table.batch_delete(chunks)  # as the table does, sooner or later
    markers.write_hours(DEFAULT_TENANT, [MachineHour("M1", SEVEN)], MORNING)

    assert work() == Outcome(made=1, markers=1)
    assert standing_rollups() == made


def test_a_rollup_is_not_made_again_from_a_part_of_its_readings() -> None:
    install("M1")
    send("M1", 0, 100)
    work()
    made = standing_rollups()
    table.batch_delete(standing("chunk"))
    send("M1", 100, 1)

    assert work() == Outcome(made=1, markers=1)
    assert standing_rollups() == made
