"""Messages in quarantine in the table, by the day they were sent and a digest of their content.

If the tenant is None, it is the operator's quarantine: messages that belong to no tenant.
"""

from collections.abc import Iterable

from chalicelib.domain.machines.quarantine import Quarantined
from chalicelib.storage import table
from chalicelib.storage.items import Item, item
from chalicelib.storage.keys import machines as keys
from chalicelib.storage.keys.shape import Key, time_key
from chalicelib.storage.pages import Page


def as_item(tenant: str | None, message: Quarantined) -> Item:
    """The item of a message in quarantine. The same message, sent on the same day, has the same item."""
    at = Key(keys.STRAYS, message.id) if tenant is None else keys.quarantined(tenant, message.sent_at, message.digest)
    return item(at, "quarantined", message, by_owner=(_list(tenant), time_key(message.sent_at, message.digest)))


def write(tenant: str | None, messages: Iterable[Quarantined]) -> None:
    """Write messages into quarantine, 25 a request. Equal messages become one. Raises StorageUnavailable."""
    items = {item.key: item for item in (as_item(tenant, message) for message in messages)}
    table.batch_put(list(items.values()))


def page(tenant: str | None, *, limit: int, cursor: str | None, filters: object) -> Page:
    """A page of the messages in quarantine, newest first."""
    return table.page("by_owner", _list(tenant), limit=limit, cursor=cursor, filters=filters, forward=False)


def _list(tenant: str | None) -> str:
    return keys.STRAYS if tenant is None else keys.quarantine(tenant)
