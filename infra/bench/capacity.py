"""Capacity units of DynamoDB, computed from the bytes of items as DynamoDB's JSON writes them.

The sizes: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/CapacityUnitCalculations.html
The units: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/read-write-operations.html
An index: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/GSI.html
"""

import base64
import math
from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from typing import Any

READ_BYTES, WRITE_BYTES = 4096, 1024
TRANSACTION = 2
INDEXES = (("GSI1PK", "GSI1SK"), ("GSI2PK", "GSI2SK"))

WireItem = Mapping[str, Mapping[str, Any]]
"""An item in DynamoDB's JSON: attribute → {type: value}."""


def item_size(item: WireItem) -> int:
    """The size of an item in bytes, names of attributes included."""
    return sum(len(name.encode()) + value_size(value) for name, value in item.items())


def value_size(typed: Mapping[str, Any]) -> int:
    """The size of a value in bytes. Raises KeyError for a type that Takip does not store, such as a set of numbers."""
    ((kind, value),) = typed.items()
    return SIZES[kind](value)


def number_size(text: str) -> int:
    """The size of a number in bytes: one for each two significant digits, one more, and one more if it is negative.

    AWS calls this approximate. The pairs of digits are counted from the decimal point, as they were measured there.
    """
    sign, digits, exponent = Decimal(text).normalize().as_tuple()
    if not any(digits):
        return 1
    odd = int(exponent) % 2
    return 1 + math.ceil((len(digits) + odd) / 2) + sign


SIZES: Mapping[str, Callable[[Any], int]] = {
    "S": lambda text: len(text.encode()),
    "N": number_size,
    "B": lambda text: len(base64.b64decode(text)),
    "BOOL": lambda _: 1,
    "NULL": lambda _: 1,
    "SS": lambda texts: sum(len(text.encode()) for text in texts),
    "L": lambda elements: 3 + sum(1 + value_size(element) for element in elements),
    "M": lambda members: 3 + len(members) + item_size(members),
}


def read_units(size_bytes: int, *, consistent: bool) -> float:
    """The read units of one read item, or of all items together that one query passes over.

    Nothing found costs as much as the smallest item.
    """
    return max(1, math.ceil(size_bytes / READ_BYTES)) * (1.0 if consistent else 0.5)


def write_units(before: WireItem | None, after: WireItem | None, *, transaction: bool) -> int:
    """The write units of one item, its entries in the indexes included. None: there is no such item.

    The larger of both sizes counts. In a transaction the item counts twice, but not its entries in the indexes.
    A failed condition and a check change nothing: `before` and `after` are then the same.
    """
    units = max(_kilobytes(before), _kilobytes(after)) * (TRANSACTION if transaction else 1)
    return units + sum(_index_units(_entry(before, names), _entry(after, names), names) for names in INDEXES)


def _index_units(before: WireItem | None, after: WireItem | None, names: Iterable[str]) -> int:
    """The write units of an item's entry in one index. An entry that moves is deleted and written again."""
    if before == after:
        return 0
    if before and after:
        moved = any(before[name] != after[name] for name in names)
        return _kilobytes(before) + _kilobytes(after) if moved else max(_kilobytes(before), _kilobytes(after))
    return _kilobytes(before or after)


def _entry(item: WireItem | None, names: Iterable[str]) -> WireItem | None:
    """The item as an index has it: whole, if it has the index's keys."""
    return item if item and all(name in item for name in names) else None


def _kilobytes(item: WireItem | None) -> int:
    return max(1, math.ceil(item_size(item) / WRITE_BYTES)) if item else 1
