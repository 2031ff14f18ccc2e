"""Streams: all items of a range of an index, of which few are in memory at a time."""

from collections.abc import Iterator
from datetime import datetime

from chalicelib.storage import table
from chalicelib.storage.items import Item
from chalicelib.storage.keys.shape import between_instants

A_PAGE = 500


def until(index: str, pk: str, before: datetime) -> Iterator[Item]:
    """Read the items of a list by time that are before an instant, in order, one query for each 500."""
    after, last = between_instants(None, before)
    while True:
        page = table.page(index, pk, limit=A_PAGE, between=(after, last))
        yield from page.items
        if not page.place:
            return
        # A space sorts before everything that a place may go on with.
        after = f"{page.items[-1].GSI1SK if index == 'by_state' else page.items[-1].GSI2SK} "
