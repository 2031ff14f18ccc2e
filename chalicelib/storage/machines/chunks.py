"""Chunks in the table: immutable, in the partition of their machine and hour."""

from collections.abc import Iterator, Sequence

from pynamodb.exceptions import PynamoDBException

from chalicelib.domain.machines.chunks import Chunk, unpack
from chalicelib.domain.machines.readings import Reading, moment
from chalicelib.domain.markers import MachineHour
from chalicelib.storage import table
from chalicelib.storage.items import Item, item
from chalicelib.storage.keys import machines as keys


class ChunksRefused(Exception):
    """The table will not take something among these chunks, however often it is sent."""


def as_item(tenant: str, hour: MachineHour, chunk: Chunk) -> Item:
    """Make the item of a chunk."""
    return item(keys.chunk(tenant, hour.machine_id, hour.hour, moment(chunk.first_at), chunk.digest), "chunk", chunk)


def write(items: Sequence[Item]) -> None:
    """Write chunks, 25 a request, in no order; writing them again changes nothing.

    Raises StorageUnavailable, and ChunksRefused where trying again does not help: some may be written then.
    """
    try:
        table.batch_put(items)
    except PynamoDBException as error:
        raise ChunksRefused from error


def readings_of(tenant: str, hour: MachineHour) -> Iterator[Reading]:
    """Read all readings of a machine-hour, repetitions and all, consistently."""
    for found in table.query(keys.chunks(tenant, hour.machine_id, hour.hour)):
        yield from unpack(hour.machine_id, found.read(Chunk).content)
