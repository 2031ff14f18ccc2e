"""The only module that reads the time, so that a test can set it; and doing things while there is time."""

from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import takewhile
from typing import TypeVar

from chalicelib.domain.instants import truncated

Thing = TypeVar("Thing")

TimeLeft = Callable[[], timedelta]
"""How much time is left, whenever it is asked."""


def now() -> datetime:
    """The present instant: with time zone UTC, in whole milliseconds."""
    return truncated(datetime.now(UTC))


def in_time(things: Iterable[Thing], time_left: TimeLeft, enough: timedelta) -> Iterator[Thing]:
    """The things, one after the other, as long as more time is left than is enough for one."""
    return takewhile(lambda _: time_left() > enough, things)
