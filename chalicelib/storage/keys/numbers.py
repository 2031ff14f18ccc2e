"""Keys of what is made again from an order: its facts by day, the days, and the markers that ask for it."""

from chalicelib.storage.keys.orders import order
from chalicelib.storage.keys.shape import Key, of

MARKER_SHARDS = 4


def marker(shard: int, tenant: str, marker_id: str) -> Key:
    """A note that aggregates of a tenant must be made again; those of one tenant stand side by side."""
    return Key(marker_shard(shard), f"{tenant}#{marker_id}")


def marker_shard(shard: int) -> str:
    """The partition of one shard of markers."""
    return f"DIRTY#{shard}"


def projection(tenant: str, order_id: str) -> Key:
    """How often an order's facts were written; an entry for each fact stands behind it."""
    return Key(order(tenant, order_id).pk, "PROJECTION")


def projected(tenant: str, order_id: str, date: str, kind: str, identity: str) -> Key:
    """The entry that says that an order has this fact in this day."""
    head = projection(tenant, order_id)
    return Key(head.pk, f"{head.sk}#{date}#{kind}#{identity}")


def day(tenant: str, date: str) -> str:
    """The partition of the facts of a local day."""
    return of(tenant, "DAY", date)


def day_fact(tenant: str, date: str, kind: str, identity: str) -> Key:
    """One fact of a local day: an order or a stage that ended, or a session that touched it."""
    return Key(day(tenant, date), f"{kind}#{identity}")


def daily(tenant: str, dimension: str, date: str) -> Key:
    """The aggregate of a local day in a dimension."""
    return Key(of(tenant, "DAILY", dimension), date)
