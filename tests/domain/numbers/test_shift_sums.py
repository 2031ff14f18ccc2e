"""Days by shifts: whatever the shifts are, they and the time outside add up to the days."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.intervals import bounds
from chalicelib.domain.numbers.calendars import Calendar, NewPlan, planned_shifts, with_plan
from chalicelib.domain.numbers.day_facts import Fact, OrderFact, SessionFact, StageFact
from chalicelib.domain.numbers.day_sums import DaySums, summed
from chalicelib.domain.numbers.running_sums import combined
from chalicelib.domain.numbers.shift_sums import ShiftOfDay, of_shift, shifts_of
from chalicelib.domain.numbers.working_hours import WEEK, SpecialDay, WeeklyShift
from chalicelib.domain.orders.session_records import SessionKind
from tests.domain.builders import HOUR, MINUTE, MORNING

ZONE = "Europe/Istanbul"
MONDAY = date(2026, 1, 5)
NONE, ONE = Decimal(0), Decimal(1)


def calendar(*hours: tuple[str, str, str], holiday: date | None = None) -> Calendar:
    shifts = tuple(WeeklyShift(name, start, end, days=WEEK) for name, start, end in hours)
    special = (SpecialDay(holiday),) if holiday else ()
    return with_plan(Calendar("default"), NewPlan(date(2020, 1, 1), shifts, special), "ada", MORNING, ZONE)


def shifts_on(day: date, known: Calendar, zone: str = ZONE) -> list[ShiftOfDay]:
    return shifts_of(day, planned_shifts(known, bounds(day, zone), zone), zone)


THREE = calendar(("early", "06:00", "14:00"), ("late", "14:00", "22:00"), ("night", "22:00", "06:00"))
TWO = calendar(("day", "08:00", "17:00"), ("night", "20:30", "04:30"), holiday=MONDAY)


def session(start: int, length: int, **fields: object) -> SessionFact:
    at = MORNING + start * MINUTE
    return SessionFact(at, at + length * MINUTE, SessionKind.RUN, groups=(), **fields)  # type: ignore[arg-type]


def test_a_session_is_cut_at_the_change_of_shifts_and_its_pieces_count_at_its_end() -> None:
    # 14:00 in Istanbul is three hours after this morning.
    fact = session(150, 60, good=ONE, scrap={"a": ONE}, pause_reason="b", paused=5)
    early, late, night = (of_shift(shift, [fact]) for shift in shifts_on(MONDAY, THREE))
    assert (early.time.run, late.time.run, night) == (30 * 60_000, 30 * 60_000, DaySums())
    assert (early.time.pieces, late.time.pieces) == (NONE, ONE)
    assert (early.time.paused_by_reason, late.time.paused_by_reason) == ({}, {"b": 5})
    assert (early.time.pauses_by_reason, late.time.pauses_by_reason) == ({}, {"b": 1})
    assert (early.time.scrap_by_reason, late.time.scrap_by_reason) == ({}, {"a": ONE})


def test_what_ends_at_the_end_of_a_shift_counts_in_the_next_one() -> None:
    at = MORNING + 3 * HOUR
    facts: list[Fact] = [
        session(120, 60, good=ONE),
        StageFact(1, 1, 1, 1, late=False, good=ONE, scrap=ONE, rework=ONE, groups=(), ended_at=at),
        OrderFact(1, late=False, groups=(), ended_at=at),
    ]
    early, late, _ = (of_shift(shift, facts) for shift in shifts_on(MONDAY, THREE))
    assert (early.time.run, early.time.pieces, early.stages.done, early.orders.done) == (60 * 60_000, NONE, 0, 0)
    assert (late.time.run, late.time.pieces, late.stages.done, late.orders.done) == (0, ONE, 1, 1)


def test_a_session_over_a_whole_shift_fills_it() -> None:
    sums = [of_shift(shift, [session(-600, 3_000)]) for shift in shifts_on(MONDAY, THREE)]
    assert [each.time.run for each in sums] == [8 * 3_600_000] * 3


def test_a_holiday_is_outside_every_shift_but_the_night_before_goes_on() -> None:
    (outside,) = shifts_on(MONDAY, TWO)
    start, end = bounds(MONDAY, ZONE)
    assert (outside.name, outside.spans) == (None, ((start + 4 * HOUR + 30 * MINUTE, end),))


def test_without_a_calendar_all_time_is_outside() -> None:
    (outside,) = shifts_on(MONDAY, Calendar("default"))
    assert outside.spans == (bounds(MONDAY, ZONE),) == (outside.window,)


def test_shifts_of_one_name_on_a_day_are_one() -> None:
    known = calendar(("day", "08:00", "12:00"), ("day", "13:00", "17:00"))
    day, outside = shifts_on(MONDAY, known)
    assert (day.name, len(day.spans), len(outside.spans)) == ("day", 2, 3)
    assert day.window[1] - day.window[0] == 9 * HOUR


def test_a_shift_whose_hours_are_left_out_by_the_clock_has_no_time() -> None:
    known = calendar(("short", "02:30", "03:15"))
    assert [shift.name for shift in shifts_on(date(2026, 3, 29), known, "Europe/Berlin")] == [None]
    assert [shift.name for shift in shifts_on(date(2026, 3, 30), known, "Europe/Berlin")] == ["short", None]


sessions = st.builds(
    session,
    st.integers(-600, 2_000),
    st.integers(0, 2_500),
    good=st.integers(0, 9).map(Decimal),
    pause_reason=st.none() | st.just("a"),
    is_last=st.booleans(),
)
ends = st.integers(-600, 4_000).map(lambda minute: MORNING + minute * MINUTE)
orders = st.builds(OrderFact, st.integers(0, 9), st.booleans(), groups=st.just(()), ended_at=ends)


@pytest.mark.parametrize("known", [THREE, TWO, Calendar("default")], ids=["three", "two", "none"])
@given(facts=st.lists(sessions | orders, max_size=6))
def test_the_shifts_of_days_and_the_time_outside_add_up_to_everything(known: Calendar, facts: list[Fact]) -> None:
    days = [MONDAY + timedelta(days=n) for n in range(-3, 6)]
    parts = [of_shift(shift, facts) for day in days for shift in shifts_on(day, known)]
    total = DaySums()
    for part in parts:
        total = combined(total, part, 1)
    whole = summed(facts)
    assert (total.orders, total.stages) == (whole.orders, whole.stages)
    assert total.time == whole.time
