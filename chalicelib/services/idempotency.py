"""Idempotency: a request that is sent twice is done once and answered twice."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal
from functools import partial
from typing import Any

from chalicelib import clock
from chalicelib.domain.digests import digest
from chalicelib.domain.errors import IdempotencyKeyReused, StaleVersion, TakipError
from chalicelib.domain.people.users import Actor
from chalicelib.domain.sentences import say
from chalicelib.domain.timers import Timer
from chalicelib.storage import idempotency, writes
from chalicelib.storage.codec import CONVERTER
from chalicelib.storage.keys import idempotency as keys
from chalicelib.storage.keys.shape import Key
from chalicelib.storage.writes import Write


@dataclass(frozen=True)
class Answer:
    """The answer to a request: the resource as JSON, whether it was created, its version, and whether it is a replay.

    `queued`: the request is accepted and its work is done later. `shown_once` is in this answer only and is not stored.
    `polled`: clients read it again and again; it has an ETag of all that it shows but `as_of`.
    """

    data: Any
    created: bool = False
    version: int | None = None
    replayed: bool = False
    queued: bool = False
    polled: bool = False
    shown_once: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Request:
    """How a request came: its Idempotency-Key, the versions it was decided on (If-Match), whether it is a dry run.

    `also` is a second key of the same request, so that it is the same as one that has either.
    `as_of`: what it asks for happened then, in the system that the plant had before Takip. It is dated then, nobody is
    told of it, and no timer is set that would have rung by now. Only the import of that system says so, never a door.
    """

    key: str | None = None
    expected_versions: frozenset[int] | None = None
    dry_run: bool = False
    also: str | None = None
    as_of: datetime | None = None

    def part(self, name: str | int) -> "Request":
        """The request for one part of this one (a row or an order), with keys of its own."""
        own, also = (each and keys.part(each, name) for each in (self.key, self.also))
        return replace(self, key=own, also=also)

    def to_ring(self, timers: Sequence[Timer]) -> Sequence[Timer]:
        """Those of the timers of a change that are to be set."""
        return [timer for timer in timers if self.as_of is None or timer.due_at > clock.now()]

    def refuse_stale(self, version: int) -> None:
        """Refuse a change that was decided on another version than this one. Raises StaleVersion."""
        if self.expected_versions is not None and version not in self.expected_versions:
            raise StaleVersion(say("Read it again, then send the new ETag as If-Match."))


@dataclass(frozen=True)
class Once:
    """The identity of a request: the keys it is stored under, and a fingerprint of its content."""

    keys: tuple[Key, ...]
    fingerprint: str

    def keeping(self, answer: Answer, now: datetime) -> Write:
        """The write that stores the answer under its keys, for the request's own transaction."""
        stored = idempotency.stored(self.fingerprint, answer.data, created=answer.created, version=answer.version)
        return sum((idempotency.keeping(key, stored, now) for key in self.keys), Write())

    def earlier(self) -> Answer | None:
        """The answer that this request got before; None if there is none.

        Raises IdempotencyKeyReused if the key was used for another request.
        """
        now = clock.now()
        stored = next(filter(None, (idempotency.find(key, now) for key in self.keys)), None)
        if stored is None:
            return None
        if stored.fingerprint != self.fingerprint:
            raise IdempotencyKeyReused(
                say("Use a new key for a new request; keys are remembered for {days} days.", days=30)
            )
        return Answer(stored.data, stored.created, stored.version, replayed=True)


def once(
    actor: Actor, request: Request, name: str, target: str, payload: object, *, order_id: str | None = None
) -> Once | None:
    """The identity of a request: command name, target and payload, whichever endpoint it came through.

    The key of a command on an order is stored with that order. Without a key, and for a dry run, the result is None.
    """
    if request.key is None or request.dry_run:
        return None
    if order_id is None:
        place = partial(keys.of_creation, actor.tenant, actor.user_id)
    else:
        place = partial(keys.of_order, actor.tenant, order_id, actor.user_id)
    canonical = json.dumps([name, target, CONVERTER.unstructure(payload)], sort_keys=True, default=_plain)
    given = filter(None, (request.key, request.also))
    return Once(tuple(map(place, given)), digest(canonical.encode(), bits=256))


def answered_before(request: Once | None, act: Callable[[], Answer]) -> Answer:
    """Act, or return the earlier answer if the request was done before and acting is refused now.

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
    """Write in one transaction, together with the answer under the request's key.

    Raises KeySeen if the request's key already exists, the error for another key that already exists, ConditionFailed,
    Collision.
    """
    kept = request.keeping(answer, now) if request else Write()
    writes.commit(kept + write)


def _plain(value: object) -> str:
    """Text of a decimal in which 1 and 1.0 are equal."""
    return f"{value.normalize():f}" if isinstance(value, Decimal) else str(value)
