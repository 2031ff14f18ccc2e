"""The latest values of a machine by device time, and since when the machine is silent."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from heapq import nlargest

from chalicelib.domain.machines.machines import Machine, MachineStatus
from chalicelib.domain.machines.readings import Reading, in_series, moment
from chalicelib.domain.machines.rollups import Rollup

MOST_VALUES = 200
"""A machine may send any number of sensors. More than these would make its item larger with each."""
UNTIL_TAKEN_IN = timedelta(minutes=3)
"""A reading waits in the queue for up to a minute, and for the clock for up to a minute. The rest is a reserve."""


@dataclass(frozen=True, slots=True)
class LatestValue:
    """The newest reading of a sensor and type. `at` is in microseconds since 1970. It has a number or a word."""

    sensor: str
    type: str
    at: int
    number: float | None = None
    word: str | None = None
    seq: int | None = None

    @property
    def value(self) -> float | str:
        """The number, or the word of a state."""
        return str(self.word) if self.number is None else self.number

    @property
    def order(self) -> tuple[int, int, float | str]:
        """The sort key of its reading in its series."""
        return in_series(self.at, self.seq, self.value)


@dataclass(frozen=True)
class Latest:
    """The latest values of a machine, by sensor and type. `as_of` is when the newest of them were read.

    While it is `watched` there is a timer, with which the machine is looked at again: it may have become silent.
    """

    machine_id: str
    values: tuple[LatestValue, ...] = ()
    as_of: datetime | None = None
    watched: bool = False
    revision: int = 0

    @property
    def last_at(self) -> datetime | None:
        """The device time of the newest reading; None if there is none."""
        return moment(max(value.at for value in self.values)) if self.values else None


def with_newer(latest: Latest, rollups: Iterable[Rollup], as_of: datetime, misread: Iterable[Reading] = ()) -> Latest:
    """The latest values after these rollups, which were read at `as_of`. The same if none of them is newer.

    A value is never replaced by an older one, so the order in which rollups come does not matter. Only those of
    `misread` readings, which are none, are left out. Of more than 200 values those of the latest device time stay.
    """
    wrong = {(each.sensor, each.type, each.at, each.value) for each in misread}
    right = (value for value in latest.values if (value.sensor, value.type, value.at, value.value) not in wrong)
    newest = {(value.sensor, value.type): value for value in right}
    for rollup in rollups:
        value = _last_of(rollup)
        before = newest.get((value.sensor, value.type))
        if before is None or before.order < value.order:
            newest[value.sensor, value.type] = value
    kept = nlargest(MOST_VALUES, newest.values(), key=lambda value: (value.at, value.sensor, value.type))
    values = tuple(sorted(kept, key=lambda value: (value.sensor, value.type)))
    if values == latest.values:
        return latest
    seen = as_of if latest.as_of is None else max(as_of, latest.as_of)
    return replace(latest, values=values, as_of=seen, revision=latest.revision + 1)


def unwatched(latest: Latest) -> Latest:
    """The latest values of a machine that is not watched until it sends again."""
    return replace(latest, watched=False, revision=latest.revision + 1)


def silent_after(machine: Machine, rollups_within: timedelta) -> timedelta:
    """How long after its newest reading a machine is silent.

    It is its `silent_minutes`, but never before a newer reading would have been taken in.
    """
    return max(timedelta(minutes=machine.silent_minutes), shown_within(rollups_within))


def shown_within(rollups_within: timedelta) -> timedelta:
    """How long after its instant a reading is surely among the latest values, if it was sent at once."""
    return rollups_within + UNTIL_TAKEN_IN


def silent_since(machine: Machine, latest: Latest, now: datetime, rollups_within: timedelta) -> datetime | None:
    """Since when a machine is silent: the device time of its newest reading. None if it is not silent.

    A machine that never sent, or is retired, is not silent.
    """
    last_at = latest.last_at
    if last_at is None or machine.status is MachineStatus.RETIRED:
        return None
    return last_at if now > last_at + silent_after(machine, rollups_within) else None


def _last_of(rollup: Rollup) -> LatestValue:
    """The last reading of a rollup."""
    number = rollup.numbers.last if rollup.numbers else None
    word = rollup.states.last if rollup.states else None
    return LatestValue(rollup.sensor, rollup.type, rollup.last_at, number, word, rollup.last_seq)
