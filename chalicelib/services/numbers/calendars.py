"""Shift calendars: reading and changing them, and the planned shifts of a window."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from chalicelib import clock
from chalicelib.domain.intervals import Interval, total
from chalicelib.domain.machines.windows import ends, refuse_wrong
from chalicelib.domain.numbers.calendars import (
    DEFAULT,
    Calendar,
    CalendarNotFound,
    NewPlan,
    PlannedShift,
    busy,
    planned_shifts,
    with_plan,
)
from chalicelib.domain.people.users import Actor
from chalicelib.domain.sentences import say
from chalicelib.services.idempotency import Answer, Request
from chalicelib.services.machines import known_machines
from chalicelib.services.tenants import settings_of
from chalicelib.services.transactions import Prepared, carry_out
from chalicelib.storage.numbers import calendars

LONGEST, USUAL = timedelta(days=31), timedelta(days=7)

Present = Callable[[Calendar, str], Any]
"""Shows a calendar in the plant's time zone."""


@dataclass(frozen=True)
class Planned:
    """The shifts of a window, and the planned busy time in it. `calendar_id` is the calendar that counts."""

    calendar_id: str
    window: Interval
    timezone: str
    shifts: tuple[PlannedShift, ...]
    busy: timedelta


def read(actor: Actor, calendar_id: str, present: Present) -> Answer:
    """Read the calendar of a machine, or with `default` that of the plant. Raises MachineNotFound, CalendarNotFound."""
    calendar = calendars.find(actor.tenant, _known(actor, calendar_id))
    if calendar is None:
        raise _missing(calendar_id)
    return Answer(present(calendar, settings_of(actor.tenant).timezone), version=calendar.revision)


def put(actor: Actor, calendar_id: str, plan: NewPlan, request: Request, present: Present) -> Answer:
    """Put a plan into a calendar, and make the calendar if there is none. Costs a read and a transaction.

    Raises MachineNotFound, InvalidFields, StaleVersion.
    """

    def prepare() -> Prepared:
        before = calendars.find(actor.tenant, _known(actor, calendar_id)) or Calendar(calendar_id)
        request.refuse_stale(before.revision)
        timezone = settings_of(actor.tenant).timezone
        after = with_plan(before, plan, actor.user_id, clock.now(), timezone)
        answer = Answer(present(after, timezone), version=after.revision)
        return Prepared(answer, calendars.put(actor.tenant, after))

    return carry_out(actor, "put_calendar", plan, request, prepare, target=calendar_id)


def planned(actor: Actor, calendar_id: str, since: datetime | None, until: datetime | None) -> Planned:
    """The planned shifts of a machine or of the plant in a window of 31 days at most; by default a week from now on.

    A machine without a calendar of its own has that of the plant. Costs one read, and one for a machine that was not
    read in the last minute. Raises MachineNotFound, CalendarNotFound, BadParameter.
    """
    window = ends(since, until, clock.now() + USUAL, USUAL)
    refuse_wrong(*window, LONGEST)
    calendar = calendars.find_first(actor.tenant, *dict.fromkeys((_known(actor, calendar_id), DEFAULT)))
    if calendar is None:
        raise _missing(DEFAULT)
    timezone = settings_of(actor.tenant).timezone
    shifts = tuple(planned_shifts(calendar, window, timezone))
    return Planned(calendar.id, window, timezone, shifts, total(busy(shifts, window)))


def _known(actor: Actor, calendar_id: str) -> str:
    """The id of a calendar that there may be. Raises MachineNotFound."""
    return calendar_id if calendar_id == DEFAULT else known_machines.get(actor.tenant, calendar_id).id


def _missing(calendar_id: str) -> CalendarNotFound:
    if calendar_id == DEFAULT:
        return CalendarNotFound(say("PUT /calendars/{calendar_id} makes it.", calendar_id=calendar_id))
    form = "PUT /calendars/{calendar_id} makes it; until then the plant's calendar counts."
    return CalendarNotFound(say(form, calendar_id=calendar_id))
