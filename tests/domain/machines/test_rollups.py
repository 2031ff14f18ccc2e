"""Rollups: the statistics of an hour, for any order, grouping and repetition of its readings."""

from datetime import timedelta
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.machines.chunks import pack, unpack
from chalicelib.domain.machines.readings import Reading, by_machine_hour
from chalicelib.domain.machines.rollups import Counted, Numbers, Rollup, States, complete, may_wait, roll_up
from tests.domain.reading_strategies import HOUR, HOUR_BEGINS, SECOND, readings


def rolled(type_name: str, *values: float | str) -> Rollup:
    """The rollup of values ten seconds apart."""
    sent = [
        Reading("M1", "main", type_name, HOUR_BEGINS + index * 10 * SECOND, value) for index, value in enumerate(values)
    ]
    (rollup,) = roll_up(sent)
    return rollup


def numbers(*values: float) -> Numbers:
    found = rolled("custom", *values).numbers
    assert found is not None
    return found


def test_numbers_are_counted_summed_and_spanned() -> None:
    rollup = rolled("temperature", 20.0, 23.5, 19.0)
    assert rollup.numbers == Numbers(first=20.0, last=19.0, sum=62.5, min=19.0, max=23.5, mean=62.5 / 3)
    assert (rollup.sensor, rollup.type, rollup.count, rollup.conflicts) == ("main", "temperature", 3, 0)
    assert (rollup.first_at, rollup.last_at) == (HOUR_BEGINS, HOUR_BEGINS + 20 * SECOND)
    assert (rollup.counted, rollup.states) == (None, None)


def test_a_sum_is_rounded_once() -> None:
    assert numbers(1e15, 0.1, -1e15, 0.2).sum == 0.1 + 0.2


def test_a_mean_lies_between_the_extremes() -> None:
    assert numbers(0.1, 0.1, 0.1) == Numbers(first=0.1, last=0.1, sum=0.1 * 3, min=0.1, max=0.1, mean=0.1)


def test_a_counter_produces_its_increments() -> None:
    assert rolled("cycle_count", 100.0, 103.0, 103.0, 110.0).counted == Counted(produced=10.0, resets=0)


def test_a_lower_count_is_a_reset_and_counts_from_zero() -> None:
    rollup = rolled("cycle_count", 100.0, 104.0, 3.0, 5.0, 0.0)
    assert rollup.counted == Counted(produced=4.0 + 3.0 + 2.0 + 0.0, resets=2)
    assert rollup.numbers is not None
    assert (rollup.numbers.first, rollup.numbers.last) == (100.0, 0.0)


def test_a_single_count_has_produced_nothing_yet() -> None:
    assert rolled("cycle_count", 100.0).counted == Counted(produced=0.0, resets=0)


def test_a_lower_count_that_arrives_late_is_no_reset() -> None:
    early = Reading("M1", "main", "cycle_count", HOUR_BEGINS, 5.0)
    late = Reading("M1", "main", "cycle_count", HOUR_BEGINS + SECOND, 9.0)
    (rollup,) = roll_up([late, early])
    assert rollup.counted == Counted(produced=4.0, resets=0)


def test_states_are_timed_between_the_first_and_the_last_reading() -> None:
    rollup = rolled("state", "idle", "producing", "producing", "idle", "off")
    assert rollup.states == States(
        first="idle",
        last="off",
        seconds={"idle": 20.0, "producing": 20.0},
        stopped=((HOUR_BEGINS, HOUR_BEGINS + 10 * SECOND),),
    )
    assert (rollup.numbers, rollup.counted) == (None, None)


def test_a_single_state_has_lasted_no_time_yet() -> None:
    assert rolled("state", "idle").states == States(first="idle", last="idle", seconds={}, stopped=())


def test_the_larger_of_two_conflicting_values_counts_and_the_conflict_is_shown() -> None:
    sent = [Reading("M1", "main", "custom", HOUR_BEGINS, value, 4) for value in (1.0, 2.0)]
    (rollup,) = roll_up(sent)
    assert rollup.numbers is not None
    assert (rollup.count, rollup.conflicts, rollup.numbers.first) == (1, 1, 2.0)


def test_inputs_name_identities_not_the_values_under_a_counter() -> None:
    def inputs(value: float, seq: int | None) -> str:
        return roll_up([Reading("M1", "main", "custom", HOUR_BEGINS, value, seq)])[0].inputs

    assert inputs(1.0, 7) == inputs(2.0, 7)
    assert inputs(1.0, None) != inputs(2.0, None)


def test_each_sensor_and_type_has_its_own_rollup_and_an_empty_hour_has_none() -> None:
    sent = [Reading("M1", sensor, kind, HOUR_BEGINS, 1.0) for sensor in ("b", "a") for kind in ("power", "current")]
    assert [(rollup.sensor, rollup.type) for rollup in roll_up(sent)] == [
        ("a", "current"),
        ("a", "power"),
        ("b", "current"),
        ("b", "power"),
    ]
    assert roll_up([]) == []


def test_an_hour_is_complete_once_late_readings_have_had_their_time() -> None:
    settled = HOUR + timedelta(hours=2)
    assert complete(HOUR, settled, late_window=timedelta(hours=1))
    assert not complete(HOUR, settled - timedelta(microseconds=1), late_window=timedelta(hours=1))


@pytest.mark.parametrize(("readings", "minutes"), [(0, 0), (250, 1), (625, 2.5), (1_250, 5), (1_251, 5), (100_000, 5)])
def test_an_hour_may_wait_the_longer_the_more_readings_it_has_up_to_a_bound(readings: int, minutes: float) -> None:
    assert may_wait(readings, timedelta(minutes=5)) == timedelta(minutes=minutes)


@given(st.data(), st.lists(readings, min_size=1, max_size=15), st.randoms(use_true_random=False))
def test_any_order_grouping_and_repetition_of_messages_gives_the_same_rollups(
    data: st.DataObject, sent: list[Reading], random: Random
) -> None:
    again = [*sent, *(reading for reading in sent if random.random() < 0.5)]
    random.shuffle(again)
    batches: list[list[Reading]] = [[] for _ in range(data.draw(st.integers(1, 6)))]
    for reading in again:
        random.choice(batches).append(reading)
    stored = {
        (chunk.first_at, chunk.digest): chunk.content
        for batch in batches
        for group in by_machine_hour(batch).values()
        for chunk in pack(group, max_bytes=random.choice([150, 64 * 1024]))
    }
    contents = list(stored.values())
    random.shuffle(contents)
    assert roll_up(reading for content in contents for reading in unpack("M1", content)) == roll_up(sent)
