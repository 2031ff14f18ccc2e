"""What a warm function keeps from one request to the next, all of it forgotten at once by `forget_everything`."""

import functools
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import Generic, TypeVar

from chalicelib import clock

REMEMBERED = timedelta(seconds=60)

Made = TypeVar("Made")
Record = TypeVar("Record")
Name = tuple[str, str]
"""Tenant and id."""

_kept: list[Callable[[], None]] = []
_known: list[Callable[[], None]] = []


def kept(make: Callable[..., Made]) -> "functools._lru_cache_wrapper[Made]":
    """Keep what a function makes, for each set of arguments, for as long as the process lives."""
    keeping = functools.cache(make)
    _kept.append(keeping.cache_clear)
    return keeping


def forget_everything() -> None:
    """Forget all that was kept, as a new process does."""
    forget_records()
    for forget in _kept:
        forget()


def forget_records() -> None:
    """Forget what the table was found to hold, and nothing else: it holds something else now."""
    for forget in _known:
        forget()


class Known(Generic[Record]):
    """Records of one kind, found by tenant and id, and kept for a minute; what is not there is never kept.

    `read` takes a tenant and ids, and leaves out what is not there.
    """

    def __init__(self, read: Callable[[str, Iterable[str]], dict[str, Record]]) -> None:
        self._read = read
        self._records: dict[Name, tuple[Record, datetime]] = {}
        _known.append(self._records.clear)

    def find(self, names: Iterable[Name]) -> dict[Name, Record]:
        """Find records; unknown ones are left out. Reads those not seen in the last minute."""
        now, wanted = clock.now(), set(names)
        unsure = {name for name in wanted if name not in self._records or self._records[name][1] <= now}
        if unsure:  # nor does anything stay for ever that was asked for once
            for name in [name for name, known in self._records.items() if known[1] <= now]:
                del self._records[name]
        for tenant in {tenant for tenant, _ in unsure}:
            found = self._read(tenant, sorted(identity for owner, identity in unsure if owner == tenant))
            self._records.update({(tenant, identity): (record, now + REMEMBERED) for identity, record in found.items()})
        return {name: self._records[name][0] for name in wanted if name in self._records}
