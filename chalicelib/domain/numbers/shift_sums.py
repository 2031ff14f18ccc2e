"""Shift sums: the facts of days by the plant's shifts, and by the time outside of them."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from chalicelib.domain.intervals import Interval, bounds, merged
from chalicelib.domain.numbers.calendars import PlannedShift
from chalicelib.domain.numbers.day_facts import Fact, SessionFact
from chalicelib.domain.numbers.day_sums import DaySums, summed
from chalicelib.domain.numbers.dimensions import WHOLE, Dimension, Group


@dataclass(frozen=True)
class ShiftOfDay:
    """A shift that begins on a local day, and its times. A name of None: the times of the day outside every shift.

    Breaks are inside. Shifts of one day with the same name are one.
    """

    day: date
    name: str | None
    spans: tuple[Interval, ...]

    @property
    def window(self) -> Interval:
        """From the beginning of the first time to the end of the last."""
        return self.spans[0][0], self.spans[-1][1]


def shifts_of(day: date, planned: Iterable[PlannedShift], timezone: str) -> list[ShiftOfDay]:
    """The shifts that begin on a local day, then the time outside. `planned` are all that have a part in the day.

    A shift over midnight belongs to the day on which it begins, with all its time.
    """
    known = list(planned)
    names = dict.fromkeys(shift.name for shift in known if shift.day == day)
    shifts = [
        ShiftOfDay(day, name, tuple(merged(shift.span for shift in known if (shift.day, shift.name) == (day, name))))
        for name in names
    ]
    outside = ShiftOfDay(day, None, tuple(_between(merged(shift.span for shift in known), bounds(day, timezone))))
    # A shift whose hours a clock change leaves out has no time.
    return [shift for shift in (*shifts, outside) if shift.spans]


def of_shift(shift: ShiftOfDay, facts: Sequence[Fact]) -> DaySums:
    """The sums of a shift. Sessions are clipped to it; what counts at an end counts in the shift in which the end lies.

    Shifts are half-open: what ends at the end of a shift counts in the one that begins then, or outside.
    """
    return summed(part for span in shift.spans for fact in facts for part in within(fact, span))


def within(fact: Fact, span: Interval) -> Iterator[Fact]:
    """The part of a fact that lies in a time, if it has one."""
    start, end = span
    if not isinstance(fact, SessionFact):
        if fact.ended_at is not None and start <= fact.ended_at < end:
            yield fact
        return
    begins, ends = start <= fact.started_at < end, start <= fact.ended_at < end
    if not (begins or ends or (fact.started_at < start and end <= fact.ended_at)):
        return
    part = replace(fact, started_at=max(fact.started_at, start), ended_at=min(fact.ended_at, end))
    if not ends:
        part = replace(part, good=Decimal(0), scrap=None, rework=Decimal(0), pause_reason=None, paused=0)
    yield part


def grouped(facts: Iterable[Fact], dimension: Dimension, value: str | None = None) -> dict[Group, list[Fact]]:
    """The facts by the groups of a dimension that they count for, by their keys; with a value only those of it."""
    wanted = None if value is None else Group(dimension, value).key
    found: dict[Group, list[Fact]] = {}
    for fact in facts:
        own = (WHOLE,) if dimension is Dimension.NONE else (each for each in fact.groups or ())
        for group in {each.key for each in own if each.dimension is dimension}:
            if wanted in (None, group):
                found.setdefault(group, []).append(fact)
    return found


def _between(covered: Iterable[Interval], window: Interval) -> Iterator[Interval]:
    """The times of a window that are not covered. What is covered is in order and does not touch."""
    begin, until = window
    for start, end in covered:
        if begin < start:
            yield begin, min(start, until)
        begin = max(begin, end)
    if begin < until:
        yield begin, until
