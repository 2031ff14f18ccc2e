"""Shift calendars: planned shifts and busy time, over midnights, clock changes, holidays and changes of the plan."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.errors import InvalidFields
from chalicelib.domain.intervals import Interval, total
from chalicelib.domain.numbers.calendars import (
    MAX_BYTES,
    MOST_PLANS,
    Calendar,
    NewPlan,
    busy,
    planned_shifts,
    with_plan,
)
from chalicelib.domain.numbers.working_hours import Hours, Shift, SpecialDay, Weekday, WeeklyShift
from tests.floor import MORNING

ISTANBUL, BERLIN = "Europe/Istanbul", "Europe/Berlin"
EVERY_DAY, WORKDAYS = tuple(Weekday), tuple(Weekday)[:5]
EARLY = WeeklyShift("early", "06:00", "14:00", (Hours("09:00", "09:15"), Hours("12:00", "12:30")), days=WORKDAYS)
NIGHT = WeeklyShift("night", "22:00", "06:00", (Hours("23:45", "00:15"), Hours("02:00", "02:30")), days=WORKDAYS)
MONDAY = date(2026, 1, 5)
HOUR = timedelta(hours=1)


def calendar(
    *shifts: WeeklyShift, special_days: tuple[SpecialDay, ...] = (), since: date = date(2025, 1, 1)
) -> Calendar:
    return with_plan(Calendar("default"), NewPlan(since, shifts, special_days), "ada", MORNING, ISTANBUL)


def utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)  # type: ignore[misc,arg-type]


def hours(made: Calendar, window: Interval, timezone: str = ISTANBUL) -> timedelta:
    return total(busy(planned_shifts(made, window, timezone), window))


def test_a_shift_is_busy_without_its_breaks() -> None:
    window = utc(2026, 1, 5), utc(2026, 1, 6)
    (shift,) = planned_shifts(calendar(EARLY), window, ISTANBUL)
    assert (shift.day, shift.name, shift.span) == (MONDAY, "early", (utc(2026, 1, 5, 3), utc(2026, 1, 5, 11)))
    assert shift.breaks == ((utc(2026, 1, 5, 6), utc(2026, 1, 5, 6, 15)), (utc(2026, 1, 5, 9), utc(2026, 1, 5, 9, 30)))
    assert hours(calendar(EARLY), window) == timedelta(hours=7, minutes=15)
    assert hours(calendar(EARLY), (utc(2026, 1, 5, 6, 5), utc(2026, 1, 5, 7))) == timedelta(minutes=45)


def test_a_night_belongs_to_the_day_on_which_it_begins() -> None:
    friday = utc(2026, 1, 9, 12), utc(2026, 1, 12)
    (shift,) = planned_shifts(calendar(NIGHT), friday, ISTANBUL)
    assert (shift.day, shift.span) == (date(2026, 1, 9), (utc(2026, 1, 9, 19), utc(2026, 1, 10, 3)))
    assert hours(calendar(NIGHT), friday) == timedelta(hours=7)
    after_midnight = utc(2026, 1, 9, 22), utc(2026, 1, 10, 12)
    assert hours(calendar(NIGHT), after_midnight) == timedelta(hours=4, minutes=30)


def test_a_holiday_has_no_shifts_and_a_special_day_its_own() -> None:
    half = Shift("half", "08:00", "12:00")
    days = SpecialDay(MONDAY, "New year"), SpecialDay(date(2026, 1, 10), shifts=(half,))
    week = utc(2026, 1, 4, 21), utc(2026, 1, 11, 21)
    names = [shift.name for shift in planned_shifts(calendar(EARLY, special_days=days), week, ISTANBUL)]
    assert names == ["early"] * 4 + ["half"]


def test_a_night_ends_where_a_special_day_or_another_plan_begins() -> None:
    special = SpecialDay(date(2026, 1, 6), shifts=(Shift("extra", "02:15", "10:00"),))
    window = utc(2026, 1, 5, 21), utc(2026, 1, 6, 21)
    early = WeeklyShift("early", "05:00", "13:00", days=WORKDAYS)
    another = with_plan(calendar(NIGHT), NewPlan(date(2026, 1, 6), (early,)), "ada", MORNING, ISTANBUL)
    for made, begins, breaks in (
        (calendar(NIGHT, special_days=(special,)), utc(2026, 1, 5, 23, 15), [(15, 45), (150, 165)]),
        (another, utc(2026, 1, 6, 2), [(15, 45), (150, 180)]),
    ):
        night, following = list(planned_shifts(made, window, ISTANBUL))[:2]
        assert (night.name, night.day, night.span[1], following.span[0]) == ("night", MONDAY, begins, begins)
        # A break lies in its shift. These are minutes after 23:30 in Istanbul.
        at = utc(2026, 1, 5, 20, 30)
        assert night.breaks == tuple((at + a * timedelta(minutes=1), at + b * timedelta(minutes=1)) for a, b in breaks)
    # It is so whichever day is asked for.
    monday = (utc(2026, 1, 4, 21), utc(2026, 1, 5, 21))
    assert list(planned_shifts(another, monday, ISTANBUL))[-1].span[1] == utc(2026, 1, 6, 2)
    early_special = SpecialDay(date(2026, 1, 6), shifts=(Shift("extra", "01:00", "10:00"),))
    short = next(planned_shifts(calendar(NIGHT, special_days=(early_special,)), window, ISTANBUL))
    assert len(short.breaks) == 1


@pytest.mark.parametrize(("day", "length"), [(date(2026, 3, 28), 7), (date(2026, 10, 24), 9)])
def test_a_night_of_a_clock_change_is_shorter_or_longer(day: date, length: int) -> None:
    night = WeeklyShift("night", "22:00", "06:00", days=EVERY_DAY)
    begins = datetime(day.year, day.month, day.day, 12, tzinfo=UTC)
    assert hours(calendar(night), (begins, begins + 24 * HOUR), BERLIN) == length * HOUR


def test_shifts_around_the_clock_cover_all_time_whatever_the_clocks_do() -> None:
    around = (
        WeeklyShift("a", "06:00", "14:00", days=EVERY_DAY),
        WeeklyShift("b", "14:00", "22:00", days=EVERY_DAY),
    )
    made = calendar(*around, WeeklyShift("c", "22:00", "06:00", days=EVERY_DAY))
    for zone in (BERLIN, "Asia/Beirut", "Australia/Lord_Howe"):
        assert hours(made, (utc(2026, 1, 1), utc(2027, 1, 1)), zone) == timedelta(days=365)


def test_the_past_keeps_its_calendar() -> None:
    made = calendar(EARLY)
    today = MORNING.date()
    later = with_plan(made, NewPlan(today, (NIGHT,)), "ada", MORNING, ISTANBUL)
    assert [plan.valid_from for plan in later.plans] == [date(2025, 1, 1), today]
    sunday = (utc(2026, 1, 1), utc(2026, 1, 4))
    assert hours(later, sunday) == hours(made, sunday)
    assert {shift.name for shift in planned_shifts(later, (MORNING, MORNING + 48 * HOUR), ISTANBUL)} == {"night"}
    again = with_plan(later, NewPlan(today, ()), "ada", MORNING, ISTANBUL)
    assert (len(again.plans), hours(again, (MORNING + 24 * HOUR, MORNING + 48 * HOUR))) == (2, timedelta(0))
    with pytest.raises(InvalidFields) as refused:
        with_plan(made, NewPlan(today - timedelta(days=1), ()), "ada", MORNING, ISTANBUL)
    assert [error.code for error in refused.value.errors] == ["past"]
    assert list(planned_shifts(made, (utc(2024, 1, 1), utc(2024, 2, 1)), ISTANBUL)) == []


@pytest.mark.parametrize(
    ("shifts", "special_days", "wrong"),
    [
        ((EARLY, WeeklyShift("late", "13:59", "22:00", days=WORKDAYS)), (), ("shifts", "overlap")),
        ((NIGHT, WeeklyShift("early", "05:00", "06:00", days=WORKDAYS)), (), ("shifts", "overlap")),
        (
            (
                WeeklyShift("a", "20:00", "04:00", days=(Weekday.SUN,)),
                WeeklyShift("b", "03:00", "05:00", days=(Weekday.MON,)),
            ),
            (),
            ("shifts", "overlap"),
        ),
        ((WeeklyShift("a", "08:00", "12:00", days=(Weekday.MON, Weekday.MON)),), (), ("shifts", "overlap")),
        (
            (WeeklyShift("a", "08:00", "12:00", (Hours("11:45", "12:15"),), days=WORKDAYS),),
            (),
            ("shifts[0].breaks", "outside_shift"),
        ),
        (
            (WeeklyShift("a", "08:00", "12:00", (Hours("07:00", "07:15"),), days=WORKDAYS),),
            (),
            ("shifts[0].breaks", "outside_shift"),
        ),
        (
            (WeeklyShift("a", "08:00", "12:00", (Hours("09:00", "09:30"), Hours("09:15", "09:45")), days=WORKDAYS),),
            (),
            ("shifts[0].breaks", "overlap"),
        ),
        ((), (SpecialDay(MONDAY), SpecialDay(MONDAY)), ("special_days[1].date", "duplicate")),
        (
            (),
            (SpecialDay(MONDAY, shifts=(Shift("a", "08:00", "12:00"), Shift("b", "11:00", "13:00"))),),
            ("special_days[0].shifts", "overlap"),
        ),
    ],
)
def test_a_plan_has_no_overlaps_and_its_breaks_lie_in_its_shifts(
    shifts: tuple[WeeklyShift, ...], special_days: tuple[SpecialDay, ...], wrong: tuple[str, str]
) -> None:
    with pytest.raises(InvalidFields) as refused:
        calendar(*shifts, special_days=special_days)
    assert [(error.field, error.code) for error in refused.value.errors] == [wrong]


def test_shifts_that_touch_do_not_overlap() -> None:
    made = calendar(EARLY, WeeklyShift("day and night", "14:00", "06:00", days=WORKDAYS))
    assert len(made.plans) == 1
    assert calendar(WeeklyShift("all", "00:00", "00:00", days=EVERY_DAY)).plans[0].shifts[0].minutes == (0, 1440)


def test_a_calendar_has_bounds() -> None:
    made = calendar(EARLY)
    for n in range(1, MOST_PLANS):
        made = with_plan(made, NewPlan(MONDAY + timedelta(days=n), ()), "ada", MORNING, ISTANBUL)
    with pytest.raises(InvalidFields) as refused:
        with_plan(made, NewPlan(MONDAY + timedelta(days=MOST_PLANS), ()), "ada", MORNING, ISTANBUL)
    assert [error.code for error in refused.value.errors] == ["too_many"]
    shift = Shift("n" * 60, "00:00", "01:00", tuple(Hours(f"00:{n}0", f"00:{n}5") for n in range(6)))
    hours_of_day = tuple(Shift(shift.name, f"{n:02d}:00", f"{n + 1:02d}:00") for n in range(6))
    full = tuple(SpecialDay(MONDAY + timedelta(days=n), "n" * 60, hours_of_day) for n in range(MAX_BYTES // 600))
    with pytest.raises(InvalidFields) as refused:
        calendar(special_days=full)
    assert [(error.field, error.code) for error in refused.value.errors] == [("special_days", "too_large")]


instants = st.datetimes(datetime(2025, 12, 1), datetime(2026, 4, 15), timezones=st.just(UTC))  # noqa: DTZ001


@given(st.lists(instants, min_size=3, max_size=3), st.sampled_from([ISTANBUL, BERLIN, "Australia/Lord_Howe"]))
def test_the_parts_of_a_window_add_up_to_the_whole(cuts: list[datetime], zone: str) -> None:
    start, middle, end = sorted(cuts)
    made = calendar(EARLY, NIGHT, special_days=(SpecialDay(MONDAY),))
    parts = hours(made, (start, middle), zone) + hours(made, (middle, end), zone)
    assert parts == hours(made, (start, end), zone)
