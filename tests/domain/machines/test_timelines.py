"""Timelines: the same states as from all readings at once, wherever they are looked at."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.machines.joined import joined
from chalicelib.domain.machines.readings import STATES, Reading, microseconds
from chalicelib.domain.machines.rollups import MOST_CHANGES, Rollup, change, change_of, roll_up
from chalicelib.domain.machines.timelines import InState, timeline, vague
from tests.domain.machines.test_joined import AN_HOUR, DAY, SECOND, pieces, state
from tests.domain.reading_strategies import HOUR

END = HOUR + 4 * AN_HOUR


def forgetful(piece: Rollup) -> Rollup:
    """The same rollup as an earlier release wrote it."""
    return piece if piece.states is None else replace(piece, states=replace(piece.states, changes=None))


def spent(states: Iterable[InState], since: datetime, until: datetime) -> Counter[str]:
    """The microseconds in each state of a window."""
    begin, end = microseconds(since), microseconds(until)
    found: Counter[str] = Counter()
    for start, stop, word in states:
        found[word] += max(min(stop, end) - max(start, begin), 0)
    return +found


told = st.lists(
    st.tuples(st.integers(0, 3 * 3600), st.sampled_from(STATES)).map(
        lambda each: state(HOUR + each[0] * SECOND, each[1])
    ),
    max_size=60,
)
instants = st.integers(0, 4 * 3600).map(lambda second: HOUR + second * SECOND)


@given(told, instants, instants, st.integers(1, 30))
def test_a_timeline_says_what_joined_hours_say_wherever_a_window_cuts_it(
    readings: list[Reading], one: datetime, other: datetime, carry: int
) -> None:
    since, until = sorted((one, other))
    holds = timedelta(hours=carry)
    expected = joined(pieces(readings, since, until), since, until, holds)
    states = timeline(pieces(readings), until, holds)
    assert {word: each * timedelta(microseconds=1) for word, each in spent(states, since, until).items()} == dict(
        expected.by_state
    )


@given(told, st.randoms(use_true_random=False))
def test_the_order_of_pieces_makes_no_difference_and_states_do_not_overlap(
    readings: list[Reading], chance: object
) -> None:
    whole = pieces(readings)
    shuffled = sorted(whole, key=lambda _: chance.random())  # type: ignore[attr-defined]
    states = timeline(whole, END, DAY)
    assert timeline(shuffled, END, DAY) == states
    assert all(start < stop for start, stop, _ in states)
    assert all(earlier[1] <= later[0] for earlier, later in pairwise(states))


@given(told)
def test_an_hour_of_an_earlier_release_has_the_same_time_in_each_state_as_a_whole(readings: list[Reading]) -> None:
    whole = pieces(readings)
    old = timeline(map(forgetful, whole), END, DAY)
    assert spent(old, HOUR, END) == spent(timeline(whole, END, DAY), HOUR, END)


@given(st.integers(0, 3_600_000_000 - 1), st.sampled_from(STATES))
def test_a_change_is_read_as_it_was_written(after: int, word: str) -> None:
    assert change_of(change(after, word)) == (after, word)


def flips(count: int) -> Rollup:
    (rollup,) = roll_up(state(HOUR + n * SECOND, ("idle", "producing")[n % 2]) for n in range(count + 1))
    return rollup


def test_only_an_hour_whose_changes_are_not_known_must_not_be_cut() -> None:
    assert not vague(flips(MOST_CHANGES))
    assert vague(flips(MOST_CHANGES + 1))
    assert vague(forgetful(flips(1)))
    assert not vague(forgetful(flips(0)))
    (number,) = roll_up([Reading("M1", "main", "temperature", microseconds(HOUR), 1.0)])
    assert not vague(number)


def test_a_state_lasts_as_long_as_the_plant_decided() -> None:
    states = timeline(pieces([state(HOUR, "producing")]), END, AN_HOUR)
    assert states == [(microseconds(HOUR), microseconds(HOUR + AN_HOUR), "producing")]
