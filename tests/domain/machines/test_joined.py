"""Joined hours: the same production as from all readings at once, however a window cuts them."""

from collections import Counter
from collections.abc import Iterable
from datetime import datetime, timedelta
from itertools import pairwise
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.machines.joined import Production, cut_hours, joined, pieces_of
from chalicelib.domain.machines.readings import (
    STATES,
    Reading,
    by_machine_hour,
    distinct,
    microseconds,
    moment,
    series_of,
)
from chalicelib.domain.machines.rollups import Rollup, roll_up
from tests.domain.reading_strategies import HOUR

HOURS = [HOUR + timedelta(hours=n) for n in range(31)]
AN_HOUR, SECOND = timedelta(hours=1), timedelta(seconds=1)
DAY = timedelta(days=1)


def count(at: datetime, value: float, seq: int | None = None) -> Reading:
    return Reading("M1", "main", "cycle_count", microseconds(at), value, seq)


def state(at: datetime, word: str, seq: int | None = None) -> Reading:
    return Reading("M1", "main", "state", microseconds(at), word, seq)


def pieces(readings: Iterable[Reading], *cuts: datetime) -> list[Rollup]:
    """The rollups of hours, and the pieces of the hours that are cut."""
    cut = cut_hours(cuts)
    hours = by_machine_hour(readings)
    return [
        piece
        for hour, sent in hours.items()
        for piece in (pieces_of(sent, cut[hour.hour]) if hour.hour in cut else roll_up(sent))
    ]


def production(readings: Iterable[Reading], since: datetime, until: datetime, carry: timedelta = DAY) -> Production:
    return joined(pieces(readings, since, until), since, until, carry)


def at_once(readings: Iterable[Reading], since: datetime, until: datetime, carry: timedelta) -> Production:
    """The production from all readings, without hours."""
    by_type = {each[0].type: distinct(each)[0] for each in series_of(readings)}
    counts = [each for each in by_type.get("cycle_count", []) if each.at < microseconds(until)]
    produced, resets, gaps = 0.0, 0, 0
    for earlier, later in pairwise(counts):
        if later.at < microseconds(since):
            continue
        if moment(later.at) - moment(earlier.at) > carry:
            gaps += 1
            continue
        resets += later.value < earlier.value  # type: ignore[operator]
        produced += later.value - (0 if later.value < earlier.value else earlier.value)  # type: ignore[operator]
    spent: Counter[str] = Counter()
    states = by_type.get("state", [])
    for earlier, ends in zip(states, [*(moment(each.at) for each in states[1:]), until], strict=False):
        holds = min(ends, until, moment(earlier.at) + carry) - max(moment(earlier.at), since)
        spent[str(earlier.value)] += max(round(holds / timedelta(microseconds=1)), 0)
    known = {word: timedelta(microseconds=long) for word, long in sorted(spent.items()) if long}
    told = any(each.at >= microseconds(since) for each in counts)
    unknown = until - since - sum(known.values(), timedelta(0))
    return Production(produced if told else None, resets, gaps, known, unknown)


def test_an_hour_follows_the_last_value_of_the_hour_before() -> None:
    sent = [count(HOUR, 10.0), count(HOUR + AN_HOUR, 14.0), state(HOUR, "idle"), state(HOUR + AN_HOUR, "producing")]
    made = production(sent, HOUR + AN_HOUR, HOUR + 2 * AN_HOUR)
    assert made == Production(4.0, 0, 0, {"producing": AN_HOUR}, timedelta(0))


def test_a_value_carries_on_over_empty_hours_and_no_longer_than_it_holds() -> None:
    sent = [count(HOUR, 10.0), state(HOUR, "idle"), count(HOUR + 5 * AN_HOUR, 12.0)]
    assert production(sent, HOUR, HOUR + 6 * AN_HOUR, 5 * AN_HOUR).produced == 2.0
    short = production(sent, HOUR + AN_HOUR, HOUR + 6 * AN_HOUR, 4 * AN_HOUR)
    assert short == Production(0.0, 0, 1, {"idle": 3 * AN_HOUR}, 2 * AN_HOUR)


def test_a_machine_that_sent_nothing_has_produced_nothing_that_is_known() -> None:
    assert production([], HOUR, HOUR + AN_HOUR) == Production(unknown=AN_HOUR)
    before = [count(HOUR - AN_HOUR, 10.0), state(HOUR + AN_HOUR, "idle")]
    assert production(before, HOUR, HOUR + AN_HOUR) == Production(unknown=AN_HOUR)


def test_a_lower_count_that_arrives_late_is_no_reset_across_hours() -> None:
    sent = [count(HOUR + AN_HOUR, 9.0), count(HOUR + 2 * AN_HOUR, 11.0), count(HOUR, 5.0)]
    made = production(sent, HOUR, HOUR + 3 * AN_HOUR)
    assert (made.produced, made.resets) == (6.0, 0)
    again = production([*sent, count(HOUR + 3 * AN_HOUR, 2.0)], HOUR, HOUR + 4 * AN_HOUR)
    assert (again.produced, again.resets) == (8.0, 1)


def test_what_was_counted_up_to_a_value_counts_when_it_was_sent() -> None:
    sent = [count(HOUR + 50 * SECOND, 1.0), count(HOUR + 70 * SECOND, 5.0)]
    cut = HOUR + 60 * SECOND
    assert production(sent, HOUR, cut).produced == 0.0
    assert production(sent, cut, HOUR + AN_HOUR).produced == 4.0


def test_an_instant_at_the_beginning_of_an_hour_cuts_none() -> None:
    cut = [HOUR + 2 * SECOND, HOUR + SECOND, HOUR + SECOND, HOUR + AN_HOUR]
    assert cut_hours(cut) == {HOUR: [microseconds(HOUR + SECOND), microseconds(HOUR + 2 * SECOND)]}


sequences = st.none() | st.integers(0, 2)
moments = st.integers(0, 6 * 3600).map(lambda second: HOUR + second * SECOND) | st.sampled_from(HOURS)
counts = st.builds(count, moments, st.integers(0, 9).map(float), sequences)
readings = st.lists(counts | st.builds(state, moments, st.sampled_from(STATES), sequences), max_size=30)
carries = st.sampled_from([AN_HOUR, 2 * AN_HOUR, DAY])


@given(readings, carries, st.sampled_from(HOURS[:-1]), st.integers(1, 30), st.randoms(use_true_random=False))
def test_joined_hours_are_as_all_readings_at_once(
    sent: list[Reading], carry: timedelta, since: datetime, hours: int, random: Random
) -> None:
    until = since + hours * AN_HOUR
    again = [*sent, *(reading for reading in sent if random.random() < 0.5)]
    random.shuffle(again)
    assert production(again, since, until, carry) == at_once(sent, since, until, carry)


@given(readings, carries, st.tuples(moments, moments).map(sorted).filter(lambda ends: ends[0] < ends[1]))
def test_a_window_may_cut_hours(sent: list[Reading], carry: timedelta, window: list[datetime]) -> None:
    since, until = window
    assert production(sent, since, until, carry) == at_once(sent, since, until, carry)


@given(readings, st.lists(moments, min_size=3, max_size=6, unique=True).map(sorted))
def test_windows_side_by_side_come_to_the_whole(sent: list[Reading], cuts: list[datetime]) -> None:
    cut = pieces(sent, *cuts)
    parts = [joined(cut, since, until, AN_HOUR) for since, until in pairwise(cuts)]
    whole = joined(cut, cuts[0], cuts[-1], AN_HOUR)
    assert sum(part.produced or 0 for part in parts) == (whole.produced or 0)
    assert sum(part.gaps for part in parts) == whole.gaps
    assert sum((part.unknown for part in parts), timedelta(0)) == whole.unknown
