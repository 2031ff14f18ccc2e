"""The doors of shift calendars."""

from typing import Any

from chalicelib.domain.errors import Conflict, Stale
from chalicelib.domain.numbers.calendars import Calendar
from chalicelib.schemas.calendars import CalendarOut, PlannedOut, PutCalendar, ReadPlanned, calendar_out, planned_out
from chalicelib.services.idempotency import Answer
from chalicelib.services.numbers import calendars
from functions._endpoint import Call, Doors

doors = Doors(__name__)


@doors.route("GET", "/calendars/{calendar_id}", action="calendar.read", answers=CalendarOut)
def read_calendar(call: Call, calendar_id: str) -> Answer:
    """Read the shift calendar of a machine, or with `default` that of the plant."""
    return calendars.read(call.actor, calendar_id, _shown)


@doors.route(
    "PUT",
    "/calendars/{calendar_id}",
    action="calendar.change",
    body=PutCalendar,
    answers=CalendarOut,
    refuses=(Conflict, Stale),
    versioned=True,
)
def put_calendar(call: Call, calendar_id: str) -> Answer:
    """Put a plan into a calendar, from a day on; the past keeps its calendar."""
    return calendars.put(call.actor, calendar_id, call.body.payload(), call.request, _shown)


@doors.route("GET", "/calendars/{calendar_id}/shifts", action="calendar.read", query=ReadPlanned, answers=PlannedOut)
def read_planned_shifts(call: Call, calendar_id: str) -> Answer:
    """Read the planned shifts that have a part in up to 31 days [from, to); by default in the next week."""
    found = calendars.planned(call.actor, calendar_id, call.query.since, call.query.until)
    return Answer(planned_out(found.calendar_id, found.window, found.timezone, found.shifts, found.busy).plain())


def _shown(calendar: Calendar, timezone: str) -> dict[str, Any]:
    return calendar_out(calendar, timezone).plain()
