"""Rollups: recomputing them from the chunks of an hour, and reading them."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from chalicelib import clock
from chalicelib.domain.intervals import Interval
from chalicelib.domain.machines.chunks import Chunk, expires_at, messages_of, read_again
from chalicelib.domain.machines.latest import shown_within, with_newer
from chalicelib.domain.machines.readings import EPOCH, Reading, hour_of
from chalicelib.domain.machines.rollups import (
    HOUR,
    READINGS_A_MINUTE,
    HourRollup,
    Rollup,
    complete,
    may_wait,
    roll_up,
)
from chalicelib.domain.markers import MachineHour
from chalicelib.domain.people.users import Actor
from chalicelib.domain.timers import Timer, Watched
from chalicelib.services.machines import known_machines
from chalicelib.services.machines.groups import Arrived
from chalicelib.services.machines.ingest import ingest
from chalicelib.services.pages import ListPage, page_of
from chalicelib.services.tenants import settings_of
from chalicelib.storage import timers, writes
from chalicelib.storage.machines import chunks
from chalicelib.storage.machines import latest as latest_values
from chalicelib.storage.machines import rollups as storage
from chalicelib.storage.machines.chunks import HourChunk

DEFAULT_REACH = timedelta(days=31)
MINUTE = timedelta(minutes=1)
Series = tuple[str, str]
"""Sensor and type."""


@dataclass(frozen=True)
class RollupFilters:
    """The filters of a machine's rollups: sensors and types (empty: all), and a window of device time."""

    machine_id: str
    sensors: frozenset[str] = frozenset()
    types: frozenset[str] = frozenset()
    since: datetime | None = None
    until: datetime | None = None

    def hours(self, now: datetime) -> Interval:
        """The first hour that the window touches, and the hour after the last. The default is the last 31 days.

        A window that ends in the future is cut, because there are no readings yet. It is cut at the end of the next
        year, so that it stays the same from page to page.
        """
        midnight = hour_of(now).replace(hour=0) + timedelta(days=1)
        until = min(self.until or midnight, midnight.replace(year=now.year + 2, month=1, day=1))
        since = self.since or max(until, EPOCH) - DEFAULT_REACH
        return hour_of(since), hour_of(until + HOUR - timedelta(microseconds=1))

    def keeps(self, made: HourRollup) -> bool:
        """Whether a rollup passes the filters of sensors and types."""
        rollup = made.rollup
        return (not self.sensors or rollup.sensor in self.sensors) and (not self.types or rollup.type in self.types)


def remake(tenant: str, hour: MachineHour, since: datetime) -> bool:
    """Recompute the rollups of a machine-hour whose oldest marker waits since then. Unchanged rollups are not written.

    Returns False if nothing is done yet, because the hour has many readings and may wait longer.
    Raises ConditionFailed, StorageUnavailable.
    """
    standing = _standing(tenant, hour)
    as_of = clock.now()
    if _waits(tenant, sum(stored.rollup.count for stored in standing.values()), as_of - since):
        return False
    _remake(tenant, hour, standing, as_of)
    return True


def again(tenant: str, hour: MachineHour) -> int:
    """Recompute the rollups of a machine-hour now, and return how many were not right.

    Costs two queries if all were right. Raises ConditionFailed, StorageUnavailable.
    """
    standing = _standing(tenant, hour)
    return _remake(tenant, hour, standing, clock.now())


def _standing(tenant: str, hour: MachineHour) -> dict[Series, HourRollup]:
    return {(stored.rollup.sensor, stored.rollup.type): stored for stored in storage.of_hour(tenant, hour)}


def _remake(tenant: str, hour: MachineHour, standing: Mapping[Series, HourRollup], as_of: datetime) -> int:
    """Write the rollups of the chunks of a machine-hour that differ from the stored ones. Returns how many did.

    The rollups were read before the chunks: if another run has read more chunks and written since, the revision has
    changed and the write fails. The machine's latest values are written with them, if they changed: one read more, and
    at most one write. A rollup with fewer readings than the stored one is not written: chunks have expired since.
    """
    found = chunks.of_hour(tenant, hour)
    rolled = roll_up(found.readings)
    changed = list(_changed(hour, rolled, standing, as_of, may_shrink=bool(found.misread)))
    gone = _gone(rolled, standing) if found.misread else []
    if changed or gone:
        # Before the rollups: a run that ends in between finds the hour changed again.
        _keep_latest(tenant, hour.machine_id, rolled, as_of, found.misread)
    for made in changed:
        storage.put(tenant, made)
    for made in gone:
        storage.delete(tenant, made)
    _read_again(tenant, hour, found.chunks_misread)
    return len(changed) + len(gone)


def _read_again(tenant: str, hour: MachineHour, misread: Iterable[Chunk]) -> None:
    """Take in messages again that were read with the names of an older birth, because a newer one came after them.

    Their chunks stay, without the messages: so it is known that the hour may have fewer readings than before.
    """
    for chunk in misread:
        messages = messages_of(chunk)
        if messages:
            ingest(Arrived(body, sent_at) for body, sent_at in messages)
            end = expires_at(hour.hour, settings_of(tenant).readings_kept)
            chunks.write([HourChunk(tenant, hour, read_again(chunk), end)])


def _changed(
    hour: MachineHour,
    rolled: Iterable[Rollup],
    standing: Mapping[Series, HourRollup],
    as_of: datetime,
    *,
    may_shrink: bool,
) -> Iterator[HourRollup]:
    """The rollups of an hour that differ from the stored ones, with their next revision."""
    for rollup in rolled:
        before = standing.get((rollup.sensor, rollup.type))
        if before is None or (before.rollup != rollup and (may_shrink or before.rollup.count <= rollup.count)):
            yield HourRollup(hour.machine_id, hour.hour, rollup, as_of, before.revision + 1 if before else 1)


def _gone(rolled: Iterable[Rollup], standing: Mapping[Series, HourRollup]) -> list[HourRollup]:
    """The stored rollups of series without readings."""
    left = {(rollup.sensor, rollup.type) for rollup in rolled}
    return [made for series, made in standing.items() if series not in left]


def _keep_latest(
    tenant: str, machine_id: str, rolled: Iterable[Rollup], as_of: datetime, misread: Iterable[Reading]
) -> None:
    """Write the machine's latest values, if one of these is newer. Raises ConditionFailed.

    A machine that was not watched is from now on: a timer looks whether it became silent.
    """
    before = latest_values.of_machine(tenant, machine_id)
    after = with_newer(before, rolled, as_of, misread)
    if after == before:
        return
    if before.watched:
        latest_values.put(tenant, after)
        return
    due_at = clock.now() + shown_within(settings_of(tenant).rollups_within)
    watch = timers.put([Timer(tenant, Watched.MACHINE, machine_id, due_at)])
    writes.commit(latest_values.change(tenant, replace(after, watched=True)) + watch)


def _waits(tenant: str, readings: int, waited: timedelta) -> bool:
    """Whether an hour with so many readings can wait until the clock's next minute."""
    if readings <= READINGS_A_MINUTE:
        return False
    return waited + MINUTE < may_wait(readings, settings_of(tenant).rollups_within)


def page(actor: Actor, filters: RollupFilters, *, limit: int, cursor: str | None) -> ListPage[HourRollup]:
    """A page of a machine's rollups by time.

    Costs one query, and one read if the machine was not read in the last minute. Raises MachineNotFound, BadCursor.
    """
    known_machines.get(actor.tenant, filters.machine_id)
    first, end = filters.hours(clock.now())
    if end <= first:
        return ListPage([], None)
    chosen = [sorted(filters.sensors), sorted(filters.types)]
    listed = storage.page(actor.tenant, filters.machine_id, first, end, limit=limit, cursor=cursor, filters=chosen)
    return page_of(listed, HourRollup, filters.keeps)


def is_complete(actor: Actor, made: HourRollup) -> bool:
    """Whether the rollup's hour and its late window are over."""
    return complete(made.hour, clock.now(), settings_of(actor.tenant).late_window)
