"""Reads Sparkplug B payloads, as far as readings need them. Field numbers and types are those of Sparkplug 3.0.

The protobuf library would do it too, but every cold start would load it.
"""

from collections.abc import Callable, Mapping
from struct import unpack
from typing import Any, NamedTuple, TypeAlias

from chalicelib.domain.machines.protobuf import BYTES, EIGHT_BYTES, FOUR_BYTES, NUMBER, fields, tag, text

MAX_METRICS = 10_000
"""IoT takes payloads of 128 KB, and a metric that says something has 12 bytes or more: no device needs more."""
GOOD = 192
"""The quality of a value that can be trusted. 0 is bad, 500 is stale."""
BITS = {1: 8, 2: 16, 3: 32, 4: 64}
"""The signed types, Int8 to Int64, and their widths. They are sent as unsigned numbers, in two's complement."""
Value: TypeAlias = int | float | bool | str | None

_AT, _METRICS, _SEQ = tag(1, NUMBER), tag(2, BYTES), tag(3, NUMBER)  # of a payload
_NAME, _ALIAS, _MEASURED, _DATATYPE = tag(1, BYTES), tag(2, NUMBER), tag(3, NUMBER), tag(4, NUMBER)  # of a metric
_IS_NULL, _PROPERTIES = tag(7, NUMBER), tag(9, BYTES)
_KEYS, _VALUES, _QUALITIES = tag(1, BYTES), tag(2, BYTES), (tag(3, NUMBER), tag(4, NUMBER))  # of properties
_KINDS: Mapping[int, Callable[[Any], Value]] = {
    tag(10, NUMBER): lambda number: number & 0xFFFF_FFFF,
    tag(11, NUMBER): int,
    tag(12, FOUR_BYTES): lambda held: unpack("<f", held)[0],
    tag(13, EIGHT_BYTES): lambda held: unpack("<d", held)[0],
    tag(14, NUMBER): bool,
    tag(15, BYTES): text,
    # No readings: bytes, a data set, a template, an extension.
    **{tag(number, BYTES): lambda _: None for number in (16, 17, 18, 19)},
}


class TooMany(ValueError):
    """A payload has more metrics than any device can mean."""


class Metric(NamedTuple):
    """One metric: `at` in milliseconds since 1970; a whole number is unsigned, as it was sent (see `signed`).

    `name` is None if a birth says what the alias is called, and `datatype` is 0 if a birth says it. `value` is None if
    there is none that can be a reading.
    """

    name: str | None
    alias: int | None
    at: int | None
    datatype: int
    value: Value
    quality: int


class Payload(NamedTuple):
    """A payload: `at` in milliseconds since 1970. `seq` goes from 0 to 255 and begins again, so it is no identity."""

    at: int | None
    seq: int | None
    metrics: tuple[Metric, ...]


def read(payload: bytes) -> Payload:
    """Read a payload, in a time that grows with its length alone. Raises Malformed, TooMany."""
    found = list(fields(payload))
    metrics = [held for each, held in found if each == _METRICS]
    if len(metrics) > MAX_METRICS:
        raise TooMany
    last = dict(found)
    return Payload(last.get(_AT), last.get(_SEQ), tuple(map(_metric, metrics)))


def signed(value: Value, datatype: int) -> Value:
    """A value of this type. If the type is signed: the number that its lowest bits stand for."""
    if datatype not in BITS or isinstance(value, bool) or not isinstance(value, int):
        return value
    sign = 1 << BITS[datatype] - 1
    return (value & 2 * sign - 1 ^ sign) - sign


def _metric(held: bytes) -> Metric:
    found = list(fields(held))
    last = dict(found)
    value = next((_KINDS[each](raw) for each, raw in reversed(found) if each in _KINDS), None)
    return Metric(
        name=text(last.get(_NAME, b"")) or None,
        alias=last.get(_ALIAS),
        at=last.get(_MEASURED),
        datatype=last.get(_DATATYPE, 0) & 0xFFFF_FFFF,
        value=None if last.get(_IS_NULL) else value,
        quality=_quality(b"".join(raw for each, raw in found if each == _PROPERTIES)),
    )


def _quality(properties: bytes) -> int:
    """What the property `Quality` says; good if there is none."""
    found = list(fields(properties))
    keys = [text(held) for each, held in found if each == _KEYS]
    values = [held for each, held in found if each == _VALUES]
    said = dict(zip(keys, values, strict=False)).get("Quality", b"")
    return next((number for each, number in fields(said) if each in _QUALITIES), GOOD)
