"""Idempotency keys: the answer a request got, written in the same transaction as what it did."""

import json
import zlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from chalicelib.domain.errors import LostRace
from chalicelib.storage import table
from chalicelib.storage.items import item
from chalicelib.storage.keys.shape import Key
from chalicelib.storage.table import Put
from chalicelib.storage.writes import Write

KEPT = timedelta(days=30)


class KeySeen(LostRace):
    """The request's key is there already: nothing was written. Whoever wrote it has the answer."""

    def __init__(self) -> None:
        super().__init__("Send the request again with the same Idempotency-Key.", retry_after=1)


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


def keeping(key: Key, answer: StoredAnswer, now: datetime) -> Write:
    """What is written of an answer: it expires with its key. The error for a key that already exists is KeySeen."""
    written = item(key, "idempotency_key", answer, expires_at=now + KEPT)
    return Write((Put(written, table.absent_or_expired(now)),), taken={key: KeySeen()})
