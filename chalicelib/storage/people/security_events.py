"""Security events in the table: one partition per month, and an index of all of them by time."""

from chalicelib.domain.intervals import OpenInterval
from chalicelib.domain.people.security_events import EVENTS_LAST, SecurityEvent
from chalicelib.storage import table
from chalicelib.storage.items import item
from chalicelib.storage.keys import people as keys
from chalicelib.storage.keys.shape import between_instants
from chalicelib.storage.pages import Page
from chalicelib.storage.table import Put
from chalicelib.storage.writes import Write


def put(tenant: str, event: SecurityEvent) -> Write:
    """The write of an event. It expires after a year."""
    key = keys.security_event(tenant, event.at, event.id)
    place = (keys.security_events(tenant), key.sk)
    return Write((Put(item(key, "security_event", event, by_owner=place, expires_at=event.at + EVENTS_LAST)),))


def page(
    tenant: str,
    window: OpenInterval,
    *,
    limit: int,
    cursor: str | None,
    filters: object,
) -> Page:
    """A page of the events from one instant (included) to another (not included), newest first."""
    between, partition = between_instants(*window), keys.security_events(tenant)
    return table.page(
        "by_owner", partition, limit=limit, cursor=cursor, filters=filters, forward=False, between=between
    )
