"""Snapshots of the table for tests: to compare with, and to restore."""

import re
from typing import Any

from chalicelib import remembered, settings
from tests.conftest import ENVIRONMENT
from tests.items_in_memory import Items, shared, table_in

ID = re.compile(r"[0-9A-HJKMNP-TV-Z]{26}")
# The part of a list to which a marker, an event, a delivery or a timer falls by its id.
SHARD = re.compile(r"(?:(?<=DIRTY#)|(?<=OUTBOX#)|(?<=DELIVERIES#)|(?<=TIMER#))\d+")


class Standing:
    """The table at an earlier time, to compare with now. In memory, copying its items is faster than listing them."""

    def __init__(self) -> None:
        self._before = shared(_table().items)
        self._known = set(ID.findall(str(self._before)))

    def changed(self) -> set[str]:
        """The kinds of the items that are new, deleted or changed."""
        before, now = _by_key(self._before), _by_key(_table().items)
        either = {key: now.get(key) or before[key] for key in before.keys() | now.keys()}
        return {attributes["kind"].value for key, attributes in either.items() if before.get(key) != now.get(key)}

    def essence(self) -> list[str]:
        """All items, without their new ids. Of idempotency keys only where they are."""
        items = _by_key(_table().items).items()
        return sorted(
            self.without_new_ids(f"{key} {'' if item['kind'].value == 'idempotency_key' else item}")
            for key, item in items
        )

    def without_new_ids(self, told: object) -> str:
        """A text with a dash for every new id."""
        return ID.sub(lambda found: found[0] if found[0] in self._known else "-", SHARD.sub("-", str(told)))

    def put_back(self) -> None:
        """Restore the table, and forget what the process remembers of it."""
        _table().items = shared(self._before)
        remembered.forget_records()


def ids_of(kind: str) -> list[str]:
    """The ids of the items of a kind, oldest first."""
    items = (item for item in _by_key(_table().items).values() if item["kind"].value == kind)
    return sorted(item["data"].value["id"].value for item in items)


def _table() -> Any:
    return table_in(ENVIRONMENT["AWS_DEFAULT_REGION"], settings.current().table)


def _by_key(items: Items) -> dict[tuple[str, str], Any]:
    return {(pk.value, sk.value): item.attrs for pk, beside in items.items() for sk, item in beside.items()}
