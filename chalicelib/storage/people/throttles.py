"""Counters of failed attempts in the table. An expired counter counts as zero, even if it is not deleted yet."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from chalicelib.domain.people.throttling import Counter
from chalicelib.storage import table
from chalicelib.storage.items import Item, item
from chalicelib.storage.keys import people as keys
from chalicelib.storage.keys.shape import Key
from chalicelib.storage.table import Check, Put
from chalicelib.storage.writes import Write


class Places(NamedTuple):
    """The keys of an attempt's counters: for its name at its address, its address, its name everywhere, and its device.

    The device has a counter only if the attempt claims to come from a known one.
    """

    name: Key
    address: Key
    everywhere: Key
    device: Key | None = None

    def every(self) -> list[Key]:
        """All keys that are set."""
        return [key for key in self if key is not None]


@dataclass(frozen=True)
class KeptCounter:
    """A counter as it was read, with its key."""

    key: Key
    counter: Counter


class Counters(NamedTuple):
    """The counters of an attempt as they were read, each as in `Places`."""

    name: KeptCounter
    address: KeptCounter
    everywhere: KeptCounter
    device: KeptCounter | None = None


def places(tenant: str, what: str, name: str, address: str, device_id: str | None = None) -> Places:
    """The keys of the counters of attempts of one kind. `name` is the digest of a name."""
    return Places(
        keys.throttle_of_name(tenant, what, address, name),
        keys.throttle_of_address(what, address),
        keys.throttle_of_name_everywhere(tenant, what, name),
        keys.throttle_of_device(tenant, what, device_id) if device_id else None,
    )


def find(places: Places, now: datetime) -> Counters:
    """Read the counters of an attempt, consistently, in one request."""
    return among(table.batch_get(places.every()), places, now)


def among(items: Mapping[Key, Item], places: Places, now: datetime) -> Counters:
    """The counters of an attempt among these items."""
    return Counters(*(_kept(items, key, now) for key in places.every()))


def move(kept: KeptCounter, after: Counter) -> Write:
    """The write that changes a counter, on the condition that nobody else changed it."""
    written = item(kept.key, "throttle", after, revision=after.version, expires_at=after.expires_at)
    return Write((Put(written, table.at_revision(kept.counter.version)),))


def unmoved(kept: KeptCounter) -> Write:
    """The condition that nobody changed a counter since it was read."""
    return Write(checks=(Check(kept.key, table.at_revision(kept.counter.version)),))


def _kept(items: Mapping[Key, Item], key: Key, now: datetime) -> KeptCounter:
    if key not in items:
        return KeptCounter(key, Counter())
    counter = items[key].read(Counter)
    return KeptCounter(key, counter if now < counter.expires_at else Counter(version=counter.version))
