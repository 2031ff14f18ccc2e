"""Keys of routes and products."""

from chalicelib.storage.keys.shape import Key, of


def routes(tenant: str) -> str:
    """The partition of all routes."""
    return of(tenant, "ROUTES")


def route(tenant: str, product_code: str) -> Key:
    """The route of a product, or the plant's default route under `default`."""
    return Key(routes(tenant), f"ROUTE#{product_code}")


def products(tenant: str) -> str:
    """The partition of all products."""
    return of(tenant, "PRODUCTS")


def product(tenant: str, product_code: str) -> Key:
    """One product, by its code as codes are compared."""
    return Key(products(tenant), f"PRODUCT#{product_code}")


def product_changes(tenant: str, product_code: str) -> Key:
    """The partition of a product's own items, and the beginning of the sort keys of its changes."""
    return Key(of(tenant, "PRODUCT", product_code), "CHANGE#")


def product_change(tenant: str, product_code: str, version: int) -> Key:
    """The change that led to a version of a product; changes are sorted by version."""
    partition, prefix = product_changes(tenant, product_code)
    return Key(partition, f"{prefix}{version:010d}")
