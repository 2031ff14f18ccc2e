"""Markers in the table: those of a tenant side by side on one shard, deleted one by one once their work is done."""

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
    """Leave a note together with what it tells of."""
    return Write((Put(as_item(marker)),))


def write(marker: Marker) -> None:
    """Leave a note on its own. Raises StorageUnavailable."""
    table.put(as_item(marker))


def pending() -> list[Marker]:
    """Read every note that is waiting, oldest first; one that cannot be read says why, and stands in no other's way."""
    found = [_found(each) for n in range(keys.MARKER_SHARDS) for each in table.query(keys.marker_shard(n))]
    return sorted(found, key=lambda marker: marker.id)


def of_tenant(tenant: str, *, limit: int) -> tuple[list[Marker], bool]:
    """Read at most `limit` waiting markers of a tenant that may change its days, and whether there are more.

    Markers of machine hours change no day and are not among them.
    """
    prefix = keys.marker(_shard(tenant), tenant, DAYS, "")
    found = list(islice(table.query(prefix.pk, prefix.sk), limit + 1))
    return [_read(each) for each in found[:limit]], len(found) > limit


def delete(markers: Sequence[Marker]) -> None:
    """Delete exactly these notes: their work is done."""
    table.batch_delete([as_item(marker) for marker in markers])


def _shard(tenant: str) -> int:
    return crc32(tenant.encode()) % keys.MARKER_SHARDS


def _found(found: Item) -> Marker:
    """Read a note; one that stands by its id alone, as all did once, moves beside the others of its tenant."""
    marker = _read(found)
    if marker.unreadable is None and as_item(marker).key != found.key:
        write(marker)
        table.batch_delete([found])
    return marker


def _read(found: Item) -> Marker:
    try:
        return found.read(Marker)
    except Exception as error:  # noqa: BLE001  whatever is wrong with one, the others are read
        return Marker(id=found.SK, tenant="", unreadable=repr(error))
