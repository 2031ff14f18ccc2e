"""Shift calendars: when a plant or a machine is planned to work. From them follows the planned busy time.

A calendar has plans. Each holds from its day until the next one begins, so the past keeps its calendar.
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import accumulate
from zoneinfo import ZoneInfo

from chalicelib.domain.errors import FieldError, NotFound, refuse
from chalicelib.domain.intervals import Interval, local_day, merged
from chalicelib.domain.numbers.working_hours import WEEK, Shift, SpecialDay, WeeklyShift, wrong_shifts
from chalicelib.domain.sentences import say

DEFAULT = "default"
"""The id of the plant's own calendar. It counts for machines that have none."""
MOST_SHIFTS, MOST_BREAKS, MOST_SPECIAL_DAYS, MOST_PLANS = 30, 6, 366, 100
MAX_BYTES = 300 * 1024
"""All plans of a calendar as JSON. They are one item, and an item has 400 KB."""

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Plan:
    """What holds from a local day on: the shifts of a week, and special days. `changed_by` is a person's id."""

    valid_from: date
    shifts: tuple[WeeklyShift, ...]
    special_days: tuple[SpecialDay, ...]
    changed_at: datetime
    changed_by: str

    def shifts_on(self, day: date) -> tuple[Shift, ...]:
        """The shifts that begin on a local day, in order of their beginning."""
        special = next((each for each in self.special_days if each.date == day), None)
        weekday = WEEK[day.weekday()]
        of_week = [each for each in self.shifts if weekday in each.days]
        shifts: Sequence[Shift] = special.shifts if special else of_week
        return tuple(sorted(shifts, key=lambda each: each.minutes))


@dataclass(frozen=True)
class Calendar:
    """The calendar of a machine, or of the plant. `revision` counts its changes."""

    id: str
    plans: tuple[Plan, ...] = ()
    revision: int = field(default=0, compare=False)

    def plan_on(self, day: date) -> Plan | None:
        """The plan that holds on a local day; None before the first one."""
        return next((plan for plan in reversed(self.plans) if plan.valid_from <= day), None)


@dataclass(frozen=True, slots=True)
class NewPlan:
    """The fields of a plan to put into a calendar."""

    valid_from: date
    shifts: tuple[WeeklyShift, ...]
    special_days: tuple[SpecialDay, ...] = ()


@dataclass(frozen=True, slots=True)
class PlannedShift:
    """A shift of a day, as instants: its length, its breaks, and the day on which it begins."""

    day: date
    name: str
    span: Interval
    breaks: tuple[Interval, ...]


class CalendarNotFound(NotFound):
    """There is no such calendar."""

    code = "ERR_CALENDAR_NOT_FOUND"
    title = "No such calendar"


def with_plan(calendar: Calendar, new: NewPlan, by: str, now: datetime, timezone: str) -> Calendar:
    """The calendar after a plan was put into it. A plan with the same day is replaced, later ones stay.

    The first plan may begin on any day, the others today at the earliest. Raises InvalidFields.
    """
    refuse([*wrong_shifts(new.shifts, new.special_days), *_of_the_past(calendar, new, local_day(now, timezone))])
    plan = Plan(new.valid_from, new.shifts, new.special_days, now, by)
    others = (each for each in calendar.plans if each.valid_from != plan.valid_from)
    plans = tuple(sorted([*others, plan], key=lambda each: each.valid_from))
    refuse([*_too_much(plans)])
    return replace(calendar, plans=plans, revision=calendar.revision + 1)


def planned_shifts(calendar: Calendar, window: Interval, timezone: str) -> Iterator[PlannedShift]:
    """The shifts that have a part in a window, whole, in order of their beginning.

    Where another plan or a special day begins, a shift may not be over when the next one begins. Then it ends there.
    """
    start, end = window
    zone = ZoneInfo(timezone)
    # A shift has a day at most, so one that began two days before is over, and the next one that counts begins on the
    # day after the last.
    shifts = list(_whole(calendar, local_day(start, timezone) - _DAY, local_day(end, timezone) + _DAY, zone))
    # In the night of a clock change the next ones may not be in order.
    begins = accumulate((shift.span[0] for shift in reversed(shifts)), min, initial=datetime.max.replace(tzinfo=UTC))
    for shift, following in zip(shifts, reversed(list(begins)[:-1]), strict=True):
        cut = _until(following, shift)
        if cut.span[0] < end and start < cut.span[1]:
            yield cut


def busy(shifts: Iterable[PlannedShift], window: Interval) -> list[Interval]:
    """The planned busy time of a window: its shifts without their breaks, as intervals that do not touch each other."""
    start, end = window
    parts = (part for shift in shifts for part in _without(shift.span, shift.breaks))
    return merged((max(begin, start), min(until, end)) for begin, until in parts)


def _of_the_past(calendar: Calendar, new: NewPlan, today: date) -> Iterator[FieldError]:
    if calendar.plans and new.valid_from < today:
        yield FieldError(
            "valid_from", say("must be {today} or later: the past keeps its calendar", today=today.isoformat()), "past"
        )


def _too_much(plans: Sequence[Plan]) -> Iterator[FieldError]:
    size = len(json.dumps([asdict(plan) for plan in plans], default=str, ensure_ascii=False).encode())
    if len(plans) > MOST_PLANS:
        yield FieldError(
            "valid_from", say("must be that of a plan that is there: {most} are the most", most=MOST_PLANS), "too_many"
        )
    if size > MAX_BYTES:
        form = "must leave all plans together at {most} bytes as JSON; they have {size_bytes}"
        message = say(form, most=MAX_BYTES, size_bytes=size)
        yield FieldError("special_days", message, "too_large")


def _whole(calendar: Calendar, first: date, last: date, zone: ZoneInfo) -> Iterator[PlannedShift]:
    """The shifts that begin on the local days from `first` to `last`, as they are planned, in order."""
    for day in (first + n * _DAY for n in range((last - first).days + 1)):
        plan = calendar.plan_on(day)
        for shift in plan.shifts_on(day) if plan else ():
            breaks = tuple(_instants(day, shift.minutes_of(pause), zone) for pause in shift.breaks)
            yield PlannedShift(day, shift.name, _instants(day, shift.minutes, zone), breaks)


def _until(instant: datetime, shift: PlannedShift) -> PlannedShift:
    """A shift and its breaks up to an instant at which the next one begins."""
    start, end = shift.span
    breaks = tuple((begin, min(until, instant)) for begin, until in shift.breaks if begin < instant)
    return replace(shift, span=(start, min(end, instant)), breaks=breaks)


def _instants(day: date, minutes: tuple[int, int], zone: ZoneInfo) -> Interval:
    """Minutes after a midnight, by the clock on the wall, as instants. A clock change makes them nearer or farther."""
    begin, end = (
        datetime.combine(day, time(), zone) + timedelta(minutes=each) for each in minutes
    )  # a datetime with a zone adds minutes of the wall clock
    return begin.astimezone(UTC), end.astimezone(UTC)


def _without(span: Interval, breaks: Sequence[Interval]) -> Iterator[Interval]:
    """The parts of a time between breaks in it."""
    begin = span[0]
    for pause in sorted(breaks):
        yield begin, pause[0]
        begin = pause[1]
    yield begin, span[1]
