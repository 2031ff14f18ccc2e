"""Intervals of time, half-open. Run time is the union of sessions, labour time the sum of their lengths."""

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import TypeVar
from zoneinfo import ZoneInfo

from chalicelib.domain.errors import BadParameter, FieldError
from chalicelib.domain.sentences import say

Interval = tuple[datetime, datetime]
"""A start, which is included, and an end, which is not."""

OpenInterval = tuple[datetime | None, datetime | None]
"""An interval whose start or end may be open (None)."""

Moment = TypeVar("Moment", datetime, int)
"""A point of time: an instant, or a number of milliseconds."""


def merged(intervals: Iterable[tuple[Moment, Moment]]) -> list[tuple[Moment, Moment]]:
    """The times that at least one of the intervals covers, as intervals that do not touch each other, by start."""
    covered: list[tuple[Moment, Moment]] = []
    for start, end in sorted(each for each in intervals if each[0] < each[1]):
        if covered and start <= covered[-1][1]:
            covered[-1] = (covered[-1][0], max(covered[-1][1], end))
        else:
            covered.append((start, end))
    return covered


def union(intervals: Iterable[Interval]) -> timedelta:
    """The length of time that at least one of the intervals covers."""
    return total(merged(intervals))


def total(intervals: Iterable[Interval]) -> timedelta:
    """The sum of the intervals' lengths."""
    return sum((end - start for start, end in intervals), timedelta(0))


def gaps(whole: Interval, covered: Iterable[Interval]) -> list[Interval]:
    """The parts of a time that none of the intervals covers, by start."""
    found, (cursor, end) = [], whole
    for begin, until in merged(covered):
        if cursor < min(begin, end):
            found.append((cursor, min(begin, end)))
        cursor = max(cursor, until)
    return [*found, (cursor, end)] if cursor < end else found


def shared(ones: Iterable[Interval], others: Iterable[Interval]) -> timedelta:
    """The length of time that both cover: what one covers, and the other, less what at least one covers."""
    some, more = list(ones), list(others)
    return union(some) + union(more) - union([*some, *more])


def local_day(instant: datetime, timezone: str) -> date:
    """The local day of an instant in the plant's time zone."""
    return instant.astimezone(ZoneInfo(timezone)).date()


def bounds(day: date, timezone: str) -> Interval:
    """The start and end of a local day. They are 23 or 25 hours apart when the clocks change."""
    zone = ZoneInfo(timezone)
    # In UTC, because Python subtracts two times of one zone by their local clock readings.
    midnight, next_midnight = (
        datetime.combine(local_date, time(), zone).astimezone(UTC) for local_date in (day, day + timedelta(days=1))
    )
    return midnight, next_midnight


def by_day(interval: Interval, timezone: str) -> Iterator[tuple[date, Interval]]:
    """Cut an interval into the local days it touches. An interval of no length belongs to the day of its instant."""
    start, end = interval
    day = local_day(start, timezone)
    while True:
        midnight, next_midnight = bounds(day, timezone)
        yield day, (max(start, midnight), min(end, next_midnight))
        if end <= next_midnight:
            return
        day += timedelta(days=1)


def refuse_wrong_days(first: date, last: date, most: int | None = None) -> None:
    """Refuse a range of days, both included, whose first day is after its last, or that has too many days.

    Raises BadParameter.
    """
    if last < first or (most is not None and last - first >= timedelta(days=most)):
        if most is None:
            raise BadParameter(say("from must not be after to."))
        raise BadParameter(say("from must not be after to; the range may have at most {most} days.", most=most))


def empty(window: Interval, field: str = "") -> list[FieldError]:
    """The field error of a planned window that has no length. `field` is the prefix of its field names."""
    start, end = window
    return (
        [FieldError(f"{field}planned_end", say("must be after planned_start"), "after_start")] if end <= start else []
    )


def outside(window: Interval, order: Interval, field: str = "") -> list[FieldError]:
    """The field errors of a stage's window outside its order's window. `field` is the prefix of the field names."""
    errors = []
    if window[0] < order[0]:
        message = say("must not be before the order's planned_start")
        errors.append(FieldError(f"{field}planned_start", message, "outside_order"))
    if window[1] > order[1]:
        message = say("must not be after the order's planned_end")
        errors.append(FieldError(f"{field}planned_end", message, "outside_order"))
    return errors
