"""Which days still wait."""

from datetime import date

import pytest

from chalicelib.domain.markers import MachineHour, Marker
from chalicelib.domain.numbers.settling import Waiting
from tests.domain.builders import DAY, MORNING, clock

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
