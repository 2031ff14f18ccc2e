"""Quarantined messages in the table, by the day they were sent and what they held.

Without a tenant, here and below, it is the operator's quarantine: messages that belong to no tenant.
"""

from collections.abc import Iterable

from chalicelib.domain.machines.quarantine import Quarantined
from chalicelib.storage import table
from chalicelib.storage.items import Item, item
from chalicelib.storage.keys import machines as keys
from chalicelib.storage.keys.shape import Key, time_key
from chalicelib.storage.pages import Page


def as_item(tenant: str | None, message: Quarantined) -> Item:
    """Make the item of a message in quarantine; the same message sent on the same day makes the same item."""
    at = Key(keys.STRAYS, message.id) if tenant is None else keys.quarantined(tenant, message.sent_at, message.digest)
    return item(at, "quarantined", message, by_owner=(_list(tenant), time_key(message.sent_at, message.digest)))


def write(tenant: str | None, messages: Iterable[Quarantined]) -> None:
    """Set messages aside, 25 a request; those that hold the same are one. Raises StorageUnavailable."""
    items = {item.key: item for item in (as_item(tenant, message) for message in messages)}
    table.batch_put(list(items.values()))


def page(tenant: str | None, *, limit: int, cursor: str | None, filters: object) -> Page:
    """A page of the messages in quarantine, newest first."""
    return table.page("by_owner", _list(tenant), limit=limit, cursor=cursor, filters=filters, forward=False)


def _list(tenant: str | None) -> str:
    return keys.STRAYS if tenant is None else keys.quarantine(tenant)
