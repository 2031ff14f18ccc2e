"""The only module that reads the time, so that a test can set it; waiting, and doing things while there is time."""

import time
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


def wait(span: timedelta) -> None:
    """Wait for so long; not at all for a span that is not positive."""
    time.sleep(max(0.0, span.total_seconds()))


def in_time(things: Iterable[Thing], time_left: TimeLeft, enough: timedelta) -> Iterator[Thing]:
    """The things, one after the other, as long as more time is left than is enough for one."""
    return takewhile(lambda _: time_left() > enough, things)
