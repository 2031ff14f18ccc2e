"""Settling: which days still wait for something that will change their numbers."""

from dataclasses import dataclass
from datetime import date, datetime

from chalicelib.domain import intervals
from chalicelib.domain.markers import Marker


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


def _concerns(marker: Marker, day: date, timezone: str) -> bool:
    """Whether the work that a marker asks for may change a day; one that cannot be read may change any."""
    if marker.unreadable is not None or day in marker.days:
        return True
    if marker.touched is None:
        return False
    first, last = (intervals.local_day(instant, timezone) for instant in marker.touched)
    return first <= day <= last
