"""The schema of the table: its state, and items in segments of the table, read and written anew."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from chalicelib.domain.schema import TableSchema, Values
from chalicelib.storage import lookup, table
from chalicelib.storage.conflicts import ConditionFailed
from chalicelib.storage.items import Item, item
from chalicelib.storage.keys import schema as keys

A_PAGE = 100
SEGMENTS = 4


@dataclass(frozen=True)
class SegmentPage:
    """Items of a segment as plain values, and the place behind them; it is empty at the end of the segment."""

    items: tuple[Values, ...]
    place: Mapping[str, str]


def find() -> TableSchema | None:
    """Read the schema of the table, consistently; None if it was never noted."""
    return lookup.find(keys.TABLE, TableSchema)


def put(state: TableSchema) -> None:
    """Write the schema of the table, if nobody else wrote it meanwhile. Raises ConditionFailed."""
    made = item(keys.TABLE, "schema", state, revision=state.revision)
    table.put(made, table.at_revision(state.revision - 1))


def pages() -> Iterator[SegmentPage]:
    """Read the whole table, consistently, page by page, one segment behind the other."""
    for number in range(SEGMENTS):
        page = segment(number, {})
        yield page
        while page.place:
            page = segment(number, page.place)
            yield page


def segment(number: int, place: Mapping[str, str]) -> SegmentPage:
    """Read a page of one of the segments of the whole table, consistently, from a place on."""
    answer = table.scan(number, SEGMENTS, limit=A_PAGE, place=place)
    return SegmentPage(tuple(each.attribute_values for each in answer.items), answer.place)


def is_empty() -> bool:
    """Whether the table holds nothing."""
    return not table.scan(0, 1, limit=1, place={}).items


def rewrite(before: Values, after: Values) -> bool:
    """Write an item anew if it is what was read. Returns whether it was; somebody may have changed it meanwhile."""
    unchanged: Any = (Item.schema == int(before["schema"])) & (Item.data == before["data"])
    revision = before.get("revision")
    unchanged &= Item.revision.does_not_exist() if revision is None else Item.revision == int(revision)
    try:
        table.put(Item.of(dict(after)), unchanged)
    except ConditionFailed:
        return False
    return True
