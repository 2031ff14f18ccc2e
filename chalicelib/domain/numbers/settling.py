"""Settling: which days a change touches, and which days still wait for something that will change their numbers."""

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
    """What a plant's numbers still wait for: sessions that are open, and changes that are not aggregated yet.

    `open_since` is when the earliest open session began. With `more`, other markers wait that were not read.
    """

    open_since: datetime | None = None
    markers: tuple[Marker, ...] = ()
    more: bool = False

    def touches(self, day: date, timezone: str) -> bool:
        """Whether the numbers of a local day are going to change."""
        if self.more or (self.open_since is not None and intervals.local_day(self.open_since, timezone) <= day):
            return True
        return any(_concerns(marker, day, timezone) for marker in self.markers)


def touched(before: Order, after: Order, sessions: Sequence[Session]) -> Interval | None:
    """From the first to the last instant whose day a change of an order may change; None where it changes no day.

    `sessions` are those that the change closed, booked or corrected.
    """
    instants = [*_of_sessions(before, sessions), *_of_ends(before, after)]
    return (min(instants), max(instants)) if instants else None


def _of_sessions(before: Order, sessions: Iterable[Session]) -> Iterator[datetime]:
    """When these sessions began and ended; a corrected one lies between its stage's first start and last end."""
    for session in sessions:
        yield from (session.started_at, session.ended_at)
        if session.corrects is not None:
            stage = before.stage(session.stage_id)
            yield from (each for each in (stage.started_at, stage.last_session_end) if each is not None)


def _of_ends(before: Order, after: Order) -> Iterator[datetime]:
    """When the stages that changed ended, before the change and after it, and so for the order."""
    for was, now in zip(before.stages, after.stages, strict=True):
        if was != now:
            yield from (each.ended_at for each in (was, now) if each.ended_at is not None)
    yield from (each.ended_at for each in (before, after) if each.ended_at is not None)


def _concerns(marker: Marker, day: date, timezone: str) -> bool:
    """Whether the work that a marker asks for may change a day; one that cannot be read may change any."""
    if marker.unreadable is not None or day in marker.days:
        return True
    if marker.touched is None:
        return False
    first, last = (intervals.local_day(instant, timezone) for instant in marker.touched)
    return first <= day <= last
