"""Chunks: readings of one machine and hour, packed into one immutable item. The item's name contains a digest.

Readings are stored as columns per sensor and type, in JSON (which restores a float64 exactly), compressed with zlib.
"""

import json
import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import accumulate, groupby, pairwise

from chalicelib.domain.digests import digest
from chalicelib.domain.machines.readings import Reading, ordered

MAX_BYTES = 64 * 1024


@dataclass(frozen=True, slots=True)
class Chunk:
    """Packed readings of one machine and hour: first instant (microseconds), digest, count and compressed bytes."""

    first_at: int
    digest: str
    count: int
    content: bytes


def pack(readings: Iterable[Reading], max_bytes: int = MAX_BYTES) -> list[Chunk]:
    """Pack readings of one machine-hour into chunks of at most `max_bytes` each.

    The same readings always give the same chunks.
    """
    return _pack(ordered(readings), max_bytes)


def _pack(readings: Sequence[Reading], max_bytes: int) -> list[Chunk]:
    columns = _columns(readings)
    content = zlib.compress(columns)
    if len(content) > max_bytes and len(readings) > 1:
        middle = len(readings) // 2
        return _pack(readings[:middle], max_bytes) + _pack(readings[middle:], max_bytes)
    first_at = min(reading.at for reading in readings)
    return [Chunk(first_at, digest(columns), len(readings), content)]


def unpack(machine_id: str, content: bytes) -> list[Reading]:
    """The readings of a chunk, in the order in which they were packed."""
    return [
        Reading(machine_id, series["sensor"], series["type"], at, value, seq)
        for series in json.loads(zlib.decompress(content))
        for at, seq, value in zip(accumulate(series["at"]), series["seq"], series["value"], strict=True)
    ]


def _columns(readings: Sequence[Reading]) -> bytes:
    """The columns before compression. After the first instant, only the difference to the one before is stored."""
    series = []
    for (sensor, type_name), group in groupby(readings, key=lambda reading: (reading.sensor, reading.type)):
        rows = list(group)
        steps = [later.at - earlier.at for earlier, later in pairwise(rows)]
        series.append(
            {
                "sensor": sensor,
                "type": type_name,
                "at": [rows[0].at, *steps],
                "seq": [row.seq for row in rows],
                "value": [row.value for row in rows],
            }
        )
    return json.dumps(series, separators=(",", ":")).encode()
