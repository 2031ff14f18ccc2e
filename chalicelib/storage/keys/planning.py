"""Keys of routes."""

from chalicelib.storage.keys.shape import Key, of


def routes(tenant: str) -> str:
    """The partition of all routes."""
    return of(tenant, "ROUTES")


def route(tenant: str, product_code: str) -> Key:
    """The route of a product, or the plant's default route under `default`."""
    return Key(routes(tenant), f"ROUTE#{product_code}")
