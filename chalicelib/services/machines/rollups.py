"""Rollups: made again from an hour's chunks, and read."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from chalicelib import clock
from chalicelib.domain.intervals import Interval
from chalicelib.domain.machines.readings import EPOCH, hour_of
from chalicelib.domain.machines.rollups import HOUR, HourRollup, complete, roll_up
from chalicelib.domain.markers import MachineHour
from chalicelib.domain.people.users import Actor
from chalicelib.services.machines import known_machines
from chalicelib.services.pages import ListPage, page_of
from chalicelib.services.tenants import settings_of
from chalicelib.storage.machines import chunks
from chalicelib.storage.machines import rollups as storage

DEFAULT_REACH = timedelta(days=31)


@dataclass(frozen=True)
class RollupFilters:
    """Which rollups of a machine are wanted: of these sensors and types (none: of all), from one instant to another."""

    machine_id: str
    sensors: frozenset[str] = frozenset()
    types: frozenset[str] = frozenset()
    since: datetime | None = None
    until: datetime | None = None

    def hours(self, now: datetime) -> Interval:
        """The first hour and the hour after the last that have a part in the window; by default the last 31 days.

        Nothing was measured after now, so a window that reaches further is cut (at a turn of the year: cursors last).
        """
        midnight = hour_of(now).replace(hour=0) + timedelta(days=1)
        until = min(self.until or midnight, midnight.replace(year=now.year + 2, month=1, day=1))
        since = self.since or max(until, EPOCH) - DEFAULT_REACH
        return hour_of(since), hour_of(until + HOUR - timedelta(microseconds=1))

    def keeps(self, made: HourRollup) -> bool:
        """Whether a rollup is of the sensors and types wanted."""
        rollup = made.rollup
        return (not self.sensors or rollup.sensor in self.sensors) and (not self.types or rollup.type in self.types)


def remake(tenant: str, hour: MachineHour) -> None:
    """Make the rollups of a machine-hour again; what comes out as it stands is not written.

    Reads the rollups, then all chunks, in this sequence: whoever read fewer chunks finds the revision moved.
    Raises ConditionFailed, StorageUnavailable.
    """
    standing = {(each.rollup.sensor, each.rollup.type): each for each in storage.of_hour(tenant, hour)}
    as_of = clock.now()
    for rollup in roll_up(chunks.readings_of(tenant, hour)):
        before = standing.get((rollup.sensor, rollup.type))
        if before is None or before.rollup != rollup:
            revision = before.revision + 1 if before else 1
            storage.put(tenant, HourRollup(hour.machine_id, hour.hour, rollup, as_of, revision))


def page(actor: Actor, filters: RollupFilters, *, limit: int, cursor: str | None) -> ListPage[HourRollup]:
    """A page of a machine's rollups in order of time; one query, and one read of a machine not seen lately.

    Raises MachineNotFound, BadCursor.
    """
    known_machines.get(actor.tenant, filters.machine_id)
    first, end = filters.hours(clock.now())
    if end <= first:
        return ListPage([], None)
    chosen = [sorted(filters.sensors), sorted(filters.types)]
    found = storage.page(actor.tenant, filters.machine_id, first, end, limit=limit, cursor=cursor, filters=chosen)
    return page_of(found, HourRollup, filters.keeps)


def is_complete(actor: Actor, made: HourRollup) -> bool:
    """Whether a rollup's hour has had its time for late readings."""
    return complete(made.hour, clock.now(), settings_of(actor.tenant).late_window)
