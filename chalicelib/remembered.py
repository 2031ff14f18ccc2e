"""What a warm function remembers between requests. `forget_everything` clears all of it."""

import functools
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import Any, Generic, TypeVar

from chalicelib import clock

REMEMBERED = timedelta(seconds=60)

Made = TypeVar("Made")
Record = TypeVar("Record")
Name = tuple[str, str]
"""Tenant and id."""

_kept: list[Callable[[], None]] = []
_known: list[dict[Name, tuple[Any, datetime]]] = []


def cached(make: Callable[..., Made]) -> "functools._lru_cache_wrapper[Made]":
    """Remember the results of a function, for each set of arguments, as long as the process lives."""
    keeping = functools.cache(make)
    _kept.append(keeping.cache_clear)
    return keeping


def forget_everything() -> None:
    """Forget everything, as a new process does."""
    forget_records()
    for forget in _kept:
        forget()


def forget_records() -> None:
    """Forget only records of the table, because the table holds others now."""
    for records in _known:
        records.clear()


class Known(Generic[Record]):
    """Records of one kind by tenant and id, remembered for a minute. Missing records are not remembered.

    `read` takes a tenant and ids, and leaves out the missing ones.
    """

    def __init__(self, read: Callable[[str, Iterable[str]], dict[str, Record]]) -> None:
        self._read = read
        self._records: dict[Name, tuple[Record, datetime]] = {}
        _known.append(self._records)

    def forget(self) -> None:
        """Forget all records of this kind."""
        self._records.clear()

    def find(self, names: Iterable[Name]) -> dict[Name, Record]:
        """Find records. Unknown ones are left out. Those not read in the last minute are read.

        Several threads may ask at once: then some records are read twice.
        """
        now, wanted = clock.now(), set(names)
        held = {name: self._records.get(name) for name in wanted}
        found = {name: record[0] for name, record in held.items() if record is not None and now < record[1]}
        unknown = wanted - found.keys()
        if unknown:  # so that old records do not use memory for ever
            for name in [name for name, (_, until) in list(self._records.items()) if now >= until]:
                self._records.pop(name, None)
        for tenant in {tenant for tenant, _ in unknown}:
            records = self._read(tenant, sorted(identity for owner, identity in unknown if owner == tenant))
            found |= {(tenant, identity): record for identity, record in records.items()}
        self._records |= {name: (found[name], now + REMEMBERED) for name in unknown & found.keys()}
        return found
