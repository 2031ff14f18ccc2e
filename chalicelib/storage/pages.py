"""Pages of items, as the table gives them."""

from dataclasses import dataclass

from chalicelib.storage.items import Item


@dataclass(frozen=True)
class Page:
    """A page of items; without a `next_cursor` it is the last."""

    items: list[Item]
    next_cursor: str | None
