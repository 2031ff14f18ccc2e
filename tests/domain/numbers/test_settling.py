"""Which days a change touches, and which days still wait."""

from dataclasses import replace
from datetime import date

import pytest

from chalicelib.domain.markers import MachineHour, Marker
from chalicelib.domain.numbers.settling import Waiting, touched
from tests.domain.builders import DAY, HOUR, MORNING, SECOND, a_session, an_order, clock, finished, in_progress, paused

ZONE = "Europe/Istanbul"
MIDNIGHT = clock(21)  # there
SUNDAY, MONDAY, TUESDAY, WEDNESDAY = (date(2026, 1, day) for day in (4, 5, 6, 7))
DAYS = (SUNDAY, MONDAY, TUESDAY, WEDNESDAY)


def waits(waiting: Waiting) -> list[date]:
    return [day for day in DAYS if waiting.touches(day, ZONE)]


def test_where_nothing_waits_every_day_is_settled() -> None:
    assert waits(Waiting()) == []


def test_an_open_session_keeps_its_day_and_all_that_follow_waiting() -> None:
    assert waits(Waiting(open_since=MORNING)) == [MONDAY, TUESDAY, WEDNESDAY]
    assert waits(Waiting(open_since=MIDNIGHT)) == [TUESDAY, WEDNESDAY]


@pytest.mark.parametrize(
    ("marker", "days"),
    [
        (Marker("m", "t", days=(MONDAY, WEDNESDAY)), [MONDAY, WEDNESDAY]),
        (Marker("m", "t", order_ids=("o",), touched=(MORNING, MORNING + DAY)), [MONDAY, TUESDAY]),
        (Marker("m", "t", order_ids=("o",), touched=(MORNING, MIDNIGHT)), [MONDAY, TUESDAY]),
        (Marker("m", "t", order_ids=("o",)), []),
        (Marker("m", "t", machine_hours=(MachineHour("M1", MORNING),)), []),
        (Marker("m", "", unreadable="nonsense"), list(DAYS)),
    ],
)
def test_a_marker_keeps_the_days_waiting_that_it_may_change(marker: Marker, days: list[date]) -> None:
    assert waits(Waiting(markers=(marker,))) == days


def test_where_more_waits_than_was_read_every_day_may_change() -> None:
    assert waits(Waiting(more=True)) == list(DAYS)


def test_a_change_touches_its_sessions() -> None:
    order = an_order(in_progress())
    sessions = [a_session(MORNING, MORNING + HOUR), a_session(MORNING - HOUR, MORNING)]
    assert touched(order, order, sessions) == (MORNING - HOUR, MORNING + HOUR)
    assert touched(order, order, []) is None


def test_a_correction_touches_all_that_the_corrected_one_may_have_been() -> None:
    correction = replace(a_session(MORNING + HOUR, MORNING + 2 * HOUR), corrects="s")
    worked = an_order(paused(started_at=MORNING, last_session_end=MORNING + DAY))
    assert touched(worked, worked, [correction]) == (MORNING, MORNING + DAY)


def test_an_end_that_comes_goes_or_moves_touches_its_day() -> None:
    open_, ended = an_order(paused()), an_order(finished(ended_at=MORNING + DAY))
    assert touched(open_, ended, []) == touched(ended, open_, []) == (MORNING + DAY, MORNING + DAY)
    moved = an_order(finished(ended_at=MORNING + 2 * DAY))
    assert touched(ended, moved, []) == (MORNING + DAY, MORNING + 2 * DAY)


def test_a_stage_that_ended_and_did_not_change_is_not_touched() -> None:
    first = finished(ended_at=MORNING - DAY)
    before, after = (an_order(first, paused(position=2, id=SECOND, good=good)) for good in (1, 2))
    assert touched(before, after, []) is None
