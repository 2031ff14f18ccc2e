"""Keys of what is computed from orders: facts of days, sums of days, and the markers that request them."""

from chalicelib.storage.keys.orders import order
from chalicelib.storage.keys.shape import Key, of


def marker(bucket: str, tenant: str, group: str, marker_id: str) -> Key:
    """A marker of a tenant. Those of one group stand side by side: of hours of machines, or of orders and days."""
    return Key(markers(bucket), f"{tenant}#{group}#{marker_id}")


def markers(bucket: str) -> str:
    """The partition of the markers of one bucket."""
    return f"DIRTY#{bucket}"


def projection(tenant: str, order_id: str) -> Key:
    """The head of an order's projection. The entries of its facts sort after it."""
    return Key(order(tenant, order_id).pk, "PROJECTION")


def projected(tenant: str, order_id: str, date: str, kind: str, identity: str) -> Key:
    """The entry of a fact that an order has stored in a day."""
    head = projection(tenant, order_id)
    return Key(head.pk, f"{head.sk}#{date}#{kind}#{identity}")


def day(tenant: str, date: str) -> str:
    """The partition of the facts of a local day."""
    return of(tenant, "DAY", date)


def day_fact(tenant: str, date: str, kind: str, identity: str) -> Key:
    """One fact of a local day: an order or a stage that ended, or a session in that day."""
    return Key(day(tenant, date), f"{kind}#{identity}")


def daily(tenant: str, dimension: str, date: str) -> Key:
    """The sums of a local day in one dimension."""
    return Key(of(tenant, "DAILY", dimension), date)
