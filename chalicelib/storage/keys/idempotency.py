"""Keys of idempotency keys. They are in the partition of what their command changes."""

from chalicelib.storage.keys.orders import order
from chalicelib.storage.keys.shape import Key, of


def part(key: str, name: str | int) -> str:
    """The idempotency key of one part of a request: a row or an order."""
    return f"{key}#{name}"


def of_order(tenant: str, order_id: str, principal: str, key: str) -> Key:
    """The idempotency key of a command on an order."""
    return Key(order(tenant, order_id).pk, f"KEY#{principal}#{key}")


def of_creation(tenant: str, principal: str, key: str) -> Key:
    """The idempotency key of a creation."""
    return Key(of(tenant, "KEYS", principal), f"KEY#{principal}#{key}")
