"""Known: what the registry was found to hold, remembered for a minute; what is not there is never remembered."""

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import Generic, TypeVar

from chalicelib import clock

REMEMBERED = timedelta(seconds=60)

Record = TypeVar("Record")
Name = tuple[str, str]
"""Tenant and id."""


class Known(Generic[Record]):
    """Records of one kind, found by tenant and id. `read` takes a tenant and ids, and leaves out what is not there."""

    def __init__(self, read: Callable[[str, Iterable[str]], dict[str, Record]]) -> None:
        self._read = read
        self._known: dict[Name, tuple[Record, datetime]] = {}

    def find(self, names: Iterable[Name]) -> dict[Name, Record]:
        """Find records; unknown ones are left out. Reads those not seen in the last minute."""
        now, wanted = clock.now(), set(names)
        unsure = {name for name in wanted if name not in self._known or self._known[name][1] <= now}
        if unsure:  # nor does anything stay for ever that was asked for once
            self._known = {name: known for name, known in self._known.items() if known[1] > now}
        for tenant in {tenant for tenant, _ in unsure}:
            found = self._read(tenant, sorted(identity for owner, identity in unsure if owner == tenant))
            self._known.update({(tenant, identity): (record, now + REMEMBERED) for identity, record in found.items()})
        return {name: self._known[name][0] for name in wanted if name in self._known}

    def forget(self) -> None:
        """Forget what was known, as a new process does."""
        self._known.clear()
