"""Pages: a part of a list, and the cursor to the next part."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from chalicelib.storage import cursors
from chalicelib.storage.pages import Page

Record = TypeVar("Record")


@dataclass(frozen=True)
class ListPage(Generic[Record]):
    """A part of a list. It may be short; it is the last one only if `next_cursor` is None."""

    items: Sequence[Record]
    next_cursor: str | None


def page_of(page: Page, record_type: type[Record], keep: Callable[[Record], bool] = lambda _: True) -> ListPage[Record]:
    """The records of a page that the filters keep."""
    records = (item.read(record_type) for item in page.items)
    return ListPage([record for record in records if keep(record)], page.next_cursor)


def part_of(
    whole: Iterable[Record], place_of: Callable[[Record], str], list_id: str, *, limit: int, cursor: str | None
) -> ListPage[Record]:
    """A page of a list that had to be read as a whole; it is in order of `place_of`. Raises BadCursor."""
    after = cursors.opened(cursor, list_id)["after"] if cursor else ""
    rest = [each for each in whole if place_of(each) > after]
    shown = rest[:limit]
    more = len(shown) < len(rest)
    return ListPage(shown, cursors.sealed({"after": place_of(shown[-1])}, list_id) if more else None)
