"""Settling: which days still wait for something that will change their numbers."""

from dataclasses import dataclass
from datetime import date, datetime

from chalicelib.domain import intervals
from chalicelib.domain.markers import Marker


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


def _concerns(marker: Marker, day: date, timezone: str) -> bool:
    """Whether a marker's work may change a day. A marker that cannot be read may change every day."""
    if marker.unreadable is not None or day in marker.days or any(day == each.day for each in marker.issue_days):
        return True
    if marker.touched is None:
        return False
    first, last = (intervals.local_day(instant, timezone) for instant in marker.touched)
    return first <= day <= last
