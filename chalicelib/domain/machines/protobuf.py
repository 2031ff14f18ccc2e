"""Reads the wire format of protocol buffers: the fields of a message, without a description of them."""

from collections.abc import Iterator
from typing import Any

NUMBER, EIGHT_BYTES, BYTES, FOUR_BYTES = 0, 1, 2, 5
"""The wire types: a number of up to 64 bits, eight bytes, any number of bytes, four bytes."""
_TAG_BITS, _NUMBER_BITS = 32, 64
_WIDTHS = {EIGHT_BYTES: 8, FOUR_BYTES: 4}


class Malformed(ValueError):
    """The bytes are not a message, or not a whole one."""


def tag(number: int, wire_type: int) -> int:
    """How a message names one of its fields: by its number and its wire type."""
    return number << 3 | wire_type


def fields(message: bytes) -> Iterator[tuple[int, Any]]:
    """The fields of a message, each with its tag and its value: a number, or bytes. Raises Malformed."""
    place = 0
    while place < len(message):
        name, place = _number(message, place)
        wire_type = name & 7
        if wire_type == NUMBER:
            value: Any
            value, place = _number(message, place)
        else:
            size = _WIDTHS.get(wire_type)
            if wire_type == BYTES:
                size, place = _number(message, place)
            if size is None or place + size > len(message):
                raise Malformed
            value, place = message[place : place + size], place + size
        if not tag(1, NUMBER) <= name < 1 << _TAG_BITS:
            raise Malformed
        yield name, value


def text(value: bytes) -> str:
    """The text of a field. Raises Malformed."""
    try:
        return value.decode()
    except UnicodeDecodeError:
        raise Malformed from None


def _number(message: bytes, place: int) -> tuple[int, int]:
    """A number, seven bits in each byte, the lowest first; and the place after it."""
    value = shift = 0
    for byte in message[place : place + 10]:
        value |= (byte & 0x7F) << shift
        shift += 7
        if byte == byte & 0x7F:
            break
    else:
        raise Malformed
    if value >> _NUMBER_BITS:
        raise Malformed
    return value, place + shift // 7
