"""Rollups: statistics of one machine, sensor, type and hour, recomputed from all readings of that hour.

A rollup holds only values that can be joined with the next hour: a reader adds the step from the last value of one hour
to the first value of the next. The result does not depend on the order, the grouping or the repetition of arriving
readings.
"""

import json
import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import pairwise

from chalicelib.domain.digests import digest
from chalicelib.domain.intervals import merged
from chalicelib.domain.machines.readings import STATES, Reading, distinct, series_of

HOUR = timedelta(hours=1)
STOPPED = frozenset({"idle", "unplanned_stop"})
"""The states of a stop. Setup, a planned stop and off are decided by people, so nobody has to explain them."""
SHORTEST_STOP = timedelta(minutes=1)
MOST_CHANGES = 30
"""With so many changes of state, a rollup is still written with one unit (1 KB)."""
READINGS_A_MINUTE = 250
"""An hour waits a minute for each of so many readings. With no more of them, it is made again every minute."""

Stretch = tuple[int, int]
"""A time from one instant (included) to another (not included), in microseconds since 1970."""


@dataclass(frozen=True, slots=True)
class Numbers:
    """Statistics of numeric readings, in the unit of their type.

    `sum` is exactly rounded. `first` and `last` are in order of device time.
    """

    first: float
    last: float
    sum: float
    min: float
    max: float
    mean: float


@dataclass(frozen=True, slots=True)
class Counted:
    """Statistics of a counter in one hour: the sum of its increments, and the number of its resets to zero."""

    produced: float
    resets: int


@dataclass(frozen=True, slots=True)
class States:
    """Statistics of a state: the first, the last, and the seconds in each state between the first and last reading.

    `stopped` are the stretches between them in which the machine was idle or stopped without a plan: those of at least
    a minute, and those that begin with the first reading or go on after the last, because a neighbouring hour may make
    them longer. There are 62 at most. Rollups of earlier releases do not have them (None).
    """

    first: str
    last: str
    seconds: dict[str, float]
    stopped: tuple[Stretch, ...] | None = None
    changes: tuple[int, ...] | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Rollup:
    """Statistics of one sensor's readings of one type in one hour.

    `inputs` is a digest of the sorted identities of the `count` readings. `conflicts` counts the values that were
    dropped for a larger value with the same identity. `first_at` and `last_at` are microseconds since 1970. `last_seq`
    is the `seq` of the last reading. It is not compared: rollups of earlier releases do not have it, and `inputs` has.
    """

    sensor: str
    type: str
    count: int
    conflicts: int
    inputs: str
    first_at: int
    last_at: int
    numbers: Numbers | None = None
    counted: Counted | None = None
    states: States | None = None
    last_seq: int | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class HourRollup:
    """A rollup with its machine and hour.

    `as_of` is when the readings were read. `revision` counts how often the result changed.
    """

    machine_id: str
    hour: datetime
    rollup: Rollup
    as_of: datetime
    revision: int


def roll_up(readings: Iterable[Reading]) -> list[Rollup]:
    """The rollups of one machine-hour from all its readings, one per sensor and type, in that order."""
    return [_rollup(*distinct(series)) for series in series_of(readings)]


def may_wait(readings: int, bound: timedelta) -> timedelta:
    """How long an hour with so many readings may wait until it is made again. Its readings are all read then.

    It is a minute for each 250 readings, and at most `bound`.
    """
    return min(timedelta(minutes=readings / READINGS_A_MINUTE), bound)


def complete(hour: datetime, now: datetime, late_window: timedelta) -> bool:
    """Whether the hour and its late window for readings are over. It is derived, never stored."""
    return now >= hour + HOUR + late_window


def _rollup(readings: Sequence[Reading], conflicts: int) -> Rollup:
    """The rollup of one series of distinct readings in order."""
    numbers = [reading.value for reading in readings if not isinstance(reading.value, str)]
    return Rollup(
        sensor=readings[0].sensor,
        type=readings[0].type,
        count=len(readings),
        conflicts=conflicts,
        inputs=digest(json.dumps([reading.identity for reading in readings]).encode()),
        first_at=readings[0].at,
        last_at=readings[-1].at,
        numbers=_numbers(numbers) if numbers else None,
        counted=_counted(numbers) if readings[0].type == "cycle_count" else None,
        states=None if numbers else _states(readings),
        last_seq=readings[-1].seq,
    )


def _numbers(values: Sequence[float]) -> Numbers:
    total, low, high = math.fsum(values), min(values), max(values)
    mean = min(max(total / len(values), low), high)  # division rounds: the mean of three times 0.1 would be above 0.1
    return Numbers(first=values[0], last=values[-1], sum=total, min=low, max=high, mean=mean)


def _counted(counts: Sequence[float]) -> Counted:
    """Sum the increments in order of device time. A lower value is a reset: it is itself the increment since zero."""
    return added([step(earlier, later) for earlier, later in pairwise(counts)])


def step(earlier: float, later: float) -> Counted:
    """What a counter counted from one value to the next."""
    return Counted(later, resets=1) if later < earlier else Counted(later - earlier, resets=0)


def added(parts: Sequence[Counted]) -> Counted:
    """The sum of what a counter counted, rounded once."""
    return Counted(math.fsum(part.produced for part in parts), sum(part.resets for part in parts))


def _states(readings: Sequence[Reading]) -> States:
    """Sum the seconds of each state. A state lasts until the next reading."""
    microseconds: Counter[str] = Counter()
    for earlier, later in pairwise(readings):
        microseconds[str(earlier.value)] += later.at - earlier.at
    seconds = {state: spent / 1_000_000 for state, spent in sorted(microseconds.items())}
    return States(str(readings[0].value), str(readings[-1].value), seconds, _stopped(readings), _changes(readings))


def change(after: int, state: str) -> int:
    """A change to a state so many microseconds after the first reading, as one number: it takes a third of the bytes.

    `change_of` reads it.
    """
    return after * len(STATES) + STATES.index(state)


def change_of(number: int) -> tuple[int, str]:
    """The microseconds after the first reading and the state of a change."""
    after, state = divmod(number, len(STATES))
    return after, STATES[state]


def _changes(readings: Sequence[Reading]) -> tuple[int, ...] | None:
    """The changes of a state after the first reading; None if there are more than a small item holds."""
    first_at = readings[0].at
    later = [each for before, each in pairwise(readings) if each.value != before.value]
    if len(later) > MOST_CHANGES:
        return None
    return tuple(change(each.at - first_at, str(each.value)) for each in later)


def _stopped(readings: Sequence[Reading]) -> tuple[Stretch, ...]:
    """The stretches in which the machine was stopped, without those that are short wherever they are looked at."""
    shortest = SHORTEST_STOP // timedelta(microseconds=1)
    going_on = readings[-1].at if readings[-1].value in STOPPED else None
    stretches = merged((earlier.at, later.at) for earlier, later in pairwise(readings) if earlier.value in STOPPED)
    return tuple(
        (begin, end)
        for begin, end in stretches
        if end - begin >= shortest or begin == readings[0].at or end == going_on
    )
