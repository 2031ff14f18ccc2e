"""The shift of a board."""

from datetime import timedelta

from chalicelib.domain.boards.seen import shift_at
from chalicelib.domain.boards.state import Shift
from chalicelib.domain.numbers.calendars import Calendar, Plan
from chalicelib.domain.numbers.working_hours import WEEK, WeeklyShift
from tests.domain.builders import HOUR, MORNING

ZONE = "Europe/Istanbul"
DAY = Shift(MORNING - 11 * HOUR, MORNING + 13 * HOUR)


def calendar(start: str, end: str) -> Calendar:
    shift = WeeklyShift("s", start, end, days=WEEK)
    return Calendar("default", (Plan(MORNING.date() - timedelta(days=9), (shift,), (), MORNING, "pelin"),))


def test_the_board_shows_the_shift_of_now_and_outside_of_shifts_the_day() -> None:
    early = calendar("10:00", "12:00")
    assert shift_at(early, MORNING, ZONE) == Shift(MORNING - HOUR, MORNING + HOUR, "s")
    assert shift_at(early, MORNING + HOUR, ZONE) == DAY
    assert shift_at(None, MORNING, ZONE) == DAY


def test_a_shift_over_midnight_goes_on_after_it() -> None:
    night = calendar("22:00", "06:00")
    after_midnight = MORNING - 9 * HOUR
    assert shift_at(night, after_midnight, ZONE) == Shift(MORNING - 13 * HOUR, MORNING - 5 * HOUR, "s")
