"""Pages of items: a page ends where it is full, or earlier where more would not fit an answer."""

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from itertools import groupby

from pynamodb.pagination import ResultIterator

from chalicelib.storage import cursors
from chalicelib.storage.items import Item

# Lambda's answers end at 6 MB, and what is shown of an item is up to four times as large as the item.
MOST_BYTES = 1_000_000


@dataclass(frozen=True)
class Page:
    """A page of items of the list `bound`. `place` is where it ended; without one it is the last."""

    items: list[Item]
    place: Mapping[str, str] = field(default_factory=dict)
    bound: str = ""

    @property
    def next_cursor(self) -> str | None:
        """The cursor to the next page, made only when it is asked for: not every function may read the keys."""
        return cursors.sealed(self.place, self.bound) if self.place else None


def taken(found: ResultIterator[Item], index: str | None, bound: str) -> Page:
    """Take a page of what a query finds; it ends before an item that would make it too large."""
    items: list[Item] = []
    size = 0
    for each in found:
        if size >= MOST_BYTES:
            return Page(items, _place(items[-1], index), bound)
        items.append(each)
        size += len(json.dumps(each.data, ensure_ascii=False, default=repr).encode())
    last = found.last_evaluated_key or {}
    return Page(items, {name: value["S"] for name, value in last.items()}, bound)


def in_groups(
    read: Callable[[int, str | None], Page], group_of: Callable[[Item], str], index: str, limit: int, cursor: str | None
) -> Page:
    """Read a page of at most `limit` groups of items that follow one another; a group is never parted.

    One request, and more only where a single group has more than `limit` items.
    """
    page = read(limit + 1, cursor)
    items = list(page.items)
    groups = _groups(items, group_of)
    while page.place and len(groups) == 1:
        page = read(limit + 1, page.next_cursor)
        items += page.items
        groups = _groups(items, group_of)
    # Where more follows, the last group may go on.
    shown = groups[: min(limit, len(groups) - bool(page.place))]
    kept = [item for group in shown for item in group]
    more = len(kept) < len(items)
    return Page(kept, _place(kept[-1], index) if more else {}, page.bound)


def _groups(items: Iterable[Item], group_of: Callable[[Item], str]) -> list[list[Item]]:
    return [list(group) for _, group in groupby(items, group_of)]


def _place(item: Item, index: str | None) -> dict[str, str]:
    """Where an item stands: its key, and its place in the index."""
    names = {"by_state": ("GSI1PK", "GSI1SK"), "by_owner": ("GSI2PK", "GSI2SK")}.get(index or "", ())
    return {name: getattr(item, name) for name in ("PK", "SK", *names)}
