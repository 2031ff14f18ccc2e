"""Markers in the table: the markers of a tenant are in one partition. Each is deleted once its work is done."""

from collections.abc import Sequence
from itertools import islice
from zlib import crc32

from chalicelib.domain.markers import Marker
from chalicelib.storage import table
from chalicelib.storage.items import Item, item
from chalicelib.storage.keys import numbers as keys
from chalicelib.storage.table import Put
from chalicelib.storage.writes import Write

# Groups of markers: those of hours of machines, and those that may change a day.
MACHINES, DAYS = "MACHINES", "DAYS"


def as_item(marker: Marker) -> Item:
    """Make the item of a marker."""
    group = MACHINES if marker.machine_hours else DAYS
    return item(keys.marker(_shard(marker.tenant), marker.tenant, group, marker.id), "marker", marker)


def put(marker: Marker) -> Write:
    """The write of a marker together with its change."""
    return Write((Put(as_item(marker)),))


def write(marker: Marker) -> None:
    """Write a marker on its own. Raises StorageUnavailable."""
    table.put(as_item(marker))


def pending() -> list[Marker]:
    """Read all waiting markers, oldest first. One that cannot be read has `unreadable` and does not stop the others."""
    markers = [_moved(stored) for n in range(keys.MARKER_SHARDS) for stored in table.query(keys.marker_shard(n))]
    return sorted(markers, key=lambda marker: marker.id)


def of_tenant(tenant: str, *, limit: int) -> tuple[list[Marker], bool]:
    """Read at most `limit` waiting markers of a tenant that may change its days, and whether there are more.

    Markers of machine hours change no day and are not among them.
    """
    prefix = keys.marker(_shard(tenant), tenant, DAYS, "")
    found = list(islice(table.query(prefix.pk, prefix.sk), limit + 1))
    return [_read(each) for each in found[:limit]], len(found) > limit


def delete(markers: Sequence[Marker]) -> None:
    """Delete exactly these markers, because their work is done."""
    table.batch_delete([as_item(marker) for marker in markers])


def _shard(tenant: str) -> int:
    return crc32(tenant.encode()) % keys.MARKER_SHARDS


def _moved(stored: Item) -> Marker:
    """Read a marker. If it has the key of an earlier release, its id alone, it is moved to the key of its tenant."""
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
