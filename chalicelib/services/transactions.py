"""Writes outside an order: made with their idempotency key in one transaction, or refused with the reason."""

from collections.abc import Callable

from chalicelib import clock
from chalicelib.domain.people.users import Actor
from chalicelib.services.idempotency import Answer, Request, answered_before, commit, once
from chalicelib.services.retries import until_won
from chalicelib.storage.writes import Rehearsal, Write

Prepared = tuple[Answer, Write]


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

    Dry runs that share a `rehearsal` refuse a key that one before them would use.

    Raises what `prepare` raises, the errors for keys that already exist, LostRace, IdempotencyKeyReused,
    StorageUnavailable. Costs one transaction; with a key, a refusal costs one read more.
    """
    single = once(actor, request, name, target, payload)
    dry_run = rehearsal or Rehearsal()

    def attempt() -> Answer:
        answer, write = prepare()
        if request.dry_run:
            dry_run.commit(write)
        else:
            commit(write, single, answer, clock.now())
        return answer

    return answered_before(single, lambda: until_won(attempt))
