"""The outbox: events that were written together with what they tell of. They are deleted once they are sent."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any
from zlib import crc32

from chalicelib.domain.telling.outgoing import Outgoing
from chalicelib.storage import table
from chalicelib.storage.items import Item, item
from chalicelib.storage.keys import telling as keys
from chalicelib.storage.keys.shape import between_instants
from chalicelib.storage.table import Put
from chalicelib.storage.writes import Write


def as_item(outgoing: Outgoing) -> Item:
    """Make the item of events."""
    shard = crc32(outgoing.id.encode()) % keys.SHARDS
    return item(keys.outgoing(shard, outgoing.at, outgoing.id), "outgoing", outgoing)


def put(outgoing: Outgoing) -> Write:
    """The write of events together with their change."""
    return Write((Put(as_item(outgoing)),))


def waiting(before: datetime) -> Iterator[Outgoing]:
    """Read the events that were written before an instant, oldest first in each shard, as they are asked for.

    Events that cannot be read have `unreadable` and do not stop the others. Costs a query for each shard.
    """
    for shard in range(keys.SHARDS):
        for stored in table.query(keys.outbox(shard), between=between_instants(None, before)):
            yield _read(stored)


def of_image(image: Mapping[str, Any]) -> Outgoing:
    """The events of an item as the table's stream has it."""
    return _read(Item.from_raw_data(dict(image)))


def delete(sent: Sequence[Outgoing]) -> None:
    """Delete events that were sent, 25 a request. Raises StorageUnavailable."""
    table.batch_delete([as_item(each) for each in sent])


def _read(stored: Item) -> Outgoing:
    try:
        return stored.read(Outgoing)
    except Exception as error:  # noqa: BLE001  events that cannot be read must not stop the others
        return Outgoing(stored.SK, keys.written_at(stored.SK), unreadable=repr(error))
