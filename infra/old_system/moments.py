"""Times of the old system. They have no zone: some are UTC, plans are the clock on the wall of the plant."""

from datetime import UTC, datetime, tzinfo
from typing import NamedTuple
from zoneinfo import ZoneInfo

from chalicelib.domain.instants import truncated
from infra.old_system.tables import Value

YEARS = range(1970, 2200)
NO_TIME = "{field} is no time that Takip knows: {value}."
TWICE = "{field} {value} came twice that night, because the clocks went back. Takip takes the first."
NEVER = "{field} {value} was never on the clock, because it went forward that night. Takip takes the time after it."


class Moment(NamedTuple):
    """An instant in UTC, in whole milliseconds; None if there is none. `doubt` says what is wrong with it."""

    at: datetime | None
    doubt: str | None = None


def in_utc(field: str, value: Value) -> Moment:
    """A time that the old system wrote itself, which it did in UTC."""
    return _in(UTC, field, value)


def on_the_wall(field: str, value: Value, zone: ZoneInfo) -> Moment:
    """A time that a client sent to the old system: the wall clock of the plant.

    A wall clock shows an hour twice when the clocks go back, and jumps over one when they go forward.
    """
    return _in(zone, field, value)


def _in(zone: tzinfo, field: str, value: Value) -> Moment:
    if value is None:
        return Moment(None)
    unreadable = Moment(None, NO_TIME.format(field=field, value=value))
    try:
        told = datetime.fromisoformat(str(value))
        aware = told if told.tzinfo else told.replace(tzinfo=zone)
        at = truncated(aware)
    except ValueError:
        return unreadable
    if at.year not in YEARS:
        return unreadable
    doubt = None if told.tzinfo else _doubt(aware)
    return Moment(at, doubt and doubt.format(field=field, value=value))


def _doubt(aware: datetime) -> str | None:
    """What is wrong with a time of a wall clock that was changed that night."""
    first, second = (aware.replace(fold=fold).utcoffset() for fold in (0, 1))
    if first == second:
        return None
    there = aware.astimezone(UTC).astimezone(aware.tzinfo).replace(tzinfo=None) == aware.replace(tzinfo=None)
    return TWICE if there else NEVER
