"""Keys of what others are told: events that wait until they are sent, inboxes, webhooks and their deliveries."""

from datetime import datetime

from chalicelib.domain.telling.notifications import Audience
from chalicelib.storage.keys.shape import IndexPlace, Key, of, time_key

SHARDS = 4
PREFIX = "OUTBOX#"


def outgoing(shard: int, at: datetime, identity: str) -> Key:
    """Events that were written together, in a shard by time."""
    return Key(outbox(shard), time_key(at, identity))


def outbox(shard: int) -> str:
    """The partition of one shard of events that wait."""
    return f"{PREFIX}{shard}"


def written_at(sort_key: str) -> datetime:
    """When the events with this sort key were written."""
    return datetime.fromisoformat(sort_key.partition("#")[0])


def inbox(tenant: str, audience: Audience) -> str:
    """The partition of the notifications of a role or of a person, by id."""
    return of(tenant, "INBOX", audience.kind.upper(), audience.name)


def notification(tenant: str, audience: Audience, identity: str) -> Key:
    """A notification in an inbox."""
    return Key(inbox(tenant, audience), identity)


def read_mark(tenant: str, user_id: str) -> Key:
    """Up to which notification a person has read."""
    return Key(of(tenant, "USER", user_id), "READ_MARK")


def webhook(tenant: str, webhook_id: str) -> Key:
    """One webhook, beside all others of its tenant."""
    return Key(of(tenant, "WEBHOOKS"), f"WEBHOOK#{webhook_id}")


def webhook_ids(tenant: str) -> Key:
    """The ids of all webhooks of a tenant."""
    return Key(of(tenant, "WEBHOOKS"), "IDS")


def delivery(tenant: str, webhook_id: str, delivery_id: str) -> Key:
    """One delivery of a webhook. Ids of events sort by time."""
    return Key(of(tenant, "WEBHOOK", webhook_id), f"DELIVERY#{delivery_id}")


def due(shard: int) -> str:
    """GSI1 partition: the deliveries of one shard that are not at their end."""
    return f"DELIVERIES#{shard}"


def due_delivery(shard: int, due_at: datetime, delivery_id: str) -> IndexPlace:
    """The place of a delivery in its list, by the time at which the clock takes it."""
    return due(shard), time_key(due_at, delivery_id)


def hint(tenant: str, topic: str) -> Key:
    """The last hint on a live topic."""
    return Key(of(tenant, "HINTS"), topic)
