"""Keys of boards and of the screens that show them."""

from chalicelib.storage.keys.shape import Key, of

WATCHES = "WATCHES"
"""GSI1 partition: the tenants that have a screen. It belongs to no tenant, as the list of all tenants."""


def screens(tenant: str) -> Key:
    """The partition of all screens, and the beginning of their sort keys."""
    return Key(of(tenant, "SCREENS"), "SCREEN#")


def screen(tenant: str, screen_id: str) -> Key:
    """One screen with its key."""
    partition, prefix = screens(tenant)
    return Key(partition, f"{prefix}{screen_id}")


def watch(tenant: str) -> Key:
    """The boards that the screens of a tenant show."""
    return Key(of(tenant, "SCREENS"), "WATCH")
