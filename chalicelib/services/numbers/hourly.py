"""Good pieces against expected ones by the hour, of a machine or of a stage."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from chalicelib import clock
from chalicelib.domain.errors import BadParameter
from chalicelib.domain.intervals import Interval, local_day
from chalicelib.domain.machines.joined import MICROSECOND
from chalicelib.domain.machines.readings import DEFAULT_SENSOR, hour_of
from chalicelib.domain.machines.rollups import complete
from chalicelib.domain.machines.windows import ends, refuse_wrong
from chalicelib.domain.numbers.calendars import DEFAULT, busy, planned_shifts
from chalicelib.domain.numbers.hourly import LONGEST_PAUSE, MOST_STAGES, Hourly, Looked, WorkedStage, rows_of, stages_at
from chalicelib.domain.orders.work_orders import Stage
from chalicelib.domain.people.users import Actor
from chalicelib.domain.sentences import say
from chalicelib.services.machines import known_machines
from chalicelib.services.machines.production import pieces_between
from chalicelib.services.tenants import settings_of
from chalicelib.storage.numbers import aggregates, calendars
from chalicelib.storage.orders import stages, work_orders

LONGEST, USUAL, DAY = timedelta(days=2), timedelta(days=1), timedelta(days=1)


def of_machine(actor: Actor, machine_id: str, since: datetime | None, until: datetime | None) -> Hourly:
    """Read the hours of a machine in a window of 48 hours at most; by default the last 24 hours.

    What lies in the future is left out. Which stages were worked on is read from the facts of days, so a session that
    ended a moment ago may be missing for up to a minute, and from the list of stages that are worked on now.

    Costs a query for each local day from 24 hours before the window on, and one for each stage; one of the stages that
    are worked on, one read of the stages and one of the calendars; a query of the rollups for each month, and one for
    each cut hour; and a read each for the machine and the settings, if they were not read in the last minute. The
    query of a day reads the facts of all sessions of the plant, about 0.4 KB each.

    Raises MachineNotFound, BadParameter.
    """
    machine = known_machines.get(actor.tenant, machine_id)
    now, window = _window(since, until)
    wanted = sorted(_at_machine(actor.tenant, machine.id, window))
    if len(wanted) > MOST_STAGES:
        form = "{number} stages were worked on there, {most} are the most; ask for a shorter window."
        raise BadParameter(say(form, number=len(wanted), most=MOST_STAGES))
    worked = [_worked(actor.tenant, stage) for stage in stages.find_all(actor.tenant, wanted)] if wanted else []
    return _hourly(actor.tenant, machine.id, machine.id, worked, window, now)


def of_stage(actor: Actor, stage_id: str, since: datetime | None, until: datetime | None) -> Hourly:
    """Read the hours of a stage, at all machines, in a window of 48 hours at most; by default the last 24 hours.

    The calendar is that of the machine for which the stage is planned, else the plant's. Costs a query of the order,
    one of the stage's sessions, and one read of the calendars. Raises StageNotFound, BadParameter.
    """
    order = work_orders.load_of_stage(actor.tenant, stage_id)
    stage = order.stage_seen_by(actor, stage_id)
    now, window = _window(since, until)
    return _hourly(actor.tenant, None, stage.machine_id, [_worked(actor.tenant, stage)], window, now)


def _window(since: datetime | None, until: datetime | None) -> tuple[datetime, Interval]:
    """The present, and what is over of the window. Raises BadParameter."""
    now = clock.now()
    begin, end = ends(since, until, now, USUAL)
    refuse_wrong(begin, end, LONGEST)
    return now, (begin, max(begin, min(end, now)))


def _at_machine(tenant: str, machine_id: str, window: Interval) -> set[str]:
    """The ids of the stages that may count at a machine in a window, those included that are worked on now."""
    timezone = settings_of(tenant).timezone
    first, last = local_day(window[0] - LONGEST_PAUSE, timezone), local_day(window[1], timezone)
    days = [first + n * DAY for n in range((last - first).days + 1)]
    facts = (fact for day in days for _, fact in aggregates.sessions_of(tenant, day))
    return stages_at(facts, machine_id, window) | {
        stage.id
        for stage in stages.at_work(tenant)
        if any(each.machine_id == machine_id and each.started_at < window[1] for each in stage.open_sessions)
    }


def _worked(tenant: str, stage: Stage) -> WorkedStage:
    """A stage with its sessions and reports, in one query."""
    return WorkedStage(stage, *work_orders.written_on_stage(tenant, stage))


def _hourly(
    tenant: str,
    machine_id: str | None,
    planned_on: str | None,
    worked: Sequence[WorkedStage],
    window: Interval,
    now: datetime,
) -> Hourly:
    settings = settings_of(tenant)
    calendar = calendars.find_first(tenant, *dict.fromkeys((planned_on or DEFAULT, DEFAULT)))
    shifts = planned_shifts(calendar, window, settings.timezone) if calendar else ()
    pieces = None
    if machine_id and window[0] < window[1]:
        since = window[0] - settings.max_carry
        pieces = pieces_between(tenant, machine_id, {DEFAULT_SENSOR}, since, window[1], set(window))
    looked = Looked(worked, machine_id, busy(shifts, window) if calendar else None, pieces, settings.max_carry)
    hours, total = rows_of(looked, window)
    return Hourly(
        machine_id=machine_id,
        stages=[each.stage for each in worked],
        calendar_id=calendar.id if calendar else None,
        window=window,
        timezone=settings.timezone,
        hours=hours,
        total=total,
        as_of=now,
        complete=complete(hour_of(window[1] - MICROSECOND), now, settings.late_window),
    )
