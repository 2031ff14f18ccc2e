"""Timers in the table, in shards by the instant at which they are due. Whoever takes one deletes it."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from heapq import merge
from zlib import crc32

from chalicelib.domain.instants import MILLISECOND
from chalicelib.domain.timers import Timer, Watched
from chalicelib.storage import table
from chalicelib.storage.items import Item, item
from chalicelib.storage.keys import timers as keys
from chalicelib.storage.keys.shape import Key, between_instants
from chalicelib.storage.table import Put
from chalicelib.storage.writes import Write


def put(timers: Sequence[Timer]) -> Write:
    """The write of timers, for the transaction of what they are about.

    A thing has one timer at an instant. The same one is written again without harm.
    """
    return Write(tuple(Put(_item(timer)) for timer in timers))


def write_all(timers: Sequence[Timer]) -> None:
    """Write timers on their own, in no order. Raises StorageUnavailable."""
    table.batch_put([_item(timer) for timer in timers])


def taken(timer: Timer) -> Write:
    """The write that deletes a timer. Of several transactions that take it only one is done."""
    return Write(takes=(_key(timer),))


def due(now: datetime) -> Iterator[Timer]:
    """Read the timers that are due, oldest first, as they are asked for.

    One that cannot be read has `unreadable` and does not stop the others. Costs a query for each shard.
    """
    until = between_instants(None, now + MILLISECOND)
    shards = (map(_read, table.query(keys.shard(number), between=until)) for number in range(keys.SHARDS))
    return merge(*shards, key=lambda timer: timer.due_at)


def _item(timer: Timer) -> Item:
    return item(_key(timer), "timer", timer)


def _key(timer: Timer) -> Key:
    shard = crc32(f"{timer.tenant}/{timer.subject}/{timer.about}".encode()) % keys.SHARDS
    return keys.timer(shard, timer.due_at, timer.tenant, timer.subject, timer.about)


def _read(stored: Item) -> Timer:
    try:
        return stored.read(Timer)
    except Exception as error:  # noqa: BLE001  a timer that cannot be read must not stop the others
        return Timer("", Watched.ORDER, stored.SK, keys.due_at(stored.SK), unreadable=repr(error))
