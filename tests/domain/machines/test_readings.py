"""Readings: which are the same, in which order they are, and which values are plausible."""

from datetime import UTC, datetime, timedelta
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.machines.readings import (
    LIMIT,
    Reading,
    believable,
    by_machine_hour,
    hour_of,
    microseconds,
    moment,
    series_of,
)
from chalicelib.domain.markers import MachineHour
from tests.domain.reading_messages import told_apart
from tests.domain.reading_strategies import HOUR, HOUR_BEGINS, SECOND, readings

READING = Reading("M1", "main", "temperature", HOUR_BEGINS, 20.0)


def test_a_redelivered_reading_counts_once() -> None:
    assert told_apart([READING, READING._replace()]) == ([READING], 0)


def test_without_a_counter_two_values_at_one_instant_are_both_kept() -> None:
    warmer = READING._replace(value=21.0)
    assert told_apart([warmer, READING]) == ([READING, warmer], 0)


def test_of_two_values_under_one_counter_the_larger_counts_and_the_conflict_is_counted() -> None:
    first, second, third = (READING._replace(seq=7, value=value) for value in (1.0, 3.0, 2.0))
    assert told_apart([second, first, third, first]) == ([second], 2)


def test_the_same_instant_under_two_counters_is_two_readings() -> None:
    later = READING._replace(seq=1)
    assert told_apart([later, READING]) == ([READING, later], 0)


def test_other_machines_sensors_and_types_are_other_readings() -> None:
    others = [READING._replace(machine_id="M2"), READING._replace(sensor="spindle"), READING._replace(type="custom")]
    assert [len(series) for series in series_of([READING, *others])] == [1, 1, 1, 1]


def test_readings_are_ordered_by_instant_then_counter_then_value() -> None:
    expected = [
        READING,
        READING._replace(value=21.0),
        READING._replace(seq=0, value=1.0),
        READING._replace(seq=1, value=0.0),
        READING._replace(at=READING.at + 1, value=-5.0),
    ]
    assert series_of(reversed(expected)) == [expected]


@given(st.lists(readings, max_size=12), st.randoms(use_true_random=False))
def test_what_counts_depends_on_no_order_and_no_repetition(sent: list[Reading], random: Random) -> None:
    again = [*sent, *sent]
    random.shuffle(again)
    assert told_apart(again) == told_apart(sent)


@given(st.lists(readings, max_size=12))
def test_no_two_readings_that_count_are_the_same(sent: list[Reading]) -> None:
    kept, conflicts = told_apart(sent)
    assert len({reading.identity for reading in kept}) == len(kept) == len(set(sent)) - conflicts


def test_a_machine_narrows_and_widens_what_is_believable() -> None:
    assert believable("main", "humidity", {}) == (0, 100)
    assert believable("main", "humidity", {("main", "humidity"): (20, None)}) == (20, 100)
    assert believable("rig", "pressure", {("rig", "pressure"): (-2.0, None)}) == (-2.0, 10_000)
    assert believable("rig", "pressure", {("main", "pressure"): (-2.0, None)}) == (-1, 10_000)


def test_no_machine_widens_a_range_beyond_what_can_be_counted() -> None:
    assert believable("main", "custom", {("main", "custom"): (-1e300, 1e300)}) == (-LIMIT, LIMIT)


@given(st.datetimes(timezones=st.just(UTC)))
def test_an_instant_is_kept_to_the_microsecond(when: datetime) -> None:
    assert moment(microseconds(when)) == when


def test_an_hour_ends_just_before_the_next_begins() -> None:
    assert hour_of(HOUR) == hour_of(HOUR + timedelta(hours=1, microseconds=-1)) == HOUR
    assert hour_of(HOUR - timedelta(microseconds=1)) == HOUR - timedelta(hours=1)


@given(st.datetimes(timezones=st.just(UTC)))
def test_an_instant_falls_in_the_hour_that_began_before_it(instant: datetime) -> None:
    assert timedelta(0) <= instant - hour_of(instant) < timedelta(hours=1)


def test_readings_are_grouped_by_machine_and_hour_of_device_time() -> None:
    later, elsewhere = READING._replace(at=READING.at + 3600 * SECOND), READING._replace(machine_id="M2")
    groups = by_machine_hour([later, elsewhere, READING, READING])
    assert groups == {
        MachineHour("M1", HOUR): [READING, READING],
        MachineHour("M1", HOUR + timedelta(hours=1)): [later],
        MachineHour("M2", HOUR): [elsewhere],
    }


def test_microseconds_are_counted_from_1970_and_are_negative_before() -> None:
    assert microseconds(datetime(1970, 1, 1, 0, 0, 1, 5, tzinfo=UTC)) == 1_000_005
    assert microseconds(datetime(1969, 12, 31, 23, 59, 59, 999_999, tzinfo=UTC)) == -1
    assert microseconds(datetime(9999, 12, 31, 23, 59, 59, 999_999, tzinfo=UTC)) == 253_402_300_799_999_999
