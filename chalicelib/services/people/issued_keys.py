"""Keys of things that have no password: making their text, noting their use, and counting wrong ones."""

from base64 import urlsafe_b64encode
from collections.abc import Callable
from contextlib import suppress
from typing import TypeVar

from chalicelib import clock, ids
from chalicelib.domain.people.devices import Source
from chalicelib.domain.people.issued_keys import SECRET_BYTES, IssuedKey, KeyText
from chalicelib.domain.people.security_events import SecurityEvent
from chalicelib.services import events
from chalicelib.services.people import throttling
from chalicelib.storage import writes
from chalicelib.storage.conflicts import Collision, ConditionFailed
from chalicelib.storage.people import security_events
from chalicelib.storage.writes import Write

Key = TypeVar("Key", bound=IssuedKey)


def new_text(kind: str, tenant: str, holder_id: str) -> KeyText:
    """The text of a new key for something."""
    secret = urlsafe_b64encode(ids.secret(SECRET_BYTES)).decode().rstrip("=")
    return KeyText(kind, tenant, holder_id, ids.new(), secret)


def note_use(key: Key, put: Callable[[Key], Write]) -> bool:
    """Note the day on which a key was used, once a day. Says whether it was written, or was tried to."""
    after = key.used(clock.now().date())
    if after is key:
        return False
    with suppress(ConditionFailed, Collision):  # another function noted it, or somebody revoked the key
        writes.commit(put(after))
    return True


def count_failure(sent: KeyText, source: Source, happened: SecurityEvent | None) -> None:
    """Count a wrong key like a failed sign-in, and record it if there is such a key. Raises TooManyAttempts."""
    places = throttling.counted(sent.tenant, f"{sent.kind}_key", f"{sent.holder_id}/{sent.key_id}", source.address)
    if happened is None:
        throttling.spend(places)
        return
    throttling.spend(places, security_events.put(sent.tenant, happened))
    events.tell(sent.tenant, happened)
