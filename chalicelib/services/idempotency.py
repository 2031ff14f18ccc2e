"""Once: a request that came twice is answered twice and done once."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal
from typing import Any

from chalicelib import clock
from chalicelib.domain.digests import digest
from chalicelib.domain.errors import IdempotencyKeyReused, StaleVersion, TakipError
from chalicelib.domain.people.security_events import SecurityEvent
from chalicelib.domain.people.users import Actor
from chalicelib.storage import idempotency, writes
from chalicelib.storage.codec import CONVERTER
from chalicelib.storage.keys import idempotency as keys
from chalicelib.storage.keys.shape import Key
from chalicelib.storage.writes import Write


@dataclass(frozen=True)
class Answer:
    """What a caller is told: the resource as JSON, whether it is new, its version, and whether this is a replay.

    With `queued` it was only taken in: the work itself is done later. `shown_once` is told now and kept nowhere.
    `happened` is the security event that was written with it, for the log; a replay has none.
    """

    data: Any
    created: bool = False
    version: int | None = None
    replayed: bool = False
    queued: bool = False
    shown_once: Mapping[str, str] = field(default_factory=dict)
    happened: SecurityEvent | None = None


@dataclass(frozen=True)
class Request:
    """How a request came: its Idempotency-Key, the version it was decided on (If-Match), whether it is a dry run."""

    key: str | None = None
    expected_version: int | None = None
    dry_run: bool = False

    def part(self, name: str | int) -> "Request":
        """The request for one part of this one, a row or an order, with a key of its own."""
        return replace(self, key=self.key and keys.part(self.key, name))

    def refuse_stale(self, version: int) -> None:
        """Refuse a change that was decided on another version than this one. Raises StaleVersion."""
        if self.expected_version not in (None, version):
            raise StaleVersion("Read it again, and decide on what it is now.")


@dataclass(frozen=True)
class Once:
    """A request that must happen at most once: where its key lives, and what makes it the same request."""

    key: Key
    fingerprint: str

    def keeping(self, answer: Answer, now: datetime) -> Write:
        """The key with the answer, to be written in the request's own transaction."""
        stored = idempotency.stored(self.fingerprint, answer.data, created=answer.created, version=answer.version)
        return idempotency.keeping(self.key, stored, now)

    def earlier(self) -> Answer | None:
        """The answer this request got before, if it did. Raises IdempotencyKeyReused where the key meant another."""
        found = idempotency.find(self.key, clock.now())
        if found is None:
            return None
        if found.fingerprint != self.fingerprint:
            raise IdempotencyKeyReused("Use a new key for a new request; keys are remembered for 30 days.")
        return Answer(found.data, found.created, found.version, replayed=True)


def once(
    actor: Actor, request: Request, name: str, target: str, payload: object, *, order_id: str | None = None
) -> Once | None:
    """Make the identity of a request: command name, target and payload, whatever road it came by.

    The key of a command on an order lives beside that order. Without a key, or for a dry run, there is none.
    """
    if request.key is None or request.dry_run:
        return None
    if order_id is None:
        key = keys.of_creation(actor.tenant, actor.user_id, request.key)
    else:
        key = keys.of_order(actor.tenant, order_id, actor.user_id, request.key)
    canonical = json.dumps([name, target, CONVERTER.unstructure(payload)], sort_keys=True, default=_plain)
    return Once(key, digest(canonical.encode(), bits=256))


def answered_before(request: Once | None, act: Callable[[], Answer]) -> Answer:
    """Act, unless this was done before: a retry gets its answer again, also where it would be refused now.

    Raises what `act` raises, and IdempotencyKeyReused.
    """
    try:
        return act()
    except TakipError:
        earlier = request.earlier() if request else None
        if earlier is None:
            raise
        return earlier


def commit(write: Write, request: Once | None, answer: Answer, now: datetime) -> None:
    """Write all or nothing, together with the answer under the request's key.

    Raises KeySeen where the key is there, the error of another key that already exists, ConditionFailed, Collision.
    """
    kept = request.keeping(answer, now) if request else Write()
    writes.commit(kept + write)


def _plain(value: object) -> str:
    """Write a decimal so that 1 and 1.0 are the same request."""
    return f"{value.normalize():f}" if isinstance(value, Decimal) else str(value)
