"""Union and sum of intervals, and cutting them into local days, also when clocks change."""

from datetime import UTC, date, datetime, timedelta
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.errors import BadParameter
from chalicelib.domain.intervals import Interval, bounds, by_day, local_day, refuse_wrong_days, total, union
from tests.domain.builders import HOUR, MINUTE, MORNING

ISTANBUL, BERLIN = "Europe/Istanbul", "Europe/Berlin"
ZONES = st.sampled_from([ISTANBUL, BERLIN, "America/Havana", "Asia/Beirut", "Pacific/Auckland", "UTC"])
NOTHING = timedelta(0)


def spans(*minutes: tuple[int, int]) -> list[Interval]:
    return [(MORNING + start * MINUTE, MORNING + end * MINUTE) for start, end in minutes]


@pytest.mark.parametrize(
    ("intervals", "run", "labour"),
    [
        (spans(), 0, 0),
        (spans((0, 10)), 10, 10),
        (spans((0, 10), (20, 30)), 20, 20),
        (spans((0, 10), (10, 30)), 30, 30),
        (spans((0, 20), (10, 30)), 30, 40),
        (spans((0, 60), (10, 20), (15, 30)), 60, 85),
        (spans((5, 5)), 0, 0),
        (spans((20, 30), (0, 25)), 30, 35),
    ],
)
def test_run_time_is_the_union_and_labour_time_the_sum(intervals: list[Interval], run: int, labour: int) -> None:
    assert union(intervals) == run * MINUTE
    assert total(intervals) == labour * MINUTE


few = st.lists(st.tuples(st.integers(0, 60), st.integers(0, 30)).map(lambda at: (at[0], at[0] + at[1])), max_size=8)


@given(few, st.randoms())
def test_the_union_is_the_number_of_minutes_that_anything_covers(
    minutes: list[tuple[int, int]], random: Random
) -> None:
    covered = {minute for start, end in minutes for minute in range(start, end)}
    intervals = spans(*minutes)
    random.shuffle(intervals)
    assert union(intervals) == len(covered) * MINUTE
    assert union(intervals) <= total(intervals)


def test_a_day_is_that_of_the_plants_own_clock() -> None:
    assert local_day(datetime(2026, 1, 5, 20, 59, tzinfo=UTC), ISTANBUL) == date(2026, 1, 5)
    assert local_day(datetime(2026, 1, 5, 21, 0, tzinfo=UTC), ISTANBUL) == date(2026, 1, 6)


@pytest.mark.parametrize(
    ("day", "zone", "begin", "hours"),
    [
        (date(2026, 1, 5), ISTANBUL, datetime(2026, 1, 4, 21, tzinfo=UTC), 24),
        (date(2026, 3, 29), BERLIN, datetime(2026, 3, 28, 23, tzinfo=UTC), 23),
        (date(2026, 10, 25), BERLIN, datetime(2026, 10, 24, 22, tzinfo=UTC), 25),
    ],
)
def test_a_day_has_as_many_hours_as_the_clock_shows(day: date, zone: str, begin: datetime, hours: int) -> None:
    start, end = bounds(day, zone)
    assert start == begin
    assert end - start == hours * HOUR


@pytest.mark.parametrize(("day", "hours"), [(date(2026, 3, 29), 23), (date(2026, 10, 25), 25)])
def test_work_through_a_change_of_clocks_keeps_its_length(day: date, hours: int) -> None:
    start, end = bounds(day, BERLIN)[0] - HOUR, bounds(day, BERLIN)[1] + HOUR
    cut = list(by_day((start, end), BERLIN))
    assert [each for each, _ in cut] == [day - timedelta(days=1), day, day + timedelta(days=1)]
    assert [total([part]) / HOUR for _, part in cut] == [1, hours, 1]
    assert [union([part]) / HOUR for _, part in cut] == [1, hours, 1]


def test_an_interval_of_no_length_belongs_to_the_day_of_its_instant() -> None:
    midnight = datetime(2026, 1, 5, 21, tzinfo=UTC)
    assert list(by_day((midnight, midnight), ISTANBUL)) == [(date(2026, 1, 6), (midnight, midnight))]


def test_an_interval_that_ends_at_midnight_does_not_touch_the_next_day() -> None:
    midnight = datetime(2026, 1, 5, 21, tzinfo=UTC)
    span = (midnight - HOUR, midnight)
    assert list(by_day(span, ISTANBUL)) == [(date(2026, 1, 5), span)]
    assert len(list(by_day((midnight - HOUR, midnight + MINUTE), ISTANBUL))) == 2


instants = st.datetimes(datetime(2020, 1, 1), datetime(2026, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001  # bounds have no zone


@given(instants, st.timedeltas(NOTHING, timedelta(days=5)), ZONES)
def test_days_cut_an_interval_into_neighbours_that_lose_nothing(start: datetime, length: timedelta, zone: str) -> None:
    cut = list(by_day((start, start + length), zone))
    days, parts = [day for day, _ in cut], [part for _, part in cut]
    assert days == [days[0] + timedelta(days=n) for n in range(len(days))]
    assert [part[0] for part in parts] == [start, *(part[1] for part in parts[:-1])]
    assert parts[-1][1] == start + length
    assert total(parts) == union(parts) == length
    for day, (begin, end) in cut:
        assert bounds(day, zone)[0] <= begin <= end <= bounds(day, zone)[1]
        assert begin == end or local_day(begin, zone) == day
        assert begin.tzinfo is end.tzinfo is UTC


def test_an_interval_that_is_a_whole_day_is_that_day_alone() -> None:
    midnight, next_midnight = bounds(date(2026, 1, 5), ISTANBUL)
    assert list(by_day((midnight, next_midnight), ISTANBUL)) == [(date(2026, 1, 5), (midnight, next_midnight))]


@pytest.mark.parametrize(
    ("days", "most", "refused"),
    [
        (1, None, None),
        (0, None, "from must not be after to."),
        (400, 400, None),
        (401, 400, "from must not be after to; the range may have at most 400 days."),
        (0, 7, "from must not be after to; the range may have at most 7 days."),
    ],
)
def test_a_range_of_days_is_in_order_and_not_too_long(days: int, most: int | None, refused: str | None) -> None:
    first = date(2026, 1, 5)
    last = first + timedelta(days=days - 1)
    if refused is None:
        refuse_wrong_days(first, last, most)
        return
    with pytest.raises(BadParameter) as error:
        refuse_wrong_days(first, last, most)
    assert error.value.detail == refused
