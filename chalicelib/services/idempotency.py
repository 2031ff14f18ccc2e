"""Once: a request that came twice is answered twice and done once."""

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from chalicelib import clock
from chalicelib.domain.errors import IdempotencyKeyReused, TakipError
from chalicelib.storage import idempotency
from chalicelib.storage.idempotency import StoredAnswer
from chalicelib.storage.items import CONVERTER
from chalicelib.storage.keys import Key


@dataclass(frozen=True)
class Answer:
    """What a caller is told: the resource as JSON, whether it is new, its version, and whether this is a replay.

    With `queued` it was only taken in: the work itself is done later. `shown_once` is told now and kept nowhere.
    """

    data: Any
    created: bool = False
    version: int | None = None
    replayed: bool = False
    queued: bool = False
    shown_once: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Request:
    """How a request came: its Idempotency-Key, the versions it was decided on (If-Match), whether it is a dry run."""

    key: str | None = None
    expected_versions: frozenset[int] | None = None
    dry_run: bool = False

    def expects(self, version: int) -> bool:
        """Whether a version is one of those that the request was decided on; any is, where it names none."""
        return self.expected_versions is None or version in self.expected_versions


@dataclass(frozen=True)
class Once:
    """A request that must happen at most once: where its key lives, and what makes it the same request."""

    key: Key
    fingerprint: str

    def storing(self, answer: Answer) -> tuple[Key, StoredAnswer]:
        """The key with the answer, to be written in the request's own transaction."""
        stored = idempotency.stored(self.fingerprint, answer.data, created=answer.created, version=answer.version)
        return self.key, stored

    def earlier(self) -> Answer | None:
        """The answer this request got before, if it did. Raises IdempotencyKeyReused where the key meant another."""
        found = idempotency.find(self.key, clock.now())
        if found is None:
            return None
        if found.fingerprint != self.fingerprint:
            raise IdempotencyKeyReused("Use a new key for a new request; keys are remembered for 30 days.")
        return Answer(found.data, found.created, found.version, replayed=True)


def once(key: Key | None, name: str, target: str, payload: object, *, dry_run: bool) -> Once | None:
    """Make the identity of a request: command name, target and payload, whatever road it came by."""
    if key is None or dry_run:
        return None
    canonical = json.dumps([name, target, CONVERTER.unstructure(payload)], sort_keys=True, default=_plain)
    return Once(key, hashlib.sha256(canonical.encode()).hexdigest())


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


def _plain(value: object) -> str:
    """Write a decimal so that 1 and 1.0 are the same request."""
    return f"{value.normalize():f}" if isinstance(value, Decimal) else str(value)
