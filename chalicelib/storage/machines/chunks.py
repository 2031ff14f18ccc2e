"""Chunks in the table: immutable, in the partition of their machine and hour."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from pynamodb.exceptions import PynamoDBException

from chalicelib.domain.machines.births import sent
from chalicelib.domain.machines.chunks import Chunk, unpack
from chalicelib.domain.machines.readings import Reading, hour_of, moment
from chalicelib.domain.markers import MachineHour
from chalicelib.storage import table
from chalicelib.storage.items import Item, item
from chalicelib.storage.keys import machines as keys
from chalicelib.storage.keys.shape import IndexPlace, between_instants
from chalicelib.storage.machines import births


class ChunksRefused(Exception):
    """The table refuses one of these chunks, and sending it again does not help."""


@dataclass(frozen=True)
class InHour:
    """The readings of a machine-hour, repeated ones included; and the chunks that were read with the wrong names.

    These hold the readings in `misread`, which are none.
    """

    readings: list[Reading]
    misread: list[Reading]
    chunks_misread: list[Chunk]


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


def readings_of(tenant: str, hour: MachineHour) -> list[Reading]:
    """Read all readings of a machine-hour, repeated ones included, consistently."""
    return of_hour(tenant, hour).readings


def of_hour(tenant: str, hour: MachineHour) -> InHour:
    """Read the chunks of a machine-hour, consistently.

    Costs a query, and a read more if there are readings that were read with births.
    """
    stored = [each.read(Chunk) for each in table.query(keys.chunks(tenant, hour.machine_id, hour.hour))]
    wrong = _misread(tenant, hour.machine_id, stored)
    digests = {chunk.digest for chunk in wrong}
    counting = [chunk for chunk in stored if chunk.digest not in digests]
    return InHour(_unpacked(hour.machine_id, counting), _unpacked(hour.machine_id, wrong), wrong)


def other_hours(tenant: str, machine_id: str, since: datetime) -> set[datetime]:
    """The hours of readings that were read with births and sent in another hour, since an instant.

    Chunks that were written a moment ago may be missed.
    """
    found = table.page("by_owner", keys.other_hours(tenant, machine_id), between=between_instants(since, None)).items
    return {keys.other_hour(each.GSI2SK) for each in found}


def _unpacked(machine_id: str, chunks: Iterable[Chunk]) -> list[Reading]:
    return [reading for chunk in chunks for reading in unpack(machine_id, chunk.content)]


def _misread(tenant: str, machine_id: str, stored: Iterable[Chunk]) -> list[Chunk]:
    """The chunks that were read with other names than those that count, because a birth came after them."""
    noted = [(chunk, chunk.read_with) for chunk in stored if chunk.read_with is not None]
    if not noted:
        return []
    known = births.of_machines(tenant, [machine_id])[machine_id]
    return [chunk for chunk, how in noted if not known.count(how)]


def _item(placed: HourChunk) -> Item:
    chunk, hour = placed.chunk, placed.hour
    key = keys.chunk(placed.tenant, hour.machine_id, hour.hour, moment(chunk.first_at), chunk.digest)
    return item(key, "chunk", chunk, expires_at=placed.expires_at, by_owner=_other_hour(placed))


def _other_hour(placed: HourChunk) -> IndexPlace | None:
    """The place in the index of a chunk whose payloads were not all sent in its own hour."""
    how, hour = placed.chunk.read_with, placed.hour
    if how is None or {hour_of(sent(how.first)), hour_of(sent(how.last))} == {hour.hour}:
        return None
    return keys.other_hours(placed.tenant, hour.machine_id), keys.other_hour_at(sent(how.last), hour.hour)
