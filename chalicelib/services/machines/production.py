"""Production: what the counter and the state of a machine come to in a window of device time."""

from collections.abc import Collection
from datetime import datetime, timedelta

from chalicelib import clock
from chalicelib.domain.machines.joined import (
    JOINED_TYPES,
    MICROSECOND,
    Produced,
    Production,
    cut_hours,
    joined,
    pieces_of,
)
from chalicelib.domain.machines.readings import hour_of
from chalicelib.domain.machines.rollups import HOUR, Rollup, complete
from chalicelib.domain.machines.windows import ends, refuse_wrong
from chalicelib.domain.markers import MachineHour
from chalicelib.domain.people.users import Actor
from chalicelib.services.machines import known_machines
from chalicelib.services.tenants import settings_of
from chalicelib.storage.machines import chunks, rollups

LONGEST, USUAL = timedelta(days=31), timedelta(days=1)


def read(actor: Actor, machine_id: str, sensor: str, since: datetime | None, until: datetime | None) -> Produced:
    """Read what a machine produced in a window of 31 days at most; by default the last 24 hours.

    What lies in the future is left out. The hours that an end of the window cuts, and the hour of now, are read
    reading by reading.

    Costs a query for each month, one for each cut hour, and one more for each further MB; and a read for the machine
    and one for the settings, if they were not read in the last minute. Raises MachineNotFound, BadParameter.
    """
    known_machines.get(actor.tenant, machine_id)
    now, settings = clock.now(), settings_of(actor.tenant)
    window = ends(since, until, now, USUAL)
    refuse_wrong(*window, LONGEST)
    begin, end = window[0], min(window[1], now)
    production = Production()
    if begin < end:
        pieces = pieces_between(actor.tenant, machine_id, {sensor}, begin - settings.max_carry, end, {begin, end})
        production = joined(pieces, begin, end, settings.max_carry)
    last_hour = hour_of(window[1] - MICROSECOND)
    settled = complete(last_hour, now, settings.late_window)
    return Produced(machine_id, sensor, window, settings.timezone, production, now, settled)


def pieces_between(
    tenant: str, machine_id: str, sensors: Collection[str], since: datetime, until: datetime, cuts: set[datetime]
) -> list[Rollup]:
    """The pieces of a machine's sensors in the hours that the window touches, cut at these instants."""
    cut = cut_hours(cuts)
    hours = hour_of(since), hour_of(until - MICROSECOND) + HOUR
    whole = rollups.between(tenant, machine_id, *hours, sensors, JOINED_TYPES)
    pieces = [made.rollup for made in whole if made.hour not in cut]
    for hour, instants in cut.items():
        pieces += pieces_of(chunks.readings_of(tenant, MachineHour(machine_id, hour)), instants)
    return [piece for piece in pieces if piece.sensor in sensors]  # other types have no counts and no states
