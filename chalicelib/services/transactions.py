"""Writes outside an order: made with their idempotency key in one transaction, or refused with the reason."""

from collections.abc import Callable
from dataclasses import dataclass

from chalicelib import clock
from chalicelib.domain.people.security_events import SecurityEvent
from chalicelib.domain.people.users import Actor
from chalicelib.services import events
from chalicelib.services.idempotency import Answer, Request, answered_before, commit, once
from chalicelib.services.retries import until_won
from chalicelib.storage.people import security_events
from chalicelib.storage.writes import Rehearsal, Write


@dataclass(frozen=True)
class Prepared:
    """What is to be written: its answer, the write, and the security event to be written with it, if there is one."""

    answer: Answer
    write: Write
    event: SecurityEvent | None = None


def carry_out(
    actor: Actor,
    name: str,
    payload: object,
    request: Request,
    prepare: Callable[[], Prepared],
    *,
    target: str = "",
    rehearsal: Rehearsal | None = None,
) -> Answer:
    """Write what `prepare` returns, and answer.

    The event is logged when it has been written: not in a dry run, nor for a request that was done before.
    Dry runs that share a `rehearsal` refuse a key that one before them would use.

    Raises what `prepare` raises, the errors for keys that already exist, LostRace, IdempotencyKeyReused,
    StorageUnavailable. Costs one transaction; with a key, a refusal costs one read more.
    """
    single = once(actor, request, name, target, payload)
    dry_run = rehearsal or Rehearsal()

    def attempt() -> Answer:
        prepared = prepare()
        event, write = prepared.event, prepared.write
        if event:
            write += security_events.put(actor.tenant, event)
        if request.dry_run:
            dry_run.commit(write)
            return prepared.answer
        commit(write, single, prepared.answer, clock.now())
        if event:
            events.tell(actor.tenant, event)
        return prepared.answer

    return answered_before(single, lambda: until_won(attempt))
