"""Pages: a part of a list, and the cursor to the next part."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from chalicelib.storage.pages import Page

Record = TypeVar("Record")


@dataclass(frozen=True)
class Listing(Generic[Record]):
    """A part of a list; it may be short, and without a `next_cursor` it is the last."""

    items: Sequence[Record]
    next_cursor: str | None


def listed(page: Page, record_type: type[Record], keep: Callable[[Record], bool] = lambda _: True) -> Listing[Record]:
    """Read a page's records, and keep those that the filters ask for."""
    records = (each.read(record_type) for each in page.items)
    return Listing([record for record in records if keep(record)], page.next_cursor)
