"""Pareto of losses: the reasons of stops in a range of local days."""

from datetime import date, datetime, timedelta

from chalicelib import clock
from chalicelib.domain.errors import BadParameter
from chalicelib.domain.intervals import Interval, bounds, local_day
from chalicelib.domain.machines.joined import MICROSECOND
from chalicelib.domain.machines.readings import hour_of
from chalicelib.domain.machines.rollups import complete
from chalicelib.domain.numbers.pareto import LossKind, Pareto, of_stops, rows_of
from chalicelib.domain.people.users import Actor
from chalicelib.services.machines import known_machines, stops
from chalicelib.services.tenants import settings_of

DAY = timedelta(days=1)
USUAL_DAYS, MOST_DAYS, MOST_DAYS_OF_ALL = 7, 31, 7
"""The days of a range by default, and the most of stops: of one machine, and of all."""


def of_stops_in(actor: Actor, machine_id: str | None, first: date | None, last: date | None) -> Pareto:
    """Read why a machine, or all, were stopped in local days, both included: 31 days of one, 7 of all at most.

    What lies in the future is left out. Costs one query of the explanations, and one for each month (of a machine) or
    each day (of all), one more for each further MB; and a read each for the machine and the settings, if they were not
    read in the last minute. Raises MachineNotFound, BadParameter.
    """
    if machine_id is not None:
        known_machines.get(actor.tenant, machine_id)
    now, settings = clock.now(), settings_of(actor.tenant)
    window = _window(first, last, now, settings.timezone, MOST_DAYS_OF_ALL if machine_id is None else MOST_DAYS)
    found = stops.touching(actor.tenant, machine_id, window) if window[0] < window[1] else []
    rows, total = rows_of(of_stops(found, window))
    settled = complete(hour_of(window[1] - MICROSECOND), now, settings.late_window)
    return Pareto(LossKind.STOPS, "minutes", machine_id, window, settings.timezone, total, rows, now, settled)


def _window(first: date | None, last: date | None, now: datetime, timezone: str, most: int) -> Interval:
    """What is over of local days, both included; by default the last seven. Raises BadParameter."""
    until = last or (first + (USUAL_DAYS - 1) * DAY if first else local_day(now, timezone))
    since = first or until - (USUAL_DAYS - 1) * DAY
    if not timedelta(0) <= until - since < most * DAY:
        raise BadParameter(f"from must not be after to; the range may have at most {most} days.")
    begin = bounds(since, timezone)[0]
    return begin, max(begin, min(bounds(until, timezone)[1], now))
