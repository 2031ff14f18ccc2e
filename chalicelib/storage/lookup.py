"""Lookup: one record of the domain, read from the table or found among items that were read."""

from collections.abc import Mapping

from chalicelib.storage import table
from chalicelib.storage.items import Item, Record
from chalicelib.storage.keys.shape import Key


def find(key: Key, record_type: type[Record]) -> Record | None:
    """Read a record, consistently; None if there is none."""
    stored = table.get(key)
    return None if stored is None else stored.read(record_type)


def among(items: Mapping[Key, Item], key: Key, record_type: type[Record]) -> Record | None:
    """The record with this key among items; None if it is not among them."""
    stored = items.get(key)
    return None if stored is None else stored.read(record_type)
