"""Markers in the table, in buckets. Each marker is deleted once its work is done.

A bucket is one partition, and the work of one worker. The markers of a tenant's orders and days are in one bucket, and
those of a machine's hours too. All markers of quarantine are in one, so that they hold up nothing else.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from itertools import islice
from zlib import crc32

from chalicelib import ids
from chalicelib.domain.markers import MachineHour, Marker
from chalicelib.observability import MOST_REQUESTS, requests
from chalicelib.storage import table
from chalicelib.storage.items import Item, item
from chalicelib.storage.keys import numbers as keys
from chalicelib.storage.table import Put
from chalicelib.storage.writes import Write

# Groups of markers: those of hours of machines, of quarantine, of boards, and those that may change a day.
MACHINES, QUARANTINE, BOARDS, DAYS = "MACHINES", "QUARANTINE", "BOARDS", "DAYS"

TENANT_BUCKETS = tuple(f"{n}" for n in range(4))
MACHINE_BUCKETS = tuple(f"hours-{n}" for n in range(16))
QUARANTINE_BUCKET = "quarantine"
BUCKETS = (*TENANT_BUCKETS, *MACHINE_BUCKETS, QUARANTINE_BUCKET)
HOURS_A_MARKER = 1_000


def as_item(marker: Marker) -> Item:
    """Make the item of a marker."""
    if marker.clearings:
        bucket, group = QUARANTINE_BUCKET, QUARANTINE
    elif marker.machine_hours:
        bucket, group = _bucket_of_machine(marker.tenant, marker.machine_hours[0].machine_id), MACHINES
    else:
        bucket, group = _bucket_of_tenant(marker.tenant), BOARDS if marker.boards else DAYS
    return item(keys.marker(bucket, marker.tenant, group, marker.id), "marker", marker)


def put(marker: Marker) -> Write:
    """The write of a marker together with its change, with the requests for which it is made."""
    return Write((Put(as_item(replace(marker, request_ids=requests()))),))


def write(marker: Marker) -> None:
    """Write a marker on its own. Raises StorageUnavailable."""
    table.put(as_item(marker))


def write_all(markers: Sequence[Marker]) -> None:
    """Write markers on their own, in no order. Raises StorageUnavailable."""
    table.batch_put([as_item(marker) for marker in markers])


def write_hours(
    tenant: str,
    hours: Iterable[MachineHour],
    at: datetime | None,
    requests_of: Mapping[MachineHour, Iterable[str]] | None = None,
) -> None:
    """Write markers that name these hours of machines, one for each bucket; more only if an item would be too large.

    They name the requests of their hours. Those of a marker are bounded, so that it does not grow with its batch.
    Raises StorageUnavailable.
    """
    by_bucket: dict[str, list[MachineHour]] = {}
    for hour in hours:
        by_bucket.setdefault(_bucket_of_machine(tenant, hour.machine_id), []).append(hour)
    parts = [
        together[start : start + HOURS_A_MARKER]
        for together in by_bucket.values()
        for start in range(0, len(together), HOURS_A_MARKER)
    ]
    asked = requests_of or {}
    table.batch_put(
        [
            as_item(Marker(ids.new(), tenant, machine_hours=tuple(part), at=at, request_ids=_bounded(part, asked)))
            for part in parts
        ]
    )


def waiting_buckets() -> list[str]:
    """The buckets in which markers wait. A marker that was written a moment ago may be missed."""
    return [bucket for bucket in BUCKETS if table.page(None, keys.markers(bucket), limit=1).items]


def pending(buckets: Collection[str] = BUCKETS) -> list[Marker]:
    """Read the waiting markers of these buckets, oldest first.

    One that cannot be read has `unreadable` and does not stop the others.
    """
    markers = [_moved(stored) for bucket in buckets for stored in table.query(keys.markers(bucket))]
    return sorted(markers, key=lambda marker: marker.id)


def of_tenant(tenant: str, *, limit: int) -> tuple[list[Marker], bool]:
    """Read at most `limit` waiting markers of a tenant that may change its days, and whether there are more.

    Markers of machine hours change no day and are not among them.
    """
    prefix = keys.marker(_bucket_of_tenant(tenant), tenant, DAYS, "")
    found = list(islice(table.query(prefix.pk, prefix.sk), limit + 1))
    return [_read(each) for each in found[:limit]], len(found) > limit


def delete(markers: Sequence[Marker]) -> None:
    """Delete exactly these markers, because their work is done."""
    table.batch_delete([as_item(marker) for marker in markers])


def _bounded(hours: Sequence[MachineHour], asked: Mapping[MachineHour, Iterable[str]]) -> tuple[str, ...]:
    """The first requests of these hours."""
    return tuple(dict.fromkeys(each for hour in hours for each in asked.get(hour, ())))[:MOST_REQUESTS]


def _bucket_of_tenant(tenant: str) -> str:
    return TENANT_BUCKETS[crc32(tenant.encode()) % len(TENANT_BUCKETS)]


def _bucket_of_machine(tenant: str, machine_id: str) -> str:
    return MACHINE_BUCKETS[crc32(f"{tenant}/{machine_id}".encode()) % len(MACHINE_BUCKETS)]


def _moved(stored: Item) -> Marker:
    """Read a marker. If it has a key of an earlier release, it is moved to the key that it would have now."""
    marker = _read(stored)
    if marker.unreadable is None and as_item(marker).key != stored.key:
        write(marker)
        table.batch_delete([stored])
    return marker


def _read(stored: Item) -> Marker:
    try:
        return stored.read(Marker)
    except Exception as error:  # noqa: BLE001  a marker that cannot be read must not stop the others
        return Marker(id=stored.SK, tenant="", unreadable=repr(error))
