"""Chunks in the table: immutable, in the partition of their machine and hour."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from pynamodb.exceptions import PynamoDBException

from chalicelib.domain.machines.chunks import Chunk, unpack
from chalicelib.domain.machines.readings import Reading, moment
from chalicelib.domain.markers import MachineHour
from chalicelib.storage import table
from chalicelib.storage.items import Item, item
from chalicelib.storage.keys import machines as keys


class ChunksRefused(Exception):
    """The table will not take something among these chunks, however often it is sent."""


@dataclass(frozen=True)
class HourChunk:
    """A chunk, and the machine-hour whose readings it holds."""

    tenant: str
    hour: MachineHour
    chunk: Chunk


def write(chunks: Iterable[HourChunk]) -> None:
    """Write chunks, 25 a request, in no order; writing them again changes nothing.

    Raises StorageUnavailable, and ChunksRefused where trying again does not help: some may be written then.
    """
    try:
        table.batch_put([_item(each) for each in chunks])
    except PynamoDBException as error:
        raise ChunksRefused from error


def readings_of(tenant: str, hour: MachineHour) -> Iterator[Reading]:
    """Read all readings of a machine-hour, repetitions and all, consistently."""
    for found in table.query(keys.chunks(tenant, hour.machine_id, hour.hour)):
        yield from unpack(hour.machine_id, found.read(Chunk).content)


def _item(placed: HourChunk) -> Item:
    chunk, hour = placed.chunk, placed.hour
    key = keys.chunk(placed.tenant, hour.machine_id, hour.hour, moment(chunk.first_at), chunk.digest)
    return item(key, "chunk", chunk)
