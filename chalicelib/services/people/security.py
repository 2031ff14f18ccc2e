"""Security events: written with the change that they are about, and read by admins."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from chalicelib import clock
from chalicelib.domain.errors import BadParameter
from chalicelib.domain.people.security_events import KEPT, SYSTEM, EventKind, SecurityEvent
from chalicelib.domain.people.users import Actor
from chalicelib.services import tenants
from chalicelib.services.events import event, record, tell
from chalicelib.services.idempotency import Answer, Request
from chalicelib.services.pages import ListPage, page_of
from chalicelib.services.transactions import Prepared, carry_out
from chalicelib.storage.people import security_events

# `event` and `record` come from services/events.py, which tenants use too.
__all__ = ["EventFilters", "carry_out_recorded", "event", "key_rotated", "page", "record"]


@dataclass(frozen=True)
class EventFilters:
    """The filters of events: kinds (empty: all), one user, and times from `since` to before `before`."""

    kinds: tuple[EventKind, ...] = ()
    user_id: str | None = None
    since: datetime | None = None
    before: datetime | None = None

    def keeps(self, event: SecurityEvent) -> bool:
        """Whether an event passes the filters of kinds and user."""
        return (not self.kinds or event.kind in self.kinds) and self.user_id in (None, event.user_id)


def carry_out_recorded(
    actor: Actor,
    name: str,
    payload: object,
    request: Request,
    prepare: Callable[[], tuple[Prepared, SecurityEvent | None]],
    *,
    target: str = "",
) -> Answer:
    """Carry out what `prepare` gives, as `transactions.carry_out` does, and write its event, if it has one.

    The event is logged once it is written. Nothing is logged for a dry run or a repeated request.
    """

    def prepared() -> Prepared:
        (answer, write), happened = prepare()
        if happened is None:
            return answer, write
        return replace(answer, happened=happened), write + security_events.put(actor.tenant, happened)

    answer = carry_out(actor, name, payload, request, prepared, target=target)
    if answer.happened and not request.dry_run:
        tell(actor.tenant, answer.happened)
    return answer


def key_rotated(kid: str, *, replaces_all: bool) -> None:
    """Record for every tenant that there is a new signing key, beside the others or in place of all of them."""
    detail = {"kid": kid} | ({"replaced": "all"} if replaces_all else {})
    for tenant in tenants.every():
        record(tenant.id, event(EventKind.KEY_ROTATED, actor_id=SYSTEM, detail=detail))


def page(actor: Actor, filters: EventFilters, *, limit: int, cursor: str | None) -> ListPage[SecurityEvent]:
    """A page of the events of a year, newest first. Raises BadParameter, BadCursor."""
    if filters.since and filters.before and filters.since > filters.before:
        raise BadParameter("since must not be after before.")
    oldest, window = clock.now() - KEPT, (filters.since, filters.before)
    wanted = [filters.kinds, filters.user_id]
    found = security_events.page(actor.tenant, window, limit=limit, cursor=cursor, filters=wanted)
    return page_of(found, SecurityEvent, lambda event: event.at > oldest and filters.keeps(event))
