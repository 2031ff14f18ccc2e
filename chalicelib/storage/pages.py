"""Pages of items, as read from the table."""

from dataclasses import dataclass

from chalicelib.storage.items import Item


@dataclass(frozen=True)
class Page:
    """A page of items. It is the last one if `next_cursor` is None."""

    items: list[Item]
    next_cursor: str | None
