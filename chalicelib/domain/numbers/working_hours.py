"""Working hours: shifts by the clock on the wall, the weekdays on which they begin, and special days."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, time
from enum import StrEnum
from itertools import pairwise

from chalicelib.domain.errors import FieldError
from chalicelib.domain.sentences import say

_MINUTES_A_DAY = 24 * 60
_MINUTES_A_WEEK = 7 * _MINUTES_A_DAY


class Weekday(StrEnum):
    """A day of the week."""

    MON = "mon"
    TUE = "tue"
    WED = "wed"
    THU = "thu"
    FRI = "fri"
    SAT = "sat"
    SUN = "sun"


WEEK = tuple(Weekday)


@dataclass(frozen=True, slots=True)
class Hours:
    """Hours by the plant's clock, as `HH:MM`. If they end when they begin or before, they end on the next day."""

    start: str
    end: str


@dataclass(frozen=True, slots=True)
class Shift:
    """A shift: its name, its hours and its breaks."""

    name: str
    start: str
    end: str
    breaks: tuple[Hours, ...] = ()

    @property
    def minutes(self) -> tuple[int, int]:
        """Its beginning and its end, in minutes after the midnight of the day on which it begins."""
        begin, end = _minutes(self.start), _minutes(self.end)
        return begin, end if end > begin else end + _MINUTES_A_DAY

    def minutes_of(self, pause: Hours) -> tuple[int, int]:
        """Beginning and end of one of its breaks, in minutes after the same midnight."""
        begin, end = _minutes(pause.start), _minutes(pause.end)
        begin = begin if begin >= _minutes(self.start) else begin + _MINUTES_A_DAY
        return begin, end + _MINUTES_A_DAY * ((begin - end) // _MINUTES_A_DAY + 1)


@dataclass(frozen=True, slots=True)
class WeeklyShift(Shift):
    """A shift, and the weekdays on which it begins."""

    days: tuple[Weekday, ...] = field(kw_only=True)


@dataclass(frozen=True, slots=True)
class SpecialDay:
    """A day with shifts of its own instead of those of its weekday. A holiday has none."""

    date: date
    name: str | None = None
    shifts: tuple[Shift, ...] = ()


def wrong_shifts(shifts: Sequence[WeeklyShift], special_days: Sequence[SpecialDay]) -> list[FieldError]:
    """The errors of shifts and of special days.

    Shifts or breaks overlap, a break is not in its shift, or a day is there twice.
    """
    errors = [*_errors_of_shifts("shifts", shifts), *_overlaps_in_week(shifts)]
    seen: set[date] = set()
    for index, special in enumerate(special_days):
        field_name = f"special_days[{index}]"
        errors += _errors_of_shifts(f"{field_name}.shifts", special.shifts)
        errors += _overlaps(f"{field_name}.shifts", [(each.name, each.minutes) for each in special.shifts])
        if special.date in seen:
            errors.append(FieldError(f"{field_name}.date", say("is there twice; give each day once"), "duplicate"))
        seen.add(special.date)
    return errors


def _errors_of_shifts(where: str, shifts: Sequence[Shift]) -> Iterator[FieldError]:
    for index, shift in enumerate(shifts):
        _, end = shift.minutes
        breaks = sorted(shift.minutes_of(pause) for pause in shift.breaks)
        if any(until > end for _, until in breaks):
            message = say("must lie in the shift, from {start} to {end}", start=shift.start, end=shift.end)
            yield FieldError(f"{where}[{index}].breaks", message, "outside_shift")
        if any(earlier[1] > later[0] for earlier, later in pairwise(breaks)):
            yield FieldError(f"{where}[{index}].breaks", say("must not overlap each other"), "overlap")


def _overlaps_in_week(shifts: Sequence[WeeklyShift]) -> Iterator[FieldError]:
    """The errors of shifts of a week that overlap. The week begins again after Sunday."""
    placed = [
        (shift.name, (begin + _MINUTES_A_DAY * WEEK.index(day), end + _MINUTES_A_DAY * WEEK.index(day)))
        for shift in shifts
        for begin, end in [shift.minutes]
        for day in shift.days
    ]
    again = [(name, (begin + _MINUTES_A_WEEK, end + _MINUTES_A_WEEK)) for name, (begin, end) in placed]
    yield from _overlaps("shifts", [*placed, *again])


def _overlaps(where: str, placed: Sequence[tuple[str, tuple[int, int]]]) -> Iterator[FieldError]:
    """The error of shifts that overlap: the first one that does."""
    in_order = sorted(placed, key=lambda each: each[1])
    for (name, earlier), (other, later) in pairwise(in_order):
        if earlier[1] > later[0]:
            message = say("must not overlap: {name} is not over when {other} begins", name=name, other=other)
            yield FieldError(where, message, "overlap")
            return


def _minutes(clock: str) -> int:
    at = time.fromisoformat(clock)
    return at.hour * 60 + at.minute
