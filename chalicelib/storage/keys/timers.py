"""Keys of timers: of all tenants, in a few shards, each sorted by the instant at which they are due."""

from datetime import datetime

from chalicelib.storage.keys.shape import Key, time_key

SHARDS = 4


def timer(shard_number: int, due_at: datetime, tenant: str, subject: str, identity: str) -> Key:
    """The timer of one thing at one instant."""
    return Key(shard(shard_number), time_key(due_at, f"{tenant}#{subject}#{identity}"))


def shard(number: int) -> str:
    """The partition of one shard of timers."""
    return f"TIMER#{number}"


def due_at(sort_key: str) -> datetime:
    """When the timer with this sort key is due."""
    return datetime.fromisoformat(sort_key.partition("#")[0])
