"""How instants are stored and written."""

from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.instants import NotAnInstant, milliseconds, parse, read, read_day, truncated, wire

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


NO_INSTANTS = [
    "20260105",
    "2026",
    "0",
    "2026-01-05 10:00Z",
    "20260105T100000Z",
    "2026-W02-1T10:00:00Z",
    "2026-01-05T24:00:00Z",
    "2026-01-05T23:59:60Z",
    "2026-1-5T10:00:00Z",
    "٢٠٢٦-01-05T10:00:00Z",
    " 2026-01-05T10:00:00Z",
    "2026-01-05T10:00:00Z\n",
    "2026-01-05_10:00:00Z",
    "2026-01-05T10:00:00,5Z",
    "2026-01-05T10:00:00.Z",
    "2026-01-05T10:00:00+0300",
    "2026-01-05T10:00:00+03:60",
    "2026-02-30T10:00:00Z",
    20260105,
    1767600000.0,
    None,
    True,
]


@pytest.mark.parametrize("raw", NO_INSTANTS)
def test_nothing_but_rfc_3339_is_an_instant(raw: object) -> None:
    with pytest.raises(NotAnInstant) as refusal:
        read(raw)
    assert refusal.value.code == "not_an_instant"


@pytest.mark.parametrize(
    "text", ["2026-01-05t10:00:00z", "2026-01-05 10:00:00-00:00", "2026-01-05T13:00:00.000000999999+03:00"]
)
def test_all_of_rfc_3339_is_an_instant(text: str) -> None:
    assert read(text) == datetime(2026, 1, 5, 10, tzinfo=UTC)


@pytest.mark.parametrize(
    "raw", ["20260105", "2026-W02-1", "2026-1-5", "2026-01-05T00:00:00Z", "2026-02-30", " 2026-01-05", 0]
)
def test_a_day_is_written_in_one_way(raw: object) -> None:
    assert read_day("2026-01-05") == date(2026, 1, 5)
    with pytest.raises(ValueError, match=r"day|month"):
        read_day(raw)
