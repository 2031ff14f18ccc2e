"""Intervals of time: half-open, clipped, merged. Run time is a union of sessions, labour time their sum."""

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from chalicelib.domain.errors import FieldError

Interval = tuple[datetime, datetime]
"""From one instant to before another."""

OpenInterval = tuple[datetime | None, datetime | None]
"""An interval that may have no beginning or no end."""


def union(intervals: Iterable[Interval]) -> timedelta:
    """The length of time that at least one of the intervals covers."""
    covered, until = timedelta(0), None
    for start, end in sorted(intervals):
        uncovered_from = start if until is None else max(start, until)
        until = max(uncovered_from, end)
        covered += until - uncovered_from
    return covered


def total(intervals: Iterable[Interval]) -> timedelta:
    """The sum of the intervals' lengths."""
    return sum((end - start for start, end in intervals), timedelta(0))


def local_day(instant: datetime, timezone: str) -> date:
    """The day of an instant where the plant is."""
    return instant.astimezone(ZoneInfo(timezone)).date()


def bounds(day: date, timezone: str) -> Interval:
    """The instants at which a local day begins and ends; 23 or 25 hours apart where the clocks change."""
    zone = ZoneInfo(timezone)
    # In UTC, for Python takes two times of one zone apart by what their clocks showed.
    midnight, next_midnight = (
        datetime.combine(each, time(), zone).astimezone(UTC) for each in (day, day + timedelta(days=1))
    )
    return midnight, next_midnight


def by_day(interval: Interval, timezone: str) -> Iterator[tuple[date, Interval]]:
    """Cut an interval into the local days it touches; one of no length belongs to the day of its instant."""
    start, end = interval
    day = local_day(start, timezone)
    while True:
        midnight, next_midnight = bounds(day, timezone)
        yield day, (max(start, midnight), min(end, next_midnight))
        if end <= next_midnight:
            return
        day += timedelta(days=1)


def empty(window: Interval, field: str = "") -> list[FieldError]:
    """Judge a planned start and end: the interval must have a length. `field` is what its fields begin with."""
    start, end = window
    return [FieldError(f"{field}planned_end", "must be after planned_start", "after_start")] if end <= start else []


def outside(window: Interval, order: Interval, field: str = "", whose: str = "") -> list[FieldError]:
    """Judge the window of a stage against its order's; `whose` begins the message where the field does not tell."""
    errors = []
    if window[0] < order[0]:
        message = f"{whose}must not be before the order's planned_start"
        errors.append(FieldError(f"{field}planned_start", message, "outside_order"))
    if window[1] > order[1]:
        message = f"{whose}must not be after the order's planned_end"
        errors.append(FieldError(f"{field}planned_end", message, "outside_order"))
    return errors
