"""A birth that comes after payloads which it should have named: they are read again, and the numbers follow."""

from datetime import datetime, timedelta

import pytest

from chalicelib.domain.machines.tags import Tag
from chalicelib.domain.markers import MachineHour
from chalicelib.services.machines.groups import BODIES_BYTES
from chalicelib.services.machines.ingest import ingest
from chalicelib.services.numbers.aggregation import aggregate
from chalicelib.storage.machines import chunks
from tests.conftest import SetClock
from tests.edge_nodes import SEVEN, aliased, birth, data, named
from tests.machines import arrived, install, message, part, standing, standing_latest, standing_rollups

pytestmark = pytest.mark.usefixtures("table", "set_clock")

TAGS = tuple(Tag(name, "custom", name) for name in ("A", "B"))
SIX = SEVEN - timedelta(hours=1)
Counts = dict[tuple[datetime, str], int]


@pytest.fixture(autouse=True)
def machine(table: None) -> None:
    install("M1", tags=TAGS)


def take(*bodies: str) -> None:
    ingest(arrived(*bodies))


def rolled_up(clock: SetClock) -> Counts:
    """The numbers of readings by hour and sensor, when no marker waits any more."""
    while buckets := sorted({each.PK.removeprefix("DIRTY#") for each in standing("marker")}):
        clock.forward(timedelta(minutes=1))
        assert aggregate(lambda: timedelta(minutes=1), buckets).failed == 0
    return {(hour, sensor): rollup.count for (_, hour, sensor, _), rollup in standing_rollups().items()}


def latest() -> dict[str, float | str]:
    """The latest values of M1 by sensor."""
    return {each.sensor: each.value for each in standing_latest()["M1"]}


def test_readings_move_to_the_sensor_that_the_late_birth_names(set_clock: SetClock) -> None:
    take(birth(0, {7: "A"}))
    take(data(10, aliased(7, 1, 10)), data(20, aliased(7, 2, 20)), data(30, aliased(7, 3, 30)))
    assert (rolled_up(set_clock), latest()) == ({(SEVEN, "A"): 3}, {"A": 3.0})
    take(birth(15, {7: "B"}))
    assert (rolled_up(set_clock), latest()) == ({(SEVEN, "A"): 1, (SEVEN, "B"): 2}, {"A": 1.0, "B": 3.0})
    before = [each.serialize() for each in standing("rollup")]
    take(birth(15, {7: "B"}), data(20, aliased(7, 2, 20)))
    assert rolled_up(set_clock) == {(SEVEN, "A"): 1, (SEVEN, "B"): 2}
    assert [each.serialize() for each in standing("rollup")] == before


def test_a_sensor_that_has_no_readings_any_more_has_no_rollup_and_no_latest_value(set_clock: SetClock) -> None:
    take(birth(0, {7: "A"}), data(10, aliased(7, 1, 10), named("B", 9, 10)))
    assert rolled_up(set_clock) == {(SEVEN, "A"): 1, (SEVEN, "B"): 1}
    take(birth(5, {7: "C"}))
    assert (rolled_up(set_clock), latest()) == ({(SEVEN, "B"): 1}, {"B": 9.0})
    assert [each.data["machine_id"] for each in standing("quarantined")] == ["M1"]


def test_readings_of_another_hour_than_that_of_their_payload_are_found_too(set_clock: SetClock) -> None:
    take(birth(0, {7: "A"}))
    take(data(10, aliased(7, 1, 10), aliased(7, 2, -60)))
    assert rolled_up(set_clock) == {(SEVEN, "A"): 1, (SIX, "A"): 1}
    take(birth(5, {7: "B"}))
    assert rolled_up(set_clock) == {(SEVEN, "B"): 1, (SIX, "B"): 1}


def test_raw_readings_are_right_before_the_numbers_are(set_clock: SetClock) -> None:
    take(birth(0, {7: "A"}), data(10, aliased(7, 1, 10)), message("M1", part(20.0)))
    take(birth(5, {7: "B"}))
    hour = MachineHour("M1", SEVEN)
    assert [each.sensor for each in chunks.readings_of("default", hour)] == ["main"]
    rolled_up(set_clock)
    assert sorted(each.sensor for each in chunks.readings_of("default", hour)) == ["B", "main"]


def test_an_hour_that_has_lost_readings_by_age_still_keeps_its_numbers(set_clock: SetClock) -> None:
    take(data(10, named("A", 1, 10)), data(20, named("A", 2, 20)))
    rolled_up(set_clock)
    for each in standing("chunk"):
        each.delete()
    take(data(30, named("A", 3, 30)))
    assert rolled_up(set_clock) == {(SEVEN, "A"): 2}


def test_messages_that_are_kept_to_be_read_again_never_make_an_item_too_large(set_clock: SetClock) -> None:
    take(birth(0, {7: "A"}))
    large = [data(second, *(aliased(7, second * 1_000 + n, second) for n in range(1_000))) for second in range(1, 6)]
    assert sum(map(len, large)) > BODIES_BYTES
    take(*large)
    kept = [len(each.data["read_with"]["messages"]) for each in standing("chunk")]
    assert len(kept) == 2
    assert max(kept) < 2 * BODIES_BYTES
    take(birth(0.5, {7: "B"}))
    assert rolled_up(set_clock) == {(SEVEN, "B"): 5_000}
