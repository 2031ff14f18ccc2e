"""Windows of readings: each reading once, in one order, whatever came twice and wherever the last page ended."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.errors import BadParameter
from chalicelib.domain.machines.readings import EPOCH, Reading, distinct, microseconds, series_of
from chalicelib.domain.machines.windows import Window, place_of, window
from tests.domain.reading_strategies import HOUR, HOUR_BEGINS, SECOND, readings

AN_HOUR = timedelta(hours=1)
WHOLE = Window(HOUR, HOUR + AN_HOUR)


def reading(seconds: float, value: float = 1.0, seq: int | None = None, sensor: str = "main") -> Reading:
    return Reading("M1", sensor, "temperature", HOUR_BEGINS + round(seconds * SECOND), value, seq)


def test_a_window_holds_its_first_instant_and_not_its_last() -> None:
    inside = [reading(1), reading(1.000001), reading(1.999999)]
    narrow = Window(HOUR + timedelta(seconds=1), HOUR + timedelta(seconds=2))
    assert narrow.among([reading(0.999999), *inside, reading(2)], None) == inside


def test_sensors_and_types_are_chosen_and_all_of_them_by_default() -> None:
    sent = [reading(0), reading(1, sensor="b"), Reading("M1", "b", "state", HOUR_BEGINS, "idle")]
    assert WHOLE.among(sent, None) == [sent[2], sent[0], sent[1]]
    own = Window(HOUR, HOUR + AN_HOUR, frozenset({"b"}))
    assert own.among(sent, None) == [sent[2], sent[1]]
    both = Window(HOUR, HOUR + AN_HOUR, frozenset({"b"}), frozenset({"temperature"}))
    assert both.among(sent, None) == [sent[1]]


def test_the_larger_value_counts_where_the_counter_is_the_same_and_both_where_there_is_none() -> None:
    sent = [reading(1, 5.0, seq=3), reading(1, 7.0, seq=3), reading(1, 9.0), reading(1, 8.0), reading(1, 8.0)]
    assert WHOLE.among(sent, None) == [sent[3], sent[2], sent[1]]


@given(sent=st.lists(readings, max_size=30), size=st.integers(1, 5))
def test_pages_hold_every_reading_once_and_in_order(sent: list[Reading], size: int) -> None:
    once = [each for series in series_of(sent) for each in distinct(series)[0]]
    shown: list[Reading] = []
    while page := WHOLE.among(sent, place_of(shown[-1]) if shown else None)[:size]:
        shown += page
    assert sorted(map(place_of, shown)) == [place_of(each) for each in shown]
    assert len(shown) == len(once)
    assert set(shown) == set(once)


def test_a_larger_value_that_comes_between_two_pages_is_not_shown_a_second_time() -> None:
    first = reading(1, 5.0, seq=3)
    assert WHOLE.among([first, reading(1, 7.0, seq=3)], place_of(first)) == []


def test_the_hours_that_a_window_touches_are_read_from_where_the_last_page_ended() -> None:
    wide = Window(HOUR + timedelta(minutes=30), HOUR + 3 * AN_HOUR)
    assert list(wide.hours(None)) == [HOUR, HOUR + AN_HOUR, HOUR + 2 * AN_HOUR]
    assert list(wide.hours(place_of(reading(3600)))) == [HOUR + AN_HOUR, HOUR + 2 * AN_HOUR]
    day = Window(HOUR + timedelta(minutes=1), HOUR + timedelta(minutes=1, hours=24))
    assert len(list(day.hours(None))) == 25
    assert list(Window(EPOCH - AN_HOUR, EPOCH).hours(None)) == []


@pytest.mark.parametrize(
    ("since", "until", "expected"),
    [
        (None, None, (HOUR - AN_HOUR, HOUR)),
        (HOUR, None, (HOUR, HOUR + AN_HOUR)),
        (None, EPOCH, (EPOCH - AN_HOUR, EPOCH)),
        (HOUR, HOUR + 24 * AN_HOUR, (HOUR, HOUR + 24 * AN_HOUR)),
    ],
)
def test_an_end_that_is_left_out_is_an_hour_away(
    since: datetime | None, until: datetime | None, expected: tuple[datetime, datetime]
) -> None:
    made = window(since, until, HOUR, [], [])
    assert (made.since, made.until) == expected


@pytest.mark.parametrize(("hours", "why"), [(0, "after from"), (-1, "after from"), (24.1, "24 hours")])
def test_a_window_without_time_or_of_more_than_a_day_is_refused(hours: float, why: str) -> None:
    with pytest.raises(BadParameter, match=why):
        window(HOUR, HOUR + hours * AN_HOUR, datetime(2026, 1, 1, tzinfo=UTC), [], [])


def test_a_place_is_the_identity_of_a_reading() -> None:
    alike = [reading(1, 5.0, seq=3), reading(1, 7.0, seq=3)]
    assert len({place_of(each) for each in alike}) == 1
    assert place_of(reading(1))[0] == microseconds(HOUR) + SECOND
