"""Markers in the table: spread over shards, read all, deleted one by one once their work is done."""

from collections.abc import Sequence
from zlib import crc32

from chalicelib.domain.markers import Marker
from chalicelib.storage import table
from chalicelib.storage.items import Item, item
from chalicelib.storage.keys import numbers as keys
from chalicelib.storage.table import Put
from chalicelib.storage.writes import Write


def as_item(marker: Marker) -> Item:
    """Make the item of a marker, on the shard that its id falls to."""
    return item(keys.marker(crc32(marker.id.encode()) % keys.MARKER_SHARDS, marker.id), "marker", marker)


def put(marker: Marker) -> Write:
    """Leave a note together with what it tells of."""
    return Write((Put(as_item(marker)),))


def write(marker: Marker) -> None:
    """Leave a note on its own. Raises StorageUnavailable."""
    table.put(as_item(marker))


def pending() -> list[Marker]:
    """Read every note that is waiting, oldest first."""
    found = [each.read(Marker) for n in range(keys.MARKER_SHARDS) for each in table.query(keys.marker_shard(n))]
    return sorted(found, key=lambda marker: marker.id)


def delete(markers: Sequence[Marker]) -> None:
    """Delete exactly these notes: their work is done."""
    table.batch_delete([as_item(marker) for marker in markers])
