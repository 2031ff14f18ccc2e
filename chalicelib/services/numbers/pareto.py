"""Pareto of losses in a range of local days: the reasons of stops, of pauses and of scrap."""

from collections.abc import Callable
from datetime import date, datetime, timedelta

from chalicelib import clock
from chalicelib.domain.intervals import Interval, bounds, local_day, refuse_wrong_days
from chalicelib.domain.machines.joined import MICROSECOND
from chalicelib.domain.machines.readings import hour_of
from chalicelib.domain.machines.rollups import complete
from chalicelib.domain.numbers.day_sums import DaySums
from chalicelib.domain.numbers.dimensions import Dimension, Group, Place
from chalicelib.domain.numbers.pareto import Loss, LossKind, Pareto, of_pauses, of_scrap, of_stops, rows_of
from chalicelib.domain.people.users import Actor
from chalicelib.services.machines import known_machines, stops
from chalicelib.services.numbers.days import waiting_of
from chalicelib.services.tenants import settings_of
from chalicelib.storage.numbers import daily_sums

DAY = timedelta(days=1)
USUAL_DAYS = 7
MOST_DAYS_OF_STOPS, MOST_DAYS_OF_ALL_STOPS, MOST_DAYS = 31, 7, 400
"""The most days of a range: of the stops of one machine, of those of all, and of what is summed by day."""

Days = tuple[date, date]

IN_A_DAY: dict[LossKind, Callable[[DaySums], list[Loss]]] = {LossKind.PAUSES: of_pauses, LossKind.SCRAP: of_scrap}


def read(actor: Actor, of: LossKind, machine_id: str | None, first: date | None, last: date | None) -> Pareto:
    """Read the losses of a machine, or of the plant, in local days, both included; by default the last seven.

    Stops: what lies in the future is left out. Costs one query of the explanations, and one for each month (of a
    machine) or each day (of all), one more for each further MB. 31 days of one machine, 7 of all at most.

    Pauses and scrap: the sums of days, as fresh as the last aggregation. Costs three queries, and a request for each
    100 days of a machine. 400 days at most.

    A machine and the settings cost a read each if they were not read in the last minute. Raises MachineNotFound,
    BadParameter.
    """
    if machine_id is not None:
        known_machines.get(actor.tenant, machine_id)
    now, timezone = clock.now(), settings_of(actor.tenant).timezone
    if of is LossKind.STOPS:
        most = MOST_DAYS_OF_ALL_STOPS if machine_id is None else MOST_DAYS_OF_STOPS
        return _of_stops(actor.tenant, machine_id, _range(first, last, now, timezone, most), now)
    return _of_days(actor.tenant, of, machine_id, _range(first, last, now, timezone, MOST_DAYS), now)


def _of_stops(tenant: str, machine_id: str | None, days: Days, now: datetime) -> Pareto:
    settings = settings_of(tenant)
    begin, end = _window(days, settings.timezone)
    window = begin, max(begin, min(end, now))
    found = stops.touching(tenant, machine_id, window) if window[0] < window[1] else []
    rows, total = rows_of(of_stops(found, window))
    settled = complete(hour_of(window[1] - MICROSECOND), now, settings.late_window)
    return Pareto(LossKind.STOPS, machine_id, window, settings.timezone, total, rows, now, settled)


def _of_days(tenant: str, of: LossKind, machine_id: str | None, days: Days, now: datetime) -> Pareto:
    """The losses in the sums of days: of the plant, or of a machine."""
    settings, waiting = settings_of(tenant), waiting_of(tenant)
    plant = daily_sums.between(tenant, *days)
    each_day = [days[0] + n * DAY for n in range((days[1] - days[0]).days + 1)]
    sums = plant
    if machine_id is not None:
        group = Group(Dimension.MACHINE, machine_id)
        sums = list(daily_sums.find(tenant, [Place(day, group) for day in each_day]).values())
    rows, total = rows_of(loss for made in sums for loss in IN_A_DAY[of](made.sums))
    window = _window(days, settings.timezone)
    unrecorded = sum(not made.sums.whole for made in plant)
    awaited = any(waiting.touches(day, settings.timezone) for day in each_day)
    return Pareto(
        of=of,
        machine_id=machine_id,
        window=window,
        timezone=settings.timezone,
        total=total,
        rows=rows,
        as_of=now,
        complete=now >= window[1] + settings.late_window and not awaited and not unrecorded,
        watermark=max((made.made_at for made in plant), default=None),
        unrecorded_days=unrecorded,
    )


def _range(first: date | None, last: date | None, now: datetime, timezone: str, most: int) -> Days:
    """The first and the last day that are asked for. Raises BadParameter."""
    until = last or (first + (USUAL_DAYS - 1) * DAY if first else local_day(now, timezone))
    since = first or until - (USUAL_DAYS - 1) * DAY
    refuse_wrong_days(since, until, most)
    return since, until


def _window(days: Days, timezone: str) -> Interval:
    return bounds(days[0], timezone)[0], bounds(days[1], timezone)[1]
