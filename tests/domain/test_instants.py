"""How instants are stored and written."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.instants import milliseconds, parse, truncated, wire

ISTANBUL_HOURS = timezone(timedelta(hours=3))
anywhere = st.integers(-23 * 60, 23 * 60).map(lambda offset: timezone(timedelta(minutes=offset)))
instants = st.datetimes(datetime(2, 1, 1), datetime(9998, 12, 31), timezones=anywhere)  # noqa: DTZ001  # bounds have no zone


def test_an_instant_is_written_in_fixed_width_utc() -> None:
    assert wire(datetime(2026, 1, 5, 13, 0, 0, 250_000, ISTANBUL_HOURS)) == "2026-01-05T10:00:00.250Z"
    assert wire(datetime(2026, 1, 5, tzinfo=UTC)) == "2026-01-05T00:00:00.000Z"


@pytest.mark.parametrize("text", ["2026-01-05T10:00:00.250Z", "2026-01-05T13:00:00.250999+03:00"])
def test_what_is_read_is_utc_in_whole_milliseconds(text: str) -> None:
    instant = parse(text)
    assert instant == datetime(2026, 1, 5, 10, 0, 0, 250_000, UTC)
    assert instant.tzinfo is UTC


@pytest.mark.parametrize("text", ["2026-01-05T10:00:00", "2026-01-05", "yesterday", "", "0001-01-01T00:00:00+03:00"])
def test_what_is_no_instant_with_an_offset_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"instant|Invalid"):
        parse(text)


@given(instants)
def test_what_was_written_is_read_back_to_the_millisecond(instant: datetime) -> None:
    assert parse(wire(instant)) == truncated(instant)
    assert timedelta(0) <= instant - truncated(instant) < timedelta(milliseconds=1)


@given(instants, instants)
def test_written_instants_sort_as_time_does(one: datetime, other: datetime) -> None:
    assert (wire(one) < wire(other)) == (truncated(one) < truncated(other))


def test_an_instant_beyond_the_calendar_is_refused_and_crashes_nothing() -> None:
    with pytest.raises(ValueError, match="years 1 to 9999"):
        truncated(datetime.max.replace(tzinfo=timezone(timedelta(hours=-1))))


def test_a_span_is_counted_in_whole_milliseconds() -> None:
    assert milliseconds(timedelta(minutes=1, milliseconds=5)) == 60_005
    assert milliseconds(timedelta(seconds=-1)) == -1000
