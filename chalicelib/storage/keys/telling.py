"""Keys of what others are told: events that wait until they are sent."""

from datetime import datetime

from chalicelib.storage.keys.shape import Key, time_key

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
