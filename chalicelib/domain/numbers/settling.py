"""Settling: the days that a change affects, and the days whose numbers are not final yet."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from chalicelib.domain import intervals
from chalicelib.domain.intervals import Interval
from chalicelib.domain.markers import Marker
from chalicelib.domain.orders.session_records import Session
from chalicelib.domain.orders.work_orders import Order


@dataclass(frozen=True)
class Waiting:
    """What can still change a plant's numbers: open sessions, and changes that are not aggregated yet.

    `open_since` is the start of the earliest open session. With `more`, there are waiting markers that were not read.
    """

    open_since: datetime | None = None
    markers: tuple[Marker, ...] = ()
    more: bool = False

    def touches(self, day: date, timezone: str) -> bool:
        """Whether the numbers of a local day can still change."""
        if self.more or (self.open_since is not None and intervals.local_day(self.open_since, timezone) <= day):
            return True
        return any(_concerns(marker, day, timezone) for marker in self.markers)


def touched(before: Order, after: Order, sessions: Sequence[Session]) -> Interval | None:
    """The first and the last instant whose days an order's change may affect; None if it affects no day.

    `sessions` are those that the change closed, booked or corrected.
    """
    instants = [*_of_sessions(before, sessions), *_of_ends(before, after)]
    return (min(instants), max(instants)) if instants else None


def _of_sessions(before: Order, sessions: Iterable[Session]) -> Iterator[datetime]:
    """The starts and ends of these sessions. For a correction, also the stage's first start and last end.

    The corrected session lies between them.
    """
    for session in sessions:
        yield from (session.started_at, session.ended_at)
        if session.corrects is not None:
            stage = before.stage(session.stage_id)
            yield from (each for each in (stage.started_at, stage.last_session_end) if each is not None)


def _of_ends(before: Order, after: Order) -> Iterator[datetime]:
    """The ends of the changed stages and of the order, before and after the change."""
    for was, now in zip(before.stages, after.stages, strict=True):
        if was != now:
            yield from (each.ended_at for each in (was, now) if each.ended_at is not None)
    yield from (each.ended_at for each in (before, after) if each.ended_at is not None)


def _concerns(marker: Marker, day: date, timezone: str) -> bool:
    """Whether a marker's work may change a day. A marker that cannot be read may change every day."""
    if marker.unreadable is not None or day in marker.days:
        return True
    if marker.touched is None:
        return False
    first, last = (intervals.local_day(instant, timezone) for instant in marker.touched)
    return first <= day <= last
