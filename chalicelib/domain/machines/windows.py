"""Windows of device time: their ends, and the readings of a machine in them, each once, in one order."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from chalicelib.domain.errors import BadParameter
from chalicelib.domain.intervals import Interval
from chalicelib.domain.machines.readings import EPOCH, Reading, distinct, hour_of, microseconds, moment, series_of
from chalicelib.domain.sentences import say

HOUR = timedelta(hours=1)
LONGEST = timedelta(hours=24)

Place = tuple[int, str, str, int, float | str]
"""Where a reading stands in a window. Readings that are the same have the same place."""


@dataclass(frozen=True)
class Window:
    """Readings from `since` (included) to `until` (not included), of these sensors and types (empty: all)."""

    since: datetime
    until: datetime
    sensors: frozenset[str] = frozenset()
    types: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        """Refuse a window that is too long, or has no time in it. Raises BadParameter."""
        refuse_wrong(self.since, self.until, LONGEST)

    def hours(self, after: Place | None) -> Iterator[datetime]:
        """The hours that the window touches, in order, without those before a place."""
        begin = max(self.since, EPOCH) if after is None else moment(after[0])
        hour = hour_of(begin)
        while hour < self.until:
            yield hour
            hour += HOUR

    def among(self, readings: Iterable[Reading], after: Place | None) -> list[Reading]:
        """The window's readings among all of an hour, each once, in order, without those up to a place.

        Of readings that are the same the one with the largest value counts, as in rollups.
        """
        first, end = microseconds(self.since), microseconds(self.until)
        begin = first if after is None else max(first, after[0])
        wanted = [each for each in readings if begin <= each.at < end and self._names(each)]
        once = (each for series in series_of(wanted) for each in distinct(series)[0])
        return sorted((each for each in once if after is None or place_of(each) > after), key=place_of)

    def _names(self, reading: Reading) -> bool:
        """Whether the reading is of a sensor and a type that are wanted."""
        of_sensor = not self.sensors or reading.sensor in self.sensors
        return of_sensor and (not self.types or reading.type in self.types)


def place_of(reading: Reading) -> Place:
    """The place of a reading: by `at`, sensor, type, `seq` and value. With `seq` the value makes no difference."""
    seq, value = (-1, reading.value) if reading.seq is None else (reading.seq, 0.0)
    return reading.at, reading.sensor, reading.type, seq, value


def window(
    since: datetime | None, until: datetime | None, now: datetime, sensors: Iterable[str], types: Iterable[str]
) -> Window:
    """The window that is asked for. If one end is left out, it has an hour; without both it is the last hour.

    Raises BadParameter.
    """
    return Window(*ends(since, until, now, HOUR), frozenset(sensors), frozenset(types))


def ends(since: datetime | None, until: datetime | None, now: datetime, usual: timedelta) -> Interval:
    """The ends of a window. If one is left out, it has the usual length; without both it ends now."""
    end = until or (since + usual if since else now)
    return since or end - usual, end


def refuse_wrong(since: datetime, until: datetime, longest: timedelta) -> None:
    """Refuse a window that is longer than the longest, or has no time in it. Raises BadParameter."""
    refuse_no_time(since, until)
    if until - since > longest:
        if longest > timedelta(days=1):
            form = "from and to may be {days} days apart at most; ask for one window after the other."
            raise BadParameter(say(form, days=longest.days))
        form = "from and to may be {hours} hours apart at most; ask for one window after the other."
        raise BadParameter(say(form, hours=longest // timedelta(hours=1)))


def refuse_no_time(since: datetime | None, until: datetime | None) -> None:
    """Refuse a window that has no time in it. An end of None is open. Raises BadParameter."""
    if since and until and until <= since:
        raise BadParameter(say("to must be after from."))
