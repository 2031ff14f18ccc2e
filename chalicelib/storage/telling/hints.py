"""Hints in the table: in which second one was last sent on a topic, so that no topic has more than one a second."""

from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta

from chalicelib.storage import table
from chalicelib.storage.conflicts import ConditionFailed
from chalicelib.storage.items import Item, item
from chalicelib.storage.keys import telling as keys

KEPT = timedelta(hours=1)


@dataclass(frozen=True)
class Hint:
    """The last hint on a topic, by the second in which it was sent. Seconds are counted from 1970."""

    second: int


def take(tenant: str, topic: str, now: datetime) -> bool:
    """Take this second of a topic; False if somebody has it, or a later one. Costs one write."""
    second = int(now.timestamp())
    written = item(keys.hint(tenant, topic), "hint", Hint(second), revision=second, expires_at=now + KEPT)
    with suppress(ConditionFailed):
        table.put(written, table.absent() | (Item.revision < second))
        return True
    return False
