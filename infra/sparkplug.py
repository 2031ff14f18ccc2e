"""Writes Sparkplug B payloads, as an edge node publishes them. It imports nothing of Takip, which reads them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from struct import pack

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
INT32, INT64, UINT64, FLOAT, DOUBLE, BOOLEAN, STRING = 3, 4, 8, 9, 10, 11, 12
"""Types of metrics, by the numbers of Sparkplug 3.0."""
GOOD, BAD, STALE = 192, 0, 500
"""Qualities of a value."""
_NUMBER, _EIGHT_BYTES, _BYTES, _FOUR_BYTES = 0, 1, 2, 5
_BITS = {INT32: 32, INT64: 64}

Value = float | str | None


@dataclass(frozen=True)
class Metric:
    """A metric to send: with its name, with its alias, or (in a birth) with both. A value of None is sent as null.

    `quality` is sent if it is given.
    """

    value: Value
    at: datetime
    datatype: int = DOUBLE
    name: str | None = None
    alias: int | None = None
    quality: int | None = None


def topic(group: str, kind: str, edge: str, device: str | None = None) -> str:
    """The topic of a message of a kind: DDATA, DBIRTH; or NDATA, NBIRTH of the edge node itself, without a device."""
    return "/".join(("spBv1.0", group, kind, edge, *([] if device is None else [device])))


def encode(at: datetime, metrics: Iterable[Metric], seq: int) -> bytes:
    """A payload that was sent at this instant."""
    parts = (_sized(2, _metric(metric)) for metric in metrics)
    return b"".join((_number(1, _milliseconds(at)), *parts, _number(3, seq)))


def _metric(metric: Metric) -> bytes:
    return b"".join(
        (
            b"" if metric.name is None else _sized(1, metric.name.encode()),
            b"" if metric.alias is None else _number(2, metric.alias),
            _number(3, _milliseconds(metric.at)),
            _number(4, metric.datatype),
            b"" if metric.quality is None else _sized(9, _properties(metric.quality)),
            _value(metric.datatype, metric.value),
        )
    )


def _properties(quality: int) -> bytes:
    """The property `Quality`, an Int32."""
    return _sized(1, b"Quality") + _sized(2, _number(1, INT32) + _number(3, quality))


def _value(datatype: int, value: Value) -> bytes:
    if value is None:
        return _number(7, 1)
    if isinstance(value, str):
        return _sized(15, value.encode())
    if datatype == FLOAT:
        return _tag(12, _FOUR_BYTES) + pack("<f", value)
    if datatype == DOUBLE:
        return _tag(13, _EIGHT_BYTES) + pack("<d", value)
    if datatype == BOOLEAN:
        return _number(14, int(value))
    whole = int(value) % (1 << _BITS.get(datatype, 64))  # a signed number is sent in two's complement
    return _number(10 if datatype == INT32 else 11, whole)


def _sized(field: int, held: bytes) -> bytes:
    return _tag(field, _BYTES) + _varint(len(held)) + held


def _number(field: int, value: int) -> bytes:
    return _tag(field, _NUMBER) + _varint(value)


def _tag(field: int, wire_type: int) -> bytes:
    return _varint(field << 3 | wire_type)


def _varint(value: int) -> bytes:
    """A number, seven bits in each byte, the lowest first."""
    parts = bytearray()
    while rest := value >> 7:
        parts.append(value & 0x7F | 0x80)
        value = rest
    parts.append(value)
    return bytes(parts)


def _milliseconds(instant: datetime) -> int:
    return (instant - EPOCH) // timedelta(milliseconds=1)
