"""Pages of items: a page ends when it is full, or earlier if the answer would be too large."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

from pynamodb.pagination import ResultIterator

from chalicelib.storage import cursors
from chalicelib.storage.items import Item


@dataclass(frozen=True)
class Page:
    """A page of items of the list `bound`. `place` is where it ended; it is empty if this is the last page."""

    items: list[Item]
    place: Mapping[str, str] = field(default_factory=dict)
    bound: str = ""

    @property
    def next_cursor(self) -> str | None:
        """The cursor of the next page. It is made only on demand, because not every function may read the keys."""
        return cursors.sealed(self.place, self.bound) if self.place else None


def one_answer(found: ResultIterator[Item], bound: str) -> Page:
    """The page of one answer of DynamoDB to a query: as many items as asked for, or as many as fit into 1 MB.

    An answer of a Lambda is at most 6 MB. The shape of an item is up to four times as large as the item.
    """
    answer: Any = next(found.page_iter)
    last = answer.get("LastEvaluatedKey") or {}
    return Page(list(map(Item.from_raw_data, answer["Items"])), {name: key["S"] for name, key in last.items()}, bound)


def in_groups(
    read: Callable[[int, str | None], Page], group_of: Callable[[Item], str], index: str, limit: int, cursor: str | None
) -> Page:
    """Read a page of at most `limit` groups of neighbouring items. A group is never split.

    Costs one request; more only if a single group has more than `limit` items.
    """
    page = read(limit + 1, cursor)
    items = list(page.items)
    groups = _groups(items, group_of)
    while page.place and len(groups) == 1:
        page = read(limit + 1, page.next_cursor)
        items += page.items
        groups = _groups(items, group_of)
    # If more items follow, the last group may be incomplete.
    shown = groups[: min(limit, len(groups) - bool(page.place))]
    kept = [item for group in shown for item in group]
    more = len(kept) < len(items)
    return Page(kept, _place(kept[-1], index) if more else {}, page.bound)


def _groups(items: Iterable[Item], group_of: Callable[[Item], str]) -> list[list[Item]]:
    return [list(group) for _, group in groupby(items, group_of)]


def _place(item: Item, index: str | None) -> dict[str, str]:
    """The place of an item: its key, and its key in the index."""
    names = {"by_state": ("GSI1PK", "GSI1SK"), "by_owner": ("GSI2PK", "GSI2SK")}.get(index or "", ())
    return {name: getattr(item, name) for name in ("PK", "SK", *names)}
