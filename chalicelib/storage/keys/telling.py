"""Keys of what others are told: events that wait until they are sent, and the inboxes of people."""

from datetime import datetime

from chalicelib.domain.telling.notifications import Audience
from chalicelib.storage.keys.shape import Key, of, time_key

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
