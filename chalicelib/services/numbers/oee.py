"""OEE of a machine, and of many by machine, line, shift or day."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from chalicelib import clock
from chalicelib.domain.errors import BadParameter
from chalicelib.domain.intervals import local_day
from chalicelib.domain.machines.joined import MICROSECOND
from chalicelib.domain.machines.machines import Machine
from chalicelib.domain.machines.readings import hour_of
from chalicelib.domain.machines.rollups import complete
from chalicelib.domain.machines.windows import ends, refuse_wrong
from chalicelib.domain.numbers import explained_machines
from chalicelib.domain.numbers.inputs import Input
from chalicelib.domain.numbers.machine_oee import By, Look, MeasuredRow, Observed, Row, rows_of
from chalicelib.domain.numbers.settling import Waiting
from chalicelib.domain.people.users import Actor
from chalicelib.domain.sentences import say
from chalicelib.domain.tenant_settings import WithoutStates
from chalicelib.services.machines import known_machines
from chalicelib.services.machines.machines import MachineFilters
from chalicelib.services.machines.machines import page as page_of_machines
from chalicelib.services.numbers import machine_inputs
from chalicelib.services.numbers.settling import unsettled
from chalicelib.services.pages import ListPage, part_of
from chalicelib.services.tenants import settings_of
from chalicelib.storage import cursors
from chalicelib.storage.machines import machines
from chalicelib.storage.orders import stages

LONGEST, USUAL, DAY = timedelta(days=31), timedelta(days=1), timedelta(days=1)
MOST_MACHINE_DAYS = 620
"""The most machines times days of a page: 20 machines for a month, or 100 for six days."""


@dataclass(frozen=True)
class OeeFilters:
    """What is asked for: what the rows are of, one machine or those of a line (None: all), and a window."""

    by: By = By.MACHINE
    machine_id: str | None = None
    line: str | None = None
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True)
class _One:
    """A machine that was measured, what is known of it, and what was looked at."""

    measured: MeasuredRow
    observed: Observed
    look: Look


def of_machine(actor: Actor, machine_id: str, since: datetime | None, until: datetime | None) -> MeasuredRow:
    """Measure a machine in a window of 31 days at most; by default the last 24 hours.

    What lies in the future is left out. Costs two queries, and what its inputs cost (`machine_inputs.observed`); and a
    read each for the machine and the settings, if they were not read in the last minute.
    Raises MachineNotFound, BadParameter.
    """
    return _one(actor, machine_id, since, until).measured


def explained_machine(
    actor: Actor,
    machine_id: str,
    since: datetime | None,
    until: datetime | None,
    *,
    limit: int,
    cursor: str | None,
) -> tuple[MeasuredRow, ListPage[Input]]:
    """Measure a machine, with a page of its inputs; they cost nothing more. Workers are not told the sessions.

    Raises MachineNotFound, BadParameter, BadCursor.
    """
    one = _one(actor, machine_id, since, until)
    bound = cursors.list_id("inputs of oee", actor.tenant, machine_id, since, until)
    inputs = explained_machines.of_machine(one.observed, one.look, sessions=actor.plans)
    return one.measured, part_of(inputs, lambda each: each.place, bound, limit=limit, cursor=cursor)


def _one(actor: Actor, machine_id: str, since: datetime | None, until: datetime | None) -> _One:
    machine = known_machines.get(actor.tenant, machine_id)
    look, waiting = _look(actor.tenant, since, until), _waiting(actor.tenant)
    (observed,) = machine_inputs.observed(actor.tenant, [machine], look)
    (row,) = rows_of(By.MACHINE, [observed], look)
    calendar_id = observed.calendar.id if observed.calendar else None
    return _One(_measured(actor.tenant, row, look, waiting, calendar_id), observed, look)


def page(actor: Actor, filters: OeeFilters, *, limit: int, cursor: str | None) -> ListPage[MeasuredRow]:
    """A page of rows: of machines by id, of lines by name, of shifts and days by time.

    A page of machines measures only its own; all others measure all machines that are asked for, on each page. Their
    number times that of the days is 620 at most. Costs two queries and one of the machines, and what the inputs of the
    machines cost (`machine_inputs.observed`). Raises BadParameter, BadCursor.
    """
    look, waiting = _look(actor.tenant, filters.since, filters.until), _waiting(actor.tenant)
    if filters.by is By.MACHINE:
        some = _page_of_machines(actor, filters, look, limit=limit, cursor=cursor)
        return ListPage(_rows(actor.tenant, By.MACHINE, some.items, look, waiting), some.next_cursor)
    rows = _rows(actor.tenant, filters.by, _all_machines(actor, filters, look), look, waiting)
    asked = filters.by, filters.machine_id, filters.line, filters.since, filters.until
    bound = cursors.list_id("oee", actor.tenant, *asked)
    return part_of(rows, lambda each: each.row.key, bound, limit=limit, cursor=cursor)


def _look(tenant: str, since: datetime | None, until: datetime | None) -> Look:
    """What is looked at. Raises BadParameter."""
    now, settings = clock.now(), settings_of(tenant)
    window = ends(since, until, now, USUAL)
    refuse_wrong(*window, LONGEST)
    return Look(window, settings.timezone, now, settings.without_states is WithoutStates.SESSIONS)


def _waiting(tenant: str) -> Waiting:
    """What can still change sessions. Open sessions are read first: one that closes in between leaves a marker."""
    stage = stages.first_at_work(tenant)
    return unsettled(tenant, min((each.started_at for each in stage.open_sessions), default=None) if stage else None)


def _page_of_machines(
    actor: Actor, filters: OeeFilters, look: Look, *, limit: int, cursor: str | None
) -> ListPage[Machine]:
    if filters.machine_id is not None:
        return ListPage(_all_machines(actor, filters, look), None)
    most = min(limit, _most_machines(look))
    return page_of_machines(actor, MachineFilters(filters.line), limit=most, cursor=cursor)


def _all_machines(actor: Actor, filters: OeeFilters, look: Look) -> list[Machine]:
    """All machines that are asked for. Raises BadParameter if they are too many for a request."""
    those, one, tenant = MachineFilters(filters.line), filters.machine_id, actor.tenant
    wanted = machines.every(tenant) if one is None else known_machines.find([(tenant, one)]).values()
    found = [machine for machine in wanted if those.keeps(machine)]
    most = _most_machines(look)
    if len(found) > most:
        form = "These are {number} machines; of such a window {most} are the most. Ask for a line, or a shorter one."
        raise BadParameter(say(form, number=len(found), most=most))
    return found


def _most_machines(look: Look) -> int:
    days = -((look.window[0] - look.window[1]) // DAY)
    return MOST_MACHINE_DAYS // days


def _rows(tenant: str, by: By, some: Sequence[Machine], look: Look, waiting: Waiting) -> list[MeasuredRow]:
    observed = machine_inputs.observed(tenant, some, look)
    return [_measured(tenant, row, look, waiting) for row in rows_of(by, observed, look)]


def _measured(tenant: str, row: Row, look: Look, waiting: Waiting, calendar_id: str | None = None) -> MeasuredRow:
    """A row with what is around it. Late readings and bookings change its days, not those after them."""
    settings = settings_of(tenant)
    day, last = (local_day(each, look.timezone) for each in (row.window[0], row.window[1] - MICROSECOND))
    days = [day + n * DAY for n in range((last - day).days + 1)]
    settled = complete(hour_of(row.window[1] - MICROSECOND), look.now, settings.late_window)
    awaited = any(waiting.touches(each, look.timezone) for each in days)
    return MeasuredRow(row, look.timezone, look.now, settled and not awaited, calendar_id)
