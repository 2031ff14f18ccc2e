"""The latest values of a machine: never older than before, whatever comes first, and no more than an item can hold."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.machines import latest as rules
from chalicelib.domain.machines.latest import Latest, LatestValue, silent_since, with_newer
from chalicelib.domain.machines.machines import SILENT_MINUTES, Machine, MachineStatus
from chalicelib.domain.machines.readings import Reading, by_machine_hour
from chalicelib.domain.machines.rollups import roll_up
from chalicelib.domain.tenant_settings import DEFAULT_SETTINGS, TenantSettings
from tests.domain.reading_strategies import HOUR, HOUR_BEGINS, SECOND, readings
from tests.floor import MORNING

MINUTE = timedelta(minutes=1)
MACHINE = Machine("M1", "Press", MORNING)
NONE = Latest("M1")


def reading(value: float | str, seconds: int = 0, seq: int | None = None, sensor: str = "main") -> Reading:
    kind = "state" if isinstance(value, str) else "temperature"
    return Reading("M1", sensor, kind, HOUR_BEGINS + seconds * SECOND, value, seq)


def after(latest: Latest, *sent: Reading) -> Latest:
    return with_newer(latest, roll_up(sent), HOUR)


def test_the_last_reading_of_each_sensor_and_type_is_kept() -> None:
    found = after(NONE, reading(20.5), reading(21.0, 5, seq=7), reading("idle", 9))
    assert found.values == (
        LatestValue("main", "state", HOUR_BEGINS + 9 * SECOND, word="idle"),
        LatestValue("main", "temperature", HOUR_BEGINS + 5 * SECOND, number=21.0, seq=7),
    )
    assert [each.value for each in found.values] == ["idle", 21.0]
    assert (found.as_of, found.revision, found.last_at) == (HOUR, 1, HOUR + timedelta(seconds=9))
    assert NONE.last_at is None


@pytest.mark.parametrize(
    ("older", "newer"),
    [
        (reading(9.0, 1), reading(1.0, 2)),
        (reading(9.0), reading(1.0, seq=0)),
        (reading(9.0, seq=1), reading(1.0, seq=2)),
        (reading(1.0), reading(9.0)),
        (reading(1.0, seq=2), reading(9.0, seq=2)),
        (reading("idle"), reading("off")),
    ],
)
def test_a_value_is_newer_by_instant_then_counter_then_value(older: Reading, newer: Reading) -> None:
    assert after(after(NONE, older), newer).values == after(NONE, newer).values
    standing = after(NONE, newer)
    assert after(standing, older) is standing


@given(sent=st.lists(readings, min_size=1, max_size=12), seed=st.integers(), most=st.sampled_from([1, 2, 200]))
def test_any_order_and_repetition_gives_the_same_latest_values(sent: list[Reading], seed: int, most: int) -> None:
    def taken_in(shuffled: Sequence[Reading]) -> tuple[LatestValue, ...]:
        found, seen = NONE, list[Reading]()
        for each in shuffled:  # each time all readings of its hour that are there by then
            seen.append(each)
            for hour, group in by_machine_hour(seen).items():
                if group[-1] is each:
                    found = with_newer(found, roll_up(group), hour.hour)
        return found.values

    own = [each._replace(machine_id="M1") for each in sent]
    random = Random(seed)  # noqa: S311 - it must repeat, not surprise
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(rules, "MOST_VALUES", most)
        expected = taken_in(own)
        assert taken_in(random.sample(own, len(own)) + random.sample(own, len(own))) == expected
    assert len(expected) <= most


def test_of_too_many_sensors_those_that_sent_last_are_kept() -> None:
    many = [reading(1.0, n, sensor=f"s{n}") for n in range(rules.MOST_VALUES + 3)]
    found = after(NONE, *many)
    assert {each.sensor for each in found.values} == {each.sensor for each in many[3:]}
    assert after(found, many[0]) is found


def test_the_time_that_values_were_read_at_never_goes_back() -> None:
    later = with_newer(NONE, roll_up([reading(1.0)]), HOUR + MINUTE)
    assert with_newer(later, roll_up([reading(2.0, 1)]), HOUR).as_of == HOUR + MINUTE


@pytest.mark.parametrize(
    ("machine", "within", "minutes"),
    [
        (MACHINE, DEFAULT_SETTINGS.rollups_within, SILENT_MINUTES),
        (replace(MACHINE, silent_minutes=60), DEFAULT_SETTINGS.rollups_within, 60),
        (replace(MACHINE, silent_minutes=1), 5 * MINUTE, 8),
        (replace(MACHINE, status=MachineStatus.MAINTENANCE), 60 * MINUTE, 63),
    ],
)
def test_a_machine_is_silent_once_a_newer_reading_would_be_known(
    machine: Machine, within: timedelta, minutes: int
) -> None:
    latest, bound = after(NONE, reading(1.0)), HOUR + minutes * MINUTE
    assert silent_since(machine, latest, bound, within) is None
    assert silent_since(machine, latest, bound + timedelta(milliseconds=1), within) == HOUR


def test_a_machine_that_never_sent_or_is_retired_is_not_silent() -> None:
    long_after, within = HOUR + timedelta(days=9), TenantSettings().rollups_within
    retired = replace(MACHINE, status=MachineStatus.RETIRED)
    assert silent_since(MACHINE, NONE, long_after, within) is None
    assert silent_since(retired, after(NONE, reading(1.0)), long_after, within) is None
