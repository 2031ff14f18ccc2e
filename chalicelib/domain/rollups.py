"""Rollups: statistics of one machine, sensor, type and hour, recomputed from all readings of that hour.

Only what joins with its neighbours is kept: a reader adds the step from the last value of one hour to the first of the
next. Nothing here depends on the order, the grouping or the repetition in which readings arrived.
"""

import json
import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby, pairwise

from chalicelib.domain.chunks import digest
from chalicelib.domain.readings import Reading, distinct, hour_start, ordered

HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Summary:
    """What is said of numbers: exactly rounded sum, extremes and mean, in the unit of the type."""

    sum: float
    min: float
    max: float
    mean: float


@dataclass(frozen=True, slots=True)
class Rollup:
    """What one sensor's readings of one type come to in one hour.

    `first` and `last` stand with their instants (microseconds). `inputs` digests the sorted identities of the `count`
    readings; `conflicts` counts the values that lost to a larger one of the same identity. Numbers have a `summary`;
    `cycle_count` has what was `produced` inside the hour and its `resets`; `state` the seconds in each state between
    the hour's first and last reading.
    """

    sensor: str
    type: str
    count: int
    conflicts: int
    inputs: str
    first: float | str
    first_at: int
    last: float | str
    last_at: int
    summary: Summary | None = None
    produced: float | None = None
    resets: int | None = None
    seconds_by_state: Mapping[str, float] | None = None


def roll_up(readings: Iterable[Reading]) -> list[Rollup]:
    """Rollups of one machine-hour from all its readings, one per sensor and type, in that order."""
    series = groupby(ordered(readings), key=lambda reading: (reading.sensor, reading.type))
    return [_rollup(*distinct(group)) for _, group in series]


def complete(hour: str, now: datetime, late_window: timedelta) -> bool:
    """Whether an hour (`yyyy-mm-ddThh`) is over and the time for late readings has passed: derived, never stored."""
    return now >= hour_start(hour) + HOUR + late_window


def _rollup(readings: Sequence[Reading], conflicts: int) -> Rollup:
    """The rollup of one series: distinct readings in order."""
    first, last = readings[0], readings[-1]
    numbers = [reading.value for reading in readings if not isinstance(reading.value, str)]
    produced, resets = _increments(numbers) if first.type == "cycle_count" else (None, None)
    return Rollup(
        sensor=first.sensor,
        type=first.type,
        count=len(readings),
        conflicts=conflicts,
        inputs=digest(json.dumps([reading.identity for reading in readings]).encode()),
        first=first.value,
        first_at=first.at,
        last=last.value,
        last_at=last.at,
        summary=_summary(numbers) if numbers else None,
        produced=produced,
        resets=resets,
        seconds_by_state=None if numbers else _seconds_by_state(readings),
    )


def _summary(numbers: Sequence[float]) -> Summary:
    total, low, high = math.fsum(numbers), min(numbers), max(numbers)
    mean = min(max(total / len(numbers), low), high)  # the division rounds: three times 0.1 would have a mean above it
    return Summary(total, low, high, mean)


def _increments(counts: Sequence[float]) -> tuple[float, int]:
    """What a counter counted in device-time order, and how often it began again: a lower value counts from zero."""
    steps = list(pairwise(counts))
    produced = math.fsum(later if later < earlier else later - earlier for earlier, later in steps)
    return produced, sum(later < earlier for earlier, later in steps)


def _seconds_by_state(readings: Sequence[Reading]) -> dict[str, float]:
    """Seconds spent in each state from the first reading to the last; each state holds until the next reading."""
    microseconds: Counter[str] = Counter()
    for earlier, later in pairwise(readings):
        microseconds[str(earlier.value)] += later.at - earlier.at
    return {state: spent / 1_000_000 for state, spent in sorted(microseconds.items())}
