"""Keys of the stages that products go through."""

from chalicelib.storage.keys.shape import Key, of


def routes(tenant: str) -> str:
    """The partition of the stages that products go through."""
    return of(tenant, "ROUTES")


def route(tenant: str, product_code: str) -> Key:
    """The stages of a product, or the plant's own under `default`."""
    return Key(routes(tenant), f"ROUTE#{product_code}")
