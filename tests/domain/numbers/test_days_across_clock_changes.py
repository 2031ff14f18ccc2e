"""Days on which clocks change: work is on the day that the clock on the wall showed, minute by minute."""

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.intervals import bounds
from chalicelib.domain.numbers.calendars import Calendar, NewPlan, planned_shifts, with_plan
from chalicelib.domain.numbers.day_facts import Fact, FactKey
from chalicelib.domain.numbers.day_sums import summed
from chalicelib.domain.numbers.order_facts import facts_of
from chalicelib.domain.numbers.shift_sums import of_shift, shifts_of
from chalicelib.domain.numbers.working_hours import WEEK, WeeklyShift
from chalicelib.domain.orders.session_records import Quantities, Session
from chalicelib.domain.tenant_settings import TenantSettings
from tests.domain.builders import MINUTE, MORNING, a_session, an_order, paused

ONE = Decimal(1)
HOUR = timedelta(hours=1)
# Zone, the local day on which the clocks change, and how long that day is, in minutes.
CHANGES = [
    ("Europe/Istanbul", date(2016, 3, 27), 23 * 60),
    ("Europe/Istanbul", date(2015, 11, 8), 25 * 60),
    ("Europe/Istanbul", date(2016, 10, 30), 24 * 60),  # from that year on the clocks stay
    ("Europe/Berlin", date(2026, 3, 29), 23 * 60),
    ("Europe/Berlin", date(2026, 10, 25), 25 * 60),
    ("Asia/Beirut", date(2026, 3, 29), 23 * 60),  # there is no 00:00
    ("Asia/Beirut", date(2026, 10, 24), 25 * 60),  # it is 23:00 twice
    ("Australia/Lord_Howe", date(2026, 4, 5), 24 * 60 + 30),
    ("Australia/Lord_Howe", date(2026, 10, 4), 24 * 60 - 30),
]


def facts_in(zone: str, sessions: list[Session]) -> dict[FactKey, Fact]:
    return facts_of(an_order(paused()), sessions, TenantSettings(timezone=zone))


def noon_before(day: date) -> datetime:
    return datetime.combine(day - timedelta(days=1), datetime.min.time(), UTC) + 12 * HOUR


spans = st.lists(st.tuples(st.integers(0, 3_000), st.integers(0, 2_000)), min_size=1, max_size=4)


@pytest.mark.parametrize(("zone", "day", "minutes"), CHANGES)
def test_a_day_is_as_long_as_its_clock_makes_it(zone: str, day: date, minutes: int) -> None:
    start, end = bounds(day, zone)
    assert (end - start) // MINUTE == minutes
    tz, moment = ZoneInfo(zone), timedelta(milliseconds=1)
    assert [at.astimezone(tz).date() == day for at in (start - moment, start, end - moment, end)] == [
        False,
        True,
        True,
        False,
    ]


@pytest.mark.parametrize(("zone", "day", "minutes"), CHANGES)
@given(parts=spans)
def test_each_minute_of_work_is_on_the_day_that_the_clock_showed(
    zone: str, day: date, minutes: int, parts: list[tuple[int, int]]
) -> None:
    tz, base = ZoneInfo(zone), noon_before(day)
    sessions = [
        a_session(base + start * MINUTE, base + (start + length) * MINUTE, name=f"s{n}", made=Quantities(ONE))
        for n, (start, length) in enumerate(parts)
    ]
    labour, worked, pieces = Counter[date](), set[int](), Counter[date]()
    for start, length in parts:
        for minute in range(start, start + length):
            labour[(base + minute * MINUTE).astimezone(tz).date()] += 1
            worked.add(minute)
        pieces[(base + (start + length) * MINUTE).astimezone(tz).date()] += 1
    run = Counter((base + minute * MINUTE).astimezone(tz).date() for minute in worked)

    facts = facts_in(zone, sessions)

    for each in {key.day for key in facts} | labour.keys() | pieces.keys():
        time = summed(fact for key, fact in facts.items() if key.day == each).time
        assert (time.labour // 60_000, time.run // 60_000, int(time.pieces)) == (labour[each], run[each], pieces[each])
        assert time.run <= (minutes if each == day else 25 * 60) * 60_000


@pytest.mark.parametrize(("zone", "day", "minutes"), CHANGES)
def test_shifts_and_the_time_outside_are_the_whole_day(zone: str, day: date, minutes: int) -> None:
    hours = [("early", "06:00", "14:00"), ("late", "14:00", "22:00")]
    weekly = tuple(WeeklyShift(name, start, end, days=WEEK) for name, start, end in hours)
    known = with_plan(Calendar("default"), NewPlan(date(2000, 1, 1), weekly), "ada", MORNING, zone)
    start, end = bounds(day, zone)
    facts = [fact for key, fact in facts_in(zone, [a_session(start, end)]).items() if key.day == day]
    sums = {
        shift.name: of_shift(shift, facts).time.run // 60_000
        for shift in shifts_of(day, planned_shifts(known, (start, end), zone), zone)
    }
    assert sums == {"early": 480, "late": 480, None: minutes - 960}
