"""Rollups in the table: one item per machine, sensor, type and hour; one partition per machine and month."""

import json
from collections.abc import Iterator
from datetime import datetime, timedelta

from chalicelib.domain import instants
from chalicelib.domain.digests import digest
from chalicelib.domain.errors import BadCursor
from chalicelib.domain.machines.rollups import HourRollup
from chalicelib.domain.markers import MachineHour
from chalicelib.storage import table
from chalicelib.storage.cursors import BEGIN_ANEW
from chalicelib.storage.items import item
from chalicelib.storage.keys import machines as keys
from chalicelib.storage.keys.shape import month_of
from chalicelib.storage.pages import Page

MONTHS_PASSED = 12


def of_hour(tenant: str, hour: MachineHour) -> Iterator[HourRollup]:
    """Read the rollups of a machine-hour, consistently."""
    partition = keys.rollups(tenant, hour.machine_id, hour.hour)
    for stored in table.query(partition, keys.rollups_from(hour.hour)):
        yield stored.read(HourRollup)


def put(tenant: str, made: HourRollup) -> None:
    """Write a rollup, if the stored revision is the one before it. Raises ConditionFailed."""
    rollup = made.rollup
    at = keys.rollup(tenant, made.machine_id, made.hour, rollup.sensor, rollup.type)
    table.put(item(at, "rollup", made, revision=made.revision), table.at_revision(made.revision - 1))


def page(
    tenant: str, machine_id: str, first: datetime, end: datetime, *, limit: int, cursor: str | None, filters: object
) -> Page:
    """A page of the rollups from one hour (included) to another (not included). A page holds one month only.

    Costs one query, and one more for each month without rollups that is skipped, at most a year.
    """
    window = [tenant, machine_id, instants.wire(first), instants.wire(end), filters]
    seal = digest(json.dumps(window).encode())
    month, within = _opened(cursor, seal) if cursor else (first, None)
    if not month_of(first) <= month_of(month) < month_of(_month_after(end)):
        raise BadCursor(BEGIN_ANEW)
    passed = 0
    while True:
        listed = table.page(
            None,
            keys.rollups(tenant, machine_id, month),
            limit=limit,
            cursor=within,
            filters=filters,
            between=(keys.rollups_from(first), keys.rollups_from(end)),
        )
        if listed.next_cursor:
            return Page(listed.items, f"{month_of(month)}.{seal}.{listed.next_cursor}")
        month, within, passed = _month_after(month), None, passed + 1
        if month >= end:
            return Page(listed.items, None)
        if listed.items or passed == MONTHS_PASSED:
            return Page(listed.items, f"{month_of(month)}.{seal}.")


def _month_after(instant: datetime) -> datetime:
    first_day = instant.replace(day=1, hour=0)
    return (first_day + timedelta(days=31)).replace(day=1)


def _opened(cursor: str, seal: str) -> tuple[datetime, str | None]:
    """Read from a cursor the month and the position in it. Raises BadCursor if it does not belong to this list."""
    month, _, rest = cursor.partition(".")
    claimed, _, within = rest.partition(".")
    if claimed != seal:
        raise BadCursor(BEGIN_ANEW)
    try:
        return instants.parse(f"{month}-01T00:00:00Z"), within or None
    except ValueError:
        raise BadCursor(BEGIN_ANEW) from None
