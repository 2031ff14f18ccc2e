"""Neighbouring hours joined: what a machine produced, and how long it was in each state, in a window of device time.

A piece is a rollup: of a whole hour, or of the part of an hour before or after the end of a window. Pieces of one
counter or one state are joined by the step from the last value of one to the first value of the next. The result is
the same as that of all readings at once.
"""

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import groupby, pairwise

from chalicelib.domain.intervals import Interval
from chalicelib.domain.machines.readings import Reading, hour_of, microseconds
from chalicelib.domain.machines.rollups import Rollup, States, added, roll_up, step

JOINED_TYPES = ("cycle_count", "state")
MICROSECOND = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Production:
    """What a machine did in a window.

    `produced` is what its counter counted (None: it sent no count), `resets` how often the counter began again.
    `gaps` is how often no count came for longer than the last one holds: what was counted meanwhile is left out.
    `by_state` is the time in each state that it was in, `unknown` the time in which its state is not known.
    """

    produced: float | None = None
    resets: int = 0
    gaps: int = 0
    by_state: Mapping[str, timedelta] = field(default_factory=dict)
    unknown: timedelta = timedelta(0)


@dataclass(frozen=True, slots=True)
class Produced:
    """The production of a machine by one of its sensors.

    `timezone` is the plant's. `as_of` is when it was read, `complete` whether no late reading can change it.
    """

    machine_id: str
    sensor: str
    window: Interval
    timezone: str
    production: Production
    as_of: datetime
    complete: bool


def cut_hours(instants: Iterable[datetime]) -> dict[datetime, list[int]]:
    """The hours that these instants cut, each with its instants in order (microseconds since 1970).

    An instant at the beginning of an hour cuts none.
    """
    inside = sorted(instant for instant in set(instants) if hour_of(instant) != instant)
    return {hour: [microseconds(each) for each in cuts] for hour, cuts in groupby(inside, hour_of)}


def pieces_of(readings: Iterable[Reading], cuts: Sequence[int]) -> Iterator[Rollup]:
    """The pieces of an hour that is cut at these instants, in order, from all its readings."""
    parts: dict[int, list[Reading]] = {}
    for reading in readings:
        parts.setdefault(bisect_right(cuts, reading.at), []).append(reading)
    for part in sorted(parts):
        yield from roll_up(parts[part])


def joined(pieces: Iterable[Rollup], since: datetime, until: datetime, max_carry: timedelta) -> Production:
    """What one counter and one state come to from `since` (included) to `until` (not included).

    No piece may lie on both sides of an end. Pieces before the window say what its first value follows: a value holds
    for `max_carry` at most, which is not less than an hour.
    """
    in_order = sorted(pieces, key=lambda piece: piece.first_at)
    begin, end = microseconds(since), microseconds(until)
    carry = max_carry // MICROSECOND
    counts = _from(begin, [piece for piece in in_order if piece.counted and piece.last_at < end])
    states = _from(begin, [piece for piece in in_order if piece.states and piece.last_at < end])
    by_state = _by_state(states, begin, end, carry)
    return Production(
        *_counted(counts, begin, carry),
        by_state={state: spent * MICROSECOND for state, spent in sorted(by_state.items()) if spent},
        unknown=(end - begin - by_state.total()) * MICROSECOND,
    )


def _from(begin: int, pieces: Sequence[Rollup]) -> list[Rollup]:
    """The pieces of a window, and the last one before it, if there is one."""
    first = next((n for n, piece in enumerate(pieces) if piece.last_at >= begin), len(pieces))
    return list(pieces[max(first - 1, 0) :])


def _counted(pieces: Sequence[Rollup], begin: int, carry: int) -> tuple[float | None, int, int]:
    """Pieces produced, resets and gaps. What was counted up to a value counts when that value was sent."""
    inside = [piece for piece in pieces if piece.last_at >= begin]
    if not inside:
        return None, 0, 0
    gaps = [later.first_at - earlier.last_at > carry for earlier, later in pairwise(pieces)]
    steps = [
        step(earlier.numbers.last, later.numbers.first)
        for (earlier, later), gap in zip(pairwise(pieces), gaps, strict=True)
        if not gap and earlier.numbers and later.numbers
    ]
    total = added([*steps, *(piece.counted for piece in inside if piece.counted)])
    return total.produced, total.resets, sum(gaps)


def held(pieces: Sequence[Rollup], end: int, carry: int) -> Iterator[tuple[Rollup, States, int]]:
    """The pieces of a state, each with its states and the instant up to which its last state holds."""
    nexts = [*(piece.first_at for piece in pieces[1:]), end]
    for (piece, states), next_at in zip([(each, each.states) for each in pieces if each.states], nexts, strict=False):
        yield piece, states, min(next_at, piece.last_at + carry)


def _by_state(pieces: Sequence[Rollup], begin: int, end: int, carry: int) -> Counter[str]:
    """The microseconds in each state."""
    spent: Counter[str] = Counter()
    for piece, states, holds_until in held(pieces, end, carry):
        if piece.last_at >= begin:
            spent.update({state: round(seconds * 1_000_000) for state, seconds in states.seconds.items()})
        spent[states.last] += max(holds_until - max(piece.last_at, begin), 0)
    return spent
