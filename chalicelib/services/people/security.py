"""Security events: written together with what they tell of, told in the log, and read by admins."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from chalicelib import clock, ids
from chalicelib.domain.errors import BadParameter
from chalicelib.domain.people.devices import Source
from chalicelib.domain.people.security_events import KEPT, EventKind, SecurityEvent
from chalicelib.domain.people.users import Actor
from chalicelib.observability import logger
from chalicelib.services import tenants
from chalicelib.services.idempotency import Answer, Request
from chalicelib.services.pages import Listing, listed
from chalicelib.services.transactions import Prepared, carry_out
from chalicelib.storage import table
from chalicelib.storage.keys import Key
from chalicelib.storage.people import security_events
from chalicelib.storage.table import Check, Put


@dataclass(frozen=True)
class EventFilters:
    """Which events are wanted: of these kinds (none: of all), about one person, from one instant to before another."""

    kinds: tuple[EventKind, ...] = ()
    user_id: str | None = None
    since: datetime | None = None
    before: datetime | None = None

    def keeps(self, event: SecurityEvent) -> bool:
        """Whether an event is of the kinds and about the person wanted."""
        return (not self.kinds or event.kind in self.kinds) and self.user_id in (None, event.user_id)


def event(
    kind: EventKind,
    *,
    user_id: str | None = None,
    actor_id: str | None = None,
    source: Source | None = None,
    device_id: str | None = None,
    detail: dict[str, str] | None = None,
) -> SecurityEvent:
    """Say what is happening now."""
    address = source.address if source else None
    return SecurityEvent(ids.new(), kind, clock.now(), user_id, actor_id, address, device_id, detail or {})


def record(
    tenant: str,
    happened: SecurityEvent,
    puts: Sequence[Put] = (),
    *,
    deletes: Sequence[Key] = (),
    checks: Sequence[Check] = (),
) -> None:
    """Write an event with what it tells of, in one transaction, and tell it. Raises ConditionFailed, Collision."""
    table.transact([*puts, security_events.put(tenant, happened)], deletes, checks=checks)
    _tell(tenant, happened)


def carry_out_recorded(
    actor: Actor,
    name: str,
    payload: object,
    request: Request,
    prepare: Callable[[], tuple[Prepared, SecurityEvent | None]],
    *,
    target: str = "",
) -> Answer:
    """Carry out what `prepare` gives, as `transactions.carry_out` does, with the event that tells of it, if one does.

    The event is told in the log when it has been written: not in a dry run, nor where the request was done before.
    """

    def prepared() -> Prepared:
        (answer, puts, taken), happened = prepare()
        if happened is None:
            return answer, puts, taken
        return replace(answer, happened=happened), [*puts, security_events.put(actor.tenant, happened)], taken

    answer = carry_out(actor, name, payload, request, prepared, target=target)
    if answer.happened and not request.dry_run:
        _tell(actor.tenant, answer.happened)
    return answer


def key_rotated(kid: str, *, replaces_all: bool) -> None:
    """Record for every tenant that a new key is going to sign tokens, beside the others or in place of them all."""
    detail = {"kid": kid} | ({"replaced": "all"} if replaces_all else {})
    for tenant in tenants.every():
        record(tenant.id, event(EventKind.KEY_ROTATED, detail=detail))


def page(actor: Actor, filters: EventFilters, *, limit: int, cursor: str | None) -> Listing[SecurityEvent]:
    """A page of the events of a year, newest first. Raises BadParameter, BadCursor."""
    if filters.since and filters.before and filters.since > filters.before:
        raise BadParameter("since must not be after before.")
    oldest, window = clock.now() - KEPT, (filters.since, filters.before)
    wanted = [filters.kinds, filters.user_id]
    found = security_events.page(actor.tenant, window, limit=limit, cursor=cursor, filters=wanted)
    return listed(found, SecurityEvent, lambda event: event.at > oldest and filters.keeps(event))


def _tell(tenant: str, happened: SecurityEvent) -> None:
    """Log an event without the address: that is a person's data, and stands in the table for admins only."""
    told = {
        "event": happened.kind.value,
        "event_id": happened.id,
        "tenant": tenant,
        "user": happened.user_id,
        "actor": happened.actor_id,
        "device": happened.device_id,
        "detail": happened.detail,
    }
    logger().info("security", extra=told)
