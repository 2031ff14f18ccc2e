"""Deliveries in the table. Those that are not at their end are in a list by the time at which the clock takes them."""

from collections.abc import Iterator
from datetime import datetime
from zlib import crc32

from chalicelib.domain.telling.deliveries import KEPT_FOR, Delivery
from chalicelib.domain.telling.webhooks import Webhook
from chalicelib.observability import logger
from chalicelib.storage import lookup, table
from chalicelib.storage.conflicts import ConditionFailed
from chalicelib.storage.items import Item, item
from chalicelib.storage.keys import telling as keys
from chalicelib.storage.keys.shape import between_instants
from chalicelib.storage.pages import Page
from chalicelib.storage.table import Put
from chalicelib.storage.writes import Write

MOST_DUE = 500
"""How many deliveries of a shard the clock takes at once."""


def create(delivery: Delivery) -> bool:
    """Write a new delivery. Returns False if the webhook already has one of this event."""
    try:
        table.put(_item(delivery), table.absent())
    except ConditionFailed:
        return False
    return True


def creation(delivery: Delivery) -> Write:
    """The write of a new delivery, of an event that is new too."""
    return Write((Put(_item(delivery), table.absent()),))


def change(after: Delivery) -> Write:
    """The write of a changed delivery, on the condition that nobody else changed it since."""
    return Write((_changing(after),))


def save(after: Delivery) -> bool:
    """Write a changed delivery on its own. Returns False if somebody else changed it since."""
    put = _changing(after)
    try:
        table.put(put.item, put.condition)
    except ConditionFailed:
        return False
    return True


def find(tenant: str, webhook_id: str, delivery_id: str) -> tuple[Webhook | None, Delivery | None]:
    """Read a webhook and one of its deliveries, in one request; None for what is not there."""
    of_webhook, of_delivery = keys.webhook(tenant, webhook_id), keys.delivery(tenant, webhook_id, delivery_id)
    found = table.batch_get([of_webhook, of_delivery])
    return lookup.among(found, of_webhook, Webhook), lookup.among(found, of_delivery, Delivery)


def page(tenant: str, webhook_id: str, *, limit: int, cursor: str | None) -> Page:
    """A page of the deliveries of a webhook, newest first."""
    partition, prefix = keys.delivery(tenant, webhook_id, "")
    return table.page(None, partition, limit=limit, cursor=cursor, begins_with=prefix, forward=False)


def newest(tenant: str, webhook_id: str, *, limit: int) -> list[Delivery]:
    """Read the newest deliveries of a webhook. Costs one query."""
    return [stored.read(Delivery) for stored in page(tenant, webhook_id, limit=limit, cursor=None).items]


def due(now: datetime) -> Iterator[Delivery]:
    """Read the deliveries that the clock takes now, as they are asked for, some hundreds of each shard at most.

    The list may be a moment old. One that cannot be read is logged and does not stop the others. Costs a query for each
    shard.
    """
    for shard in range(keys.SHARDS):
        found = table.page("by_state", keys.due(shard), limit=MOST_DUE, between=between_instants(None, now))
        yield from filter(None, map(_read, found.items))


def _read(stored: Item) -> Delivery | None:
    try:
        return stored.read(Delivery)
    except Exception:  # noqa: BLE001  one that cannot be read must not stop those of other tenants
        logger().exception("a delivery cannot be read", extra={"delivery": stored.SK})
        return None


def _changing(after: Delivery) -> Put:
    return Put(_item(after), table.at_version(after.version - 1))


def _item(delivery: Delivery) -> Item:
    shard = crc32(delivery.id.encode()) % keys.SHARDS
    return item(
        keys.delivery(delivery.event.tenant, delivery.webhook_id, delivery.id),
        "delivery",
        delivery,
        by_state=keys.due_delivery(shard, delivery.due_at, delivery.id) if delivery.due_at else None,
        revision=delivery.version,
        expires_at=delivery.began_at + KEPT_FOR,
    )
