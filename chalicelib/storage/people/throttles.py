"""Counters of failed attempts in the table; what has expired counts as nothing, also while the table still has it."""

from collections.abc import Mapping
from datetime import datetime

from chalicelib.domain.people.throttling import Counter
from chalicelib.storage import table
from chalicelib.storage.items import Item, item
from chalicelib.storage.keys.shape import Key
from chalicelib.storage.table import Check, Put


def read(found: Mapping[Key, Item], key: Key, now: datetime) -> Counter:
    """The counter as it stands among what was read."""
    if key not in found:
        return Counter()
    counter = found[key].read(Counter)
    return counter if now < counter.expires_at else Counter(version=counter.version)


def put(key: Key, counter: Counter) -> Put:
    """What is written when a counter moves, on the condition that nobody else moved it."""
    written = item(key, "throttle", counter, revision=counter.version, expires_at=counter.expires_at)
    return Put(written, table.at_revision(counter.version - 1))


def unmoved(key: Key, counter: Counter) -> Check:
    """The condition that nobody moved a counter since it was read."""
    return Check(key, table.at_revision(counter.version))
