"""Quarantined messages in the table, by the day they were sent and their content."""

from collections.abc import Iterable

from chalicelib.domain.machines.quarantine import Quarantined
from chalicelib.storage import table
from chalicelib.storage.items import Item, item
from chalicelib.storage.keys import machines as keys
from chalicelib.storage.keys.shape import time_key
from chalicelib.storage.pages import Page


def as_item(tenant: str, message: Quarantined) -> Item:
    """The item of a message in quarantine. The same message sent on the same day makes the same item."""
    at = keys.quarantined(tenant, message.sent_at, message.digest)
    place = (keys.quarantine(tenant), time_key(message.sent_at, message.digest))
    return item(at, "quarantined", message, by_owner=place)


def write(tenant: str, messages: Iterable[Quarantined]) -> None:
    """Write messages to quarantine, 25 a request. Messages with the same content become one.

    Raises StorageUnavailable.
    """
    items = {item.key: item for item in (as_item(tenant, message) for message in messages)}
    table.batch_put(list(items.values()))


def page(tenant: str, *, limit: int, cursor: str | None, filters: object) -> Page:
    """A page of the messages in quarantine, newest first."""
    return table.page("by_owner", keys.quarantine(tenant), limit=limit, cursor=cursor, filters=filters, forward=False)
