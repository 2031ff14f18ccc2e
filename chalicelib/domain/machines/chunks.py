"""Chunks: readings of one machine and hour, packed into one immutable item. The item's name contains a digest.

Readings are stored as columns per sensor and type, in JSON (which restores a float64 exactly), compressed with zlib.
"""

import json
import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import accumulate
from operator import sub

from chalicelib.domain import instants
from chalicelib.domain.digests import digest
from chalicelib.domain.machines.births import ReadWith
from chalicelib.domain.machines.readings import Reading, series_of

MAX_BYTES = 64 * 1024
HOUR, ROLLED_UP_WITHIN = timedelta(hours=1), timedelta(days=1)
"""The second: by then the last accepted reading of an hour has long been rolled up."""


@dataclass(frozen=True, slots=True)
class Chunk:
    """Packed readings of one machine and hour: first instant (microseconds), digest, count and compressed bytes.

    `read_with`: their metrics have their names from births (None: they were sent with them).
    """

    first_at: int
    digest: str
    count: int
    content: bytes
    read_with: ReadWith | None = None


def pack(readings: Iterable[Reading], max_bytes: int = MAX_BYTES) -> list[Chunk]:
    """Pack readings of one machine-hour into chunks of at most `max_bytes` each.

    The same readings always give the same chunks.
    """
    return _pack(series_of(readings), max_bytes)


def noted(chunks: Sequence[Chunk], how: ReadWith) -> list[Chunk]:
    """Chunks with a note of how their readings were read. The first keeps the messages, for all of them.

    Readings that were read otherwise are other chunks, though they may be equal.
    """
    names = f"{how.names} {how.first} {how.last}"
    return [
        replace(
            chunk,
            digest=digest(f"{chunk.digest} {names}".encode()),
            read_with=replace(how, messages=b"" if place else how.messages),
        )
        for place, chunk in enumerate(chunks)
    ]


def messages_of(chunk: Chunk) -> list[tuple[str, datetime]]:
    """The messages that a chunk keeps: the body of each, and when it came into the queue."""
    held = chunk.read_with.messages if chunk.read_with else b""
    return [(body, instants.read(came)) for body, came in json.loads(zlib.decompress(held))] if held else []


def read_again(chunk: Chunk) -> Chunk:
    """A chunk whose messages were taken in again, so that it keeps them no longer."""
    return replace(chunk, read_with=chunk.read_with and replace(chunk.read_with, messages=b""))


def _pack(series: Sequence[Sequence[Reading]], max_bytes: int) -> list[Chunk]:
    columns = _columns(series)
    content = zlib.compress(columns)
    readings = [reading for each in series for reading in each]
    if len(content) > max_bytes and len(readings) > 1:
        middle = len(readings) // 2
        halves = readings[:middle], readings[middle:]
        return [chunk for half in halves for chunk in _pack(series_of(half), max_bytes)]
    first_at = min(each[0].at for each in series)
    return [Chunk(first_at, digest(columns), len(readings), content)]


def expires_at(hour: datetime, readings_kept: timedelta | None) -> datetime | None:
    """When the chunks of an hour may be deleted; None: never. No reading of the hour is accepted for a day before.

    So its rollups are not made again from a part of its readings, however late the table deletes each chunk.
    """
    return None if readings_kept is None else hour + HOUR + readings_kept + ROLLED_UP_WITHIN


def unpack(machine_id: str, content: bytes) -> list[Reading]:
    """The readings of a chunk, in the order in which they were packed."""
    return [
        Reading(machine_id, series["sensor"], series["type"], at, value, seq)
        for series in json.loads(zlib.decompress(content))
        for at, seq, value in zip(accumulate(series["at"]), series["seq"], series["value"], strict=True)
    ]


def _columns(series: Sequence[Sequence[Reading]]) -> bytes:
    """The columns before compression. After the first instant, only the difference to the one before is stored."""
    columns = [
        {
            "sensor": rows[0].sensor,
            "type": rows[0].type,
            "at": _steps([row.at for row in rows]),
            "seq": [row.seq for row in rows],
            "value": [row.value for row in rows],
        }
        for rows in series
    ]
    return json.dumps(columns, separators=(",", ":")).encode()


def _steps(instants: list[int]) -> list[int]:
    return [instants[0], *map(sub, instants[1:], instants)]
