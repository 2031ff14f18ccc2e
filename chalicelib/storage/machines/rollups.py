"""Rollups in the table: one item per machine, sensor, type and hour; one partition per machine and month."""

from collections.abc import Collection, Iterator
from datetime import datetime, timedelta

from chalicelib.domain import instants
from chalicelib.domain.machines.readings import DEFAULT_SENSOR
from chalicelib.domain.machines.rollups import HourRollup
from chalicelib.domain.markers import MachineHour
from chalicelib.storage import cursors, table
from chalicelib.storage.items import item
from chalicelib.storage.keys import machines as keys
from chalicelib.storage.keys.shape import Key
from chalicelib.storage.pages import Page

MONTHS_PASSED = 12


def of_hour(tenant: str, hour: MachineHour) -> Iterator[HourRollup]:
    """Read the rollups of a machine-hour, consistently."""
    partition = keys.rollups(tenant, hour.machine_id, hour.hour)
    for stored in table.query(partition, keys.rollups_from(hour.hour)):
        yield stored.read(HourRollup)


def between(
    tenant: str, machine_id: str, first: datetime, end: datetime, sensors: Collection[str], types: Collection[str]
) -> Iterator[HourRollup]:
    """Read a machine's rollups of these sensors and types from one hour (included) to another (not included), by time.

    Reads consistently. Costs one query for each month, and one more for each further MB of all sensors and types.
    """
    month = first
    while month < end:
        partition = keys.rollups(tenant, machine_id, month)
        for stored in table.query(partition, between=(keys.rollups_from(first), keys.rollups_from(end))):
            series = stored.data["rollup"]
            if series["sensor"] in sensors and series["type"] in types:
                yield stored.read(HourRollup)
        month = _month_after(month)


def of_states(tenant: str, first: datetime, end: datetime) -> Iterator[HourRollup]:
    """Read the rollups of the states of all machines from one hour (included) to another (not included), by time.

    Reads an index, which may be a moment late. Costs one query for each day, and one more for each further MB.
    """
    day = first
    while day < end:
        between = keys.rollups_from(first), keys.rollups_from(end)
        for stored in table.page("by_state", keys.states(tenant, day), between=between).items:
            yield stored.read(HourRollup)
        day = day.replace(hour=0) + timedelta(days=1)


def put(tenant: str, made: HourRollup) -> None:
    """Write a rollup, if the stored revision is the one before it. Raises ConditionFailed.

    That of the state of a machine stands in an index too, so that the stops of all machines can be read.
    """
    told = made.rollup.states and made.rollup.sensor == DEFAULT_SENSOR
    place = keys.state(tenant, made.machine_id, made.hour) if told else None
    written = item(_key(tenant, made), "rollup", made, by_state=place, revision=made.revision)
    table.put(written, table.follows(written))


def delete(tenant: str, made: HourRollup) -> None:
    """Delete a rollup, if nobody has written it since it was read. Raises ConditionFailed."""
    table.delete(_key(tenant, made), table.at_revision(made.revision))


def page(
    tenant: str, machine_id: str, first: datetime, end: datetime, *, limit: int, cursor: str | None, filters: object
) -> Page:
    """A page of the rollups from one hour (included) to another (not included). A page holds one month only.

    Costs one query, and one more for each month without rollups that is skipped, at most a year.
    """
    bound = cursors.list_id("rollups", tenant, machine_id, instants.wire(first), instants.wire(end), filters)
    month, within = _opened(cursor, bound) if cursor else (first, None)
    passed = 0
    while True:
        found = table.page(
            None,
            keys.rollups(tenant, machine_id, month),
            limit=limit,
            cursor=within,
            filters=filters,
            between=(keys.rollups_from(first), keys.rollups_from(end)),
        )
        if found.place:
            return _ended(found, month, bound)
        month, within, passed = _month_after(month), None, passed + 1
        if month >= end:
            return Page(found.items)
        if found.items or passed == MONTHS_PASSED:
            return _ended(found, month, bound)


def _key(tenant: str, made: HourRollup) -> Key:
    return keys.rollup(tenant, made.machine_id, made.hour, made.rollup.sensor, made.rollup.type)


def _month_after(instant: datetime) -> datetime:
    first_day = instant.replace(day=1, hour=0)
    return (first_day + timedelta(days=31)).replace(day=1)


def _ended(found: Page, month: datetime, bound: str) -> Page:
    """A page with the place where it ended: the month of the next page, and the place in that month, if any."""
    return Page(found.items, {"month": instants.wire(month), "within": found.next_cursor or ""}, bound)


def _opened(cursor: str, bound: str) -> tuple[datetime, str | None]:
    """The place where a page ended: the month, and the place in it. Raises BadCursor if it is from another list."""
    place = cursors.opened(cursor, bound)
    return instants.parse(place["month"]), place["within"] or None
