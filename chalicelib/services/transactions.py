"""Writes that touch no order: made with their idempotency key in one transaction, or told what is in their way."""

from collections.abc import Callable, Mapping, Sequence

from chalicelib import clock
from chalicelib.domain.errors import TakipError
from chalicelib.domain.people.users import Actor
from chalicelib.services.idempotency import Answer, Request, answered_before, once
from chalicelib.services.retries import until_won
from chalicelib.storage import idempotency
from chalicelib.storage.keys import idempotency as keys
from chalicelib.storage.keys.shape import Key
from chalicelib.storage.table import Put

Prepared = tuple[Answer, Sequence[Put], Mapping[Key, TakipError]]


def carry_out(
    actor: Actor,
    name: str,
    payload: object,
    request: Request,
    prepare: Callable[[], Prepared],
    *,
    target: str = "",
    reserved: set[Key] | None = None,
) -> Answer:
    """Carry out what `prepare` gives: the answer, what is written, and what is said when some of it is there already.

    Dry runs that share `reserved` refuse one another what each would take.

    Raises what `prepare` raises, the errors it names, LostRace, IdempotencyKeyReused, StorageUnavailable.
    Costs one transaction; a refusal with a key one read more.
    """
    key = keys.of_creation(actor.tenant, actor.user_id, request.key) if request.key else None
    single = once(key, name, target, payload, dry_run=request.dry_run)
    held = set() if reserved is None else reserved

    def attempt() -> Answer:
        answer, puts, taken = prepare()
        if request.dry_run:
            idempotency.refuse_taken(taken, held)
            held.update(taken)
            return answer
        storing = single.storing(answer) if single else None
        idempotency.write(puts, once=storing, now=clock.now(), taken=taken)
        return answer

    return answered_before(single, lambda: until_won(attempt))
