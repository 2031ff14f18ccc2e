"""Security events: written with the change that they are about, and read by admins."""

from dataclasses import dataclass
from datetime import datetime

from chalicelib import clock
from chalicelib.domain.errors import BadParameter
from chalicelib.domain.people.security_events import EVENTS_LAST, SYSTEM, EventKind, SecurityEvent
from chalicelib.domain.people.users import Actor
from chalicelib.domain.sentences import say
from chalicelib.services import events, tenants
from chalicelib.services.pages import ListPage, page_of
from chalicelib.storage.people import security_events


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


def key_rotated(kid: str, *, replaces_all: bool) -> None:
    """Record for every tenant that there is a new signing key, beside the others or in place of all of them."""
    detail = {"kid": kid} | ({"replaced": "all"} if replaces_all else {})
    for tenant in tenants.every():
        events.record(tenant.id, events.event(EventKind.KEY_ROTATED, actor_id=SYSTEM, detail=detail))


def page(actor: Actor, filters: EventFilters, *, limit: int, cursor: str | None) -> ListPage[SecurityEvent]:
    """A page of the events of a year, newest first. Raises BadParameter, BadCursor."""
    if filters.since and filters.before and filters.since > filters.before:
        raise BadParameter(say("since must not be after before."))
    oldest, window = clock.now() - EVENTS_LAST, (filters.since, filters.before)
    wanted = [filters.kinds, filters.user_id]
    found = security_events.page(actor.tenant, window, limit=limit, cursor=cursor, filters=wanted)
    return page_of(found, SecurityEvent, lambda event: event.at > oldest and filters.keeps(event))
