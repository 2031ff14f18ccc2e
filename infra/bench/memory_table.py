"""A table in memory that replaces DynamoDB. Each request takes a set time."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch

from chalicelib.storage import table
from chalicelib.storage.conflicts import ConditionFailed
from chalicelib.storage.items import Item
from chalicelib.storage.keys.shape import Key
from chalicelib.storage.table import Check, Put


class MemoryTable:
    """Items by key. A request takes effect in the middle of its time. Times are in seconds."""

    def __init__(self, sleep: Callable[[float], None], read_seconds: float, write_seconds: float) -> None:
        self._items: dict[Key, Item] = {}
        self._sleep = sleep
        self._read_seconds = read_seconds
        self._write_seconds = write_seconds

    @contextmanager
    def in_place(self) -> Iterator[None]:
        """Replace DynamoDB inside this context."""
        with patch.multiple(table, get=self.get, batch_get=self.batch_get, query=self.query, transact=self.transact):
            yield

    def get(self, key: Key) -> Item | None:
        """Read one item."""
        return self.batch_get([key]).get(key)

    def batch_get(self, keys: Iterable[Key]) -> dict[Key, Item]:
        """Read items. Missing items are left out."""
        with self._taking(self._read_seconds):
            return {key: self._items[key] for key in keys if key in self._items}

    def query(self, pk: str, begins_with: str = "", *, between: tuple[str, str] | None = None) -> Iterator[Item]:
        """Read the items of a partition whose sort key has a prefix or lies between two keys (both included)."""
        first, last = between or (begins_with, begins_with + "\uffff")
        with self._taking(self._read_seconds):
            found = sorted(key for key in self._items if key.pk == pk and first <= key.sk <= last)
            items = [self._items[key] for key in found]
        yield from items

    def transact(
        self,
        puts: Sequence[Put],
        deletes: Sequence[Key] = (),
        *,
        checks: Sequence[Check] = (),
        takes: Sequence[Key] = (),
    ) -> None:
        """Write all or nothing. Raises ConditionFailed with the keys of the items whose condition failed."""
        with self._taking(self._write_seconds):
            asked = [(each.key, each.condition) for each in checks] + [(each.item.key, each.condition) for each in puts]
            failed = [key for key, condition in asked if not _holds(condition, self._items.get(key))]
            failed += [key for key in takes if key not in self._items]
            if not failed:
                self._items.update({each.item.key: each.item for each in puts})
                for key in (*deletes, *takes):
                    self._items.pop(key, None)
        if failed:
            raise ConditionFailed(failed)

    @contextmanager
    def _taking(self, seconds: float) -> Iterator[None]:
        self._sleep(seconds / 2)
        yield
        self._sleep(seconds / 2)


def _holds(condition: Any, item: Item | None) -> bool:
    """Whether a condition is true for an item. None is always true."""
    if condition is None:
        return True
    if condition.operator == "OR":
        return any(_holds(each, item) for each in condition.values)
    if condition.operator == "attribute_not_exists":
        (path,) = condition.values
        return item is None or getattr(item, str(path)) is None
    path, wanted = condition.values
    has = None if item is None else getattr(item, str(path))
    number = int(wanted.value["N"])
    return has is not None and (has == number if condition.operator == "=" else has < number)
