"""Rollups are read by time, page by page, across the ends of months."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from chalicelib import settings
from chalicelib.domain.errors import BadCursor
from chalicelib.domain.machines.machines import MachineNotFound
from chalicelib.domain.markers import MachineHour
from chalicelib.domain.people.users import Actor, Role
from chalicelib.services.machines import rollups
from chalicelib.services.machines.ingest import ingest
from chalicelib.services.machines.rollups import RollupFilters
from tests.conftest import SetClock
from tests.floor import HOUR, MORNING
from tests.machines import arrived, install, message, part, watched

pytestmark = pytest.mark.usefixtures("table", "set_clock")

SEVEN = datetime(2026, 1, 5, 7, tzinfo=UTC)
PLANNER = Actor("default", "p1", Role.PLANNER)


def hours_of(filters: RollupFilters, limit: int = 100) -> list[list[datetime]]:
    """The hours of a list, page by page."""
    pages, cursor = [], None
    while True:
        found = rollups.page(PLANNER, filters, limit=limit, cursor=cursor)
        pages.append([each.hour for each in found.items])
        cursor = found.next_cursor
        if cursor is None:
            return pages


@pytest.fixture
def history(table: None, set_clock: SetClock) -> list[datetime]:
    """Rolled up hours around two ends of a month, with nothing in December."""
    install("M1")
    hours = [datetime(2025, 10, 31, 22, tzinfo=UTC) + n * HOUR for n in range(4)] + [SEVEN - HOUR, SEVEN]
    for hour in hours:
        both = part(at=hour.isoformat(), sensor="a"), part(at=hour.isoformat(), sensor="b", type="custom")
        ingest(arrived(message("M1", *both)))
        rollups.remake("default", MachineHour("M1", hour), hour)
    return hours


def everything(**fields: Any) -> RollupFilters:
    return RollupFilters("M1", since=datetime(2025, 10, 1, tzinfo=UTC), until=MORNING, **fields)


def test_rollups_come_in_order_of_time_a_month_a_page(history: list[datetime]) -> None:
    only_a = everything(sensors=frozenset({"a"}))
    assert hours_of(only_a) == [history[:2], history[2:4], history[4:]]


def test_a_page_is_one_query_and_one_for_each_month_passed_over(history: list[datetime]) -> None:
    def cost(since: datetime, until: datetime = MORNING) -> tuple[list[str], int]:
        settings.signing_keys()  # they are known once a token was checked
        with watched() as called:
            found = rollups.page(PLANNER, RollupFilters("M1", since=since, until=until), limit=100, cursor=None)
        return called, len(found.items)

    assert cost(history[0]) == (["Query"], 4)
    assert cost(datetime(2025, 12, 1, tzinfo=UTC)) == (["Query"] * 2, 4)
    assert cost(datetime(2000, 1, 1, tzinfo=UTC)) == (["Query"] * 12, 0)
    assert cost(history[0], history[0] + HOUR) == (["Query"], 2)


@pytest.mark.usefixtures("history")
def test_a_list_that_passes_over_years_still_comes_to_its_end() -> None:
    filters = RollupFilters("M1", since=datetime(2020, 1, 1, tzinfo=UTC), until=MORNING)
    assert sum(len(page) for page in hours_of(filters)) == 12


def test_pages_within_a_month_hold_what_was_asked_for_and_lose_nothing(history: list[datetime]) -> None:
    pages = hours_of(everything(), limit=3)
    assert max(map(len, pages)) == 3
    assert sorted(hour for page in pages for hour in page) == sorted(history * 2)


def test_filters_choose_sensors_and_types(history: list[datetime]) -> None:
    def counted(**fields: Any) -> int:
        return sum(len(page) for page in hours_of(everything(**fields)))

    assert counted(types=frozenset({"custom"})) == counted(sensors=frozenset({"b"})) == len(history)
    assert counted(sensors=frozenset({"a"}), types=frozenset({"custom"})) == 0
    assert counted(sensors=frozenset({"a", "b"})) == 2 * len(history)


@pytest.mark.parametrize(
    ("since", "until", "expected"),
    [
        (SEVEN, SEVEN + HOUR, [SEVEN]),
        (SEVEN - timedelta(milliseconds=1), SEVEN, [SEVEN - HOUR]),
        (SEVEN, SEVEN, []),
        (SEVEN + timedelta(minutes=59), SEVEN + timedelta(minutes=60, milliseconds=1), [SEVEN]),
        (None, None, [SEVEN - HOUR, SEVEN]),
        (None, SEVEN, [SEVEN - HOUR]),
        (SEVEN, datetime(9999, 12, 31, 23, 59, tzinfo=UTC), [SEVEN]),
        (None, datetime(1, 1, 1, tzinfo=UTC), []),
        (datetime(9999, 12, 31, tzinfo=UTC), datetime(9999, 12, 31, 23, 59, tzinfo=UTC), []),
    ],
)
@pytest.mark.usefixtures("history")
def test_a_window_holds_the_hours_that_have_a_part_in_it(
    since: datetime | None, until: datetime | None, expected: list[datetime]
) -> None:
    filters = RollupFilters("M1", frozenset({"a"}), since=since, until=until)
    assert [hour for page in hours_of(filters) for hour in page] == expected


@pytest.mark.usefixtures("history")
def test_a_cursor_belongs_to_its_list() -> None:
    inside = rollups.page(PLANNER, everything(), limit=3, cursor=None).next_cursor
    at_the_end = rollups.page(PLANNER, everything(), limit=100, cursor=None).next_cursor
    assert inside
    assert at_the_end
    for cursor in (inside, at_the_end):
        with pytest.raises(BadCursor):
            rollups.page(PLANNER, everything(sensors=frozenset({"a"})), limit=3, cursor=cursor)
    for cursor in ("", "x", "2025-10", "2025-10.0123456789abcdef.", inside[:-2], at_the_end[:-2]):
        with pytest.raises(BadCursor):
            rollups.page(PLANNER, everything(), limit=3, cursor=cursor or "-")


def test_rollups_of_an_unknown_machine_are_not_found_and_of_a_silent_one_none() -> None:
    install("M1")
    with pytest.raises(MachineNotFound):
        rollups.page(PLANNER, RollupFilters("M2"), limit=3, cursor=None)
    assert hours_of(RollupFilters("M1"))[0] == []


@pytest.mark.usefixtures("history")
@pytest.mark.parametrize("until", [SEVEN, SEVEN - HOUR])
def test_a_window_of_no_length_asks_nothing_of_the_table(until: datetime) -> None:
    hours_of(everything())  # the machine is known now
    with watched() as called:
        assert hours_of(RollupFilters("M1", since=SEVEN, until=until)) == [[]]
    assert called == []


def test_without_a_window_the_last_31_days_up_to_the_end_of_today_are_meant() -> None:
    end = datetime(2026, 1, 6, tzinfo=UTC)
    assert RollupFilters("M1").hours(SEVEN) == (end - timedelta(days=31), end)
    assert RollupFilters("M1").hours(end - timedelta(microseconds=1)) == (end - timedelta(days=31), end)
