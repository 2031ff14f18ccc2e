"""Idempotency keys: the answer to a request, written in the same transaction as its change."""

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

REMEMBERED_FOR = timedelta(days=30)


class KeySeen(LostRace):
    """The request's key already exists: nothing was written, and the answer is stored under the key."""

    def __init__(self) -> None:
        super().__init__("Send the request again with the same Idempotency-Key.", retry_after=1)


@dataclass(frozen=True)
class StoredAnswer:
    """A stored answer: its body as compressed JSON, whether it created something, and the version it showed."""

    fingerprint: str
    body: bytes
    created: bool = False
    version: int | None = None

    @property
    def data(self) -> Any:
        """The body of the answer."""
        return json.loads(zlib.decompress(self.body))


def stored(fingerprint: str, data: Any, *, created: bool, version: int | None) -> StoredAnswer:
    """Make the record of an answer."""
    return StoredAnswer(fingerprint, zlib.compress(json.dumps(data).encode()), created, version)


def find(key: Key, now: datetime) -> StoredAnswer | None:
    """Read the answer of a key, consistently; None if there is none or it has expired."""
    stored_item = table.get(key)
    if stored_item is None or (stored_item.expires_at or 0) < int(now.timestamp()):
        return None
    return stored_item.read(StoredAnswer)


def keeping(key: Key, answer: StoredAnswer, now: datetime) -> Write:
    """The write that stores an answer until its key expires. If the key already exists, its error is KeySeen."""
    written = item(key, "idempotency_key", answer, expires_at=now + REMEMBERED_FOR)
    return Write((Put(written, table.absent_or_expired(now)),), taken={key: KeySeen()})
