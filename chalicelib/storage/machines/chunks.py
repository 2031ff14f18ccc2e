"""Chunks in the table: immutable, in the partition of their machine and hour."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from pynamodb.exceptions import PynamoDBException

from chalicelib.domain.machines.chunks import Chunk, unpack
from chalicelib.domain.machines.readings import Reading, moment
from chalicelib.domain.markers import MachineHour
from chalicelib.storage import table
from chalicelib.storage.items import Item, item
from chalicelib.storage.keys import machines as keys


class ChunksRefused(Exception):
    """The table refuses one of these chunks, and sending it again does not help."""


@dataclass(frozen=True)
class HourChunk:
    """A chunk with its machine-hour, and when it may be deleted (None: never)."""

    tenant: str
    hour: MachineHour
    chunk: Chunk
    expires_at: datetime | None


def write(chunks: Iterable[HourChunk]) -> None:
    """Write chunks, 25 a request, in no order. Writing them again changes nothing.

    Raises StorageUnavailable, and ChunksRefused if sending again does not help. Some chunks may be written then.
    """
    try:
        table.batch_put([_item(chunk) for chunk in chunks])
    except PynamoDBException as error:
        raise ChunksRefused from error


def readings_of(tenant: str, hour: MachineHour) -> Iterator[Reading]:
    """Read all readings of a machine-hour, repeated ones included, consistently."""
    for chunk_item in table.query(keys.chunks(tenant, hour.machine_id, hour.hour)):
        yield from unpack(hour.machine_id, chunk_item.read(Chunk).content)


def _item(placed: HourChunk) -> Item:
    chunk, hour = placed.chunk, placed.hour
    key = keys.chunk(placed.tenant, hour.machine_id, hour.hour, moment(chunk.first_at), chunk.digest)
    return item(key, "chunk", chunk, expires_at=placed.expires_at)
