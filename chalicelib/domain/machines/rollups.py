"""Rollups: statistics of one machine, sensor, type and hour, recomputed from all readings of that hour.

Only what joins with its neighbours is kept: a reader adds the step from the last value of one hour to the first of the
next. Nothing here depends on the order, the grouping or the repetition in which readings arrived.
"""

import json
import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby, pairwise

from chalicelib.domain.digests import digest
from chalicelib.domain.machines.readings import Reading, distinct, ordered

HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Numbers:
    """What is said of numbers, in the unit of their type: the sum exactly rounded, the values in device-time order."""

    first: float
    last: float
    sum: float
    min: float
    max: float
    mean: float


@dataclass(frozen=True, slots=True)
class Counted:
    """What is said of a counter inside the hour: the sum of its increments, and how often it began again from zero."""

    produced: float
    resets: int


@dataclass(frozen=True, slots=True)
class States:
    """What is said of a state: the first, the last, and the seconds in each between the first reading and the last."""

    first: str
    last: str
    seconds: dict[str, float]


@dataclass(frozen=True, slots=True)
class Rollup:
    """What one sensor's readings of one type come to in one hour.

    `inputs` digests the sorted identities of the `count` readings; `conflicts` counts the values that lost to a larger
    one of the same identity; `first_at` and `last_at` are microseconds since 1970.
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


@dataclass(frozen=True, slots=True)
class HourRollup:
    """A rollup in its place: whose and which hour, as of when its readings were read, how often it came out new."""

    machine_id: str
    hour: datetime
    rollup: Rollup
    as_of: datetime
    revision: int


def roll_up(readings: Iterable[Reading]) -> list[Rollup]:
    """Rollups of one machine-hour from all its readings, one per sensor and type, in that order."""
    series = groupby(ordered(readings), key=lambda reading: (reading.sensor, reading.type))
    return [_rollup(*distinct(group)) for _, group in series]


def complete(hour: datetime, now: datetime, late_window: timedelta) -> bool:
    """Whether the hour that began then is over and late readings have had their time: derived, never stored."""
    return now >= hour + HOUR + late_window


def _rollup(readings: Sequence[Reading], conflicts: int) -> Rollup:
    """The rollup of one series: distinct readings in order."""
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
    )


def _numbers(values: Sequence[float]) -> Numbers:
    total, low, high = math.fsum(values), min(values), max(values)
    mean = min(max(total / len(values), low), high)  # the division rounds: three times 0.1 would have a mean above it
    return Numbers(first=values[0], last=values[-1], sum=total, min=low, max=high, mean=mean)


def _counted(counts: Sequence[float]) -> Counted:
    """Increments in device-time order. A lower value is a reset: the counter has counted from zero to it."""
    steps = list(pairwise(counts))
    produced = math.fsum(later if later < earlier else later - earlier for earlier, later in steps)
    return Counted(produced, resets=sum(later < earlier for earlier, later in steps))


def _states(readings: Sequence[Reading]) -> States:
    """A state holds until the next reading."""
    microseconds: Counter[str] = Counter()
    for earlier, later in pairwise(readings):
        microseconds[str(earlier.value)] += later.at - earlier.at
    seconds = {state: spent / 1_000_000 for state, spent in sorted(microseconds.items())}
    return States(first=str(readings[0].value), last=str(readings[-1].value), seconds=seconds)
