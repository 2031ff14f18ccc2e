"""Idempotency keys: the answer a request got, written in the same transaction as what it did."""

import json
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from chalicelib.domain.errors import LostRace, TakipError
from chalicelib.storage import table
from chalicelib.storage.conflicts import ConditionFailed
from chalicelib.storage.items import item
from chalicelib.storage.keys.shape import Key
from chalicelib.storage.table import Put

KEPT = timedelta(days=30)


class KeySeen(LostRace):
    """The request's key is there already: nothing was written. Whoever wrote it has the answer."""

    def __init__(self) -> None:
        super().__init__("Send it again, with the same Idempotency-Key.", retry_after=1)


@dataclass(frozen=True)
class StoredAnswer:
    """An answer as it was given: its body as compressed JSON, whether it created, and the version it showed."""

    fingerprint: str
    body: bytes
    created: bool = False
    version: int | None = None

    @property
    def data(self) -> Any:
        """The body that was answered."""
        return json.loads(zlib.decompress(self.body))


def stored(fingerprint: str, data: Any, *, created: bool, version: int | None) -> StoredAnswer:
    """Make the record of an answer."""
    return StoredAnswer(fingerprint, zlib.compress(json.dumps(data).encode()), created, version)


def find(key: Key, now: datetime) -> StoredAnswer | None:
    """Look a key up, consistently; one that has expired is not there, however late the table is to delete it."""
    found = table.get(key)
    if found is None or (found.expires_at or 0) < int(now.timestamp()):
        return None
    return found.read(StoredAnswer)


def write(
    puts: Sequence[Put],
    *,
    once: tuple[Key, StoredAnswer] | None,
    now: datetime,
    taken: Mapping[Key, TakipError],
    deletes: Sequence[Key] = (),
) -> None:
    """Write all or nothing, together with the request's key.

    Raises KeySeen where the key is there, the error of `taken` whose item's condition failed, or Collision.
    """
    key_puts = []
    if once is not None:
        key_item = item(once[0], "idempotency_key", once[1], expires_at=now + KEPT)
        key_puts = [Put(key_item, table.absent_or_expired(now))]
    try:
        table.transact([*puts, *key_puts], deletes)
    except ConditionFailed as failed:
        if once is not None and once[0] in failed.keys:
            raise KeySeen from None
        raise next((error for key, error in taken.items() if key in failed.keys), failed) from None


def refuse_taken(taken: Mapping[Key, TakipError], reserved: set[Key]) -> None:
    """Refuse what `write` would refuse, without writing, as if `reserved` were there too: for a dry run."""
    found = {*table.batch_get(taken), *reserved}
    for key, error in taken.items():
        if key in found:
            raise error
