"""Quarantined messages in the table, by the day they were sent and what they held."""

from collections.abc import Iterable

from chalicelib.domain.machines.quarantine import Quarantined
from chalicelib.storage import keys, table
from chalicelib.storage.items import Item, item
from chalicelib.storage.pages import Page


def as_item(tenant: str, message: Quarantined) -> Item:
    """Make the item of a message in quarantine; the same message sent on the same day makes the same item."""
    at = keys.quarantined(tenant, message.sent_at, message.digest)
    listed = (keys.quarantine(tenant), keys.at(message.sent_at, message.digest))
    return item(at, "quarantined", message, by_owner=listed)


def write(tenant: str, messages: Iterable[Quarantined]) -> None:
    """Set messages aside, 25 a request; those that hold the same are one. Raises StorageUnavailable."""
    items = {item.key: item for item in (as_item(tenant, message) for message in messages)}
    table.batch_put(list(items.values()))


def page(tenant: str, *, limit: int, cursor: str | None, filters: object) -> Page:
    """A page of the messages in quarantine, newest first."""
    return table.page("by_owner", keys.quarantine(tenant), limit=limit, cursor=cursor, filters=filters, forward=False)
