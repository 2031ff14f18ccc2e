"""The shapes of shift calendars."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Annotated

from pydantic import Field

from chalicelib.domain.intervals import Interval
from chalicelib.domain.numbers import calendars, working_hours
from chalicelib.domain.numbers.calendars import MOST_BREAKS, MOST_SHIFTS, MOST_SPECIAL_DAYS, Calendar, PlannedShift
from chalicelib.domain.numbers.working_hours import Weekday
from chalicelib.schemas.base import Body, Filters, Out
from chalicelib.schemas.metrics import WindowOut
from chalicelib.schemas.values import Clock, Day, InstantOut, InstantParameter, Line, Many, OneOf


class HoursIn(Body):
    """Hours by the plant's clock. If they end when they begin or before, they end on the next day."""

    start: Clock
    end: Clock

    def payload(self) -> working_hours.Hours:
        """The hours."""
        return self.made_into(working_hours.Hours)


class SpecialShift(Body):
    """A shift that begins on a special day."""

    start: Clock
    end: Clock
    name: Annotated[Line, Field(max_length=60)]
    breaks: Annotated[Many[HoursIn], Field(max_length=MOST_BREAKS)] = ()

    def payload(self) -> working_hours.Shift:
        """The shift."""
        return self.made_into(working_hours.Shift, breaks=tuple(pause.payload() for pause in self.breaks))


class WeeklyShift(SpecialShift):
    """A shift that begins on these days of each week."""

    days: Annotated[Many[OneOf[Weekday]], Field(min_length=1, max_length=len(Weekday))]

    def payload(self) -> working_hours.WeeklyShift:
        """The shift."""
        return self.made_into(working_hours.WeeklyShift, breaks=tuple(pause.payload() for pause in self.breaks))


class SpecialDay(Body):
    """A day with shifts of its own instead of those of its weekday. A holiday has none."""

    date: Day
    name: Annotated[Line, Field(max_length=60)] | None = None
    shifts: Annotated[Many[SpecialShift], Field(max_length=6)] = ()

    def payload(self) -> working_hours.SpecialDay:
        """The special day."""
        return self.made_into(working_hours.SpecialDay, shifts=tuple(shift.payload() for shift in self.shifts))


class PutCalendar(Body):
    """A plan, and the day from which it holds."""

    valid_from: Day
    shifts: Annotated[Many[WeeklyShift], Field(max_length=MOST_SHIFTS)]
    special_days: Annotated[Many[SpecialDay], Field(max_length=MOST_SPECIAL_DAYS)] = ()

    def payload(self) -> calendars.NewPlan:
        """The plan."""
        return self.made_into(
            calendars.NewPlan,
            shifts=tuple(shift.payload() for shift in self.shifts),
            special_days=tuple(day.payload() for day in self.special_days),
        )


class ReadPlanned(Filters):
    """The window of planned shifts."""

    since: InstantParameter | None = Field(default=None, alias="from")
    until: InstantParameter | None = Field(default=None, alias="to")


class HoursOut(Out):
    """Hours by the plant's clock."""

    start: str
    end: str


class ShiftOut(HoursOut):
    """A shift."""

    name: str
    breaks: list[HoursOut]


class WeeklyShiftOut(ShiftOut):
    """A shift, and the weekdays on which it begins."""

    days: list[Weekday]


class SpecialDayOut(Out):
    """A day with shifts of its own."""

    date: date
    name: str | None
    shifts: list[ShiftOut]


class PlanOut(Out):
    """What holds from a day on, and who changed it last."""

    valid_from: date
    shifts: list[WeeklyShiftOut]
    special_days: list[SpecialDayOut]
    changed_at: InstantOut
    changed_by: str


class CalendarOut(Out):
    """A calendar: its plans, the earliest first, and the time zone of its clock."""

    calendar_id: str
    timezone: str
    plans: list[PlanOut]


class SpanOut(Out):
    """A time between two instants."""

    start: InstantOut
    end: InstantOut


class PlannedShiftOut(SpanOut):
    """A shift of a day: `day` is the local day on which it begins."""

    day: date
    name: str
    breaks: list[SpanOut]


class PlannedOut(Out):
    """The shifts that have a part in a window, and the planned busy seconds in it.

    `calendar_id` is the calendar that counts.
    """

    calendar_id: str
    window: WindowOut
    shifts: list[PlannedShiftOut]
    planned_seconds: float


def calendar_out(calendar: Calendar, timezone: str) -> CalendarOut:
    """Show a calendar."""
    plans = [PlanOut.model_validate(plan) for plan in calendar.plans]
    return CalendarOut(calendar_id=calendar.id, timezone=timezone, plans=plans)


def planned_out(
    calendar_id: str, window: Interval, timezone: str, shifts: Sequence[PlannedShift], busy: timedelta
) -> PlannedOut:
    """Show the planned shifts of a window."""
    return PlannedOut(
        calendar_id=calendar_id,
        window=WindowOut(start=window[0], end=window[1], timezone=timezone),
        shifts=[
            PlannedShiftOut(
                day=each.day,
                name=each.name,
                start=each.span[0],
                end=each.span[1],
                breaks=[_span(one) for one in each.breaks],
            )
            for each in shifts
        ],
        planned_seconds=busy.total_seconds(),
    )


def _span(interval: Interval) -> SpanOut:
    return SpanOut(start=interval[0], end=interval[1])
