"""Security events in the table: a partition a month, and an index of all of them by time."""

from datetime import datetime

from chalicelib.domain.people.security_events import KEPT, SecurityEvent
from chalicelib.storage import keys, table
from chalicelib.storage.items import item
from chalicelib.storage.pages import Page
from chalicelib.storage.table import Put


def put(tenant: str, event: SecurityEvent) -> Put:
    """What is written about an event; it is forgotten after a year."""
    key = keys.security_event(tenant, event.at, event.id)
    listed = (keys.security_events(tenant), key.sk)
    return Put(item(key, "security_event", event, by_owner=listed, expires_at=event.at + KEPT))


def page(
    tenant: str,
    window: tuple[datetime | None, datetime | None],
    *,
    limit: int,
    cursor: str | None,
    filters: object,
) -> Page:
    """A page of the events from one instant to before another, newest first."""
    between, partition = keys.between_instants(*window), keys.security_events(tenant)
    return table.page(
        "by_owner", partition, limit=limit, cursor=cursor, filters=filters, forward=False, between=between
    )
