"""Keys of boards and of the screens that show them."""

from chalicelib.storage.keys.shape import Key, of

BOARD_PREFIX = "BOARD#"
WATCHES = "WATCHES"
"""GSI1 partition: the tenants that have a screen. It belongs to no tenant, as the list of all tenants."""


def screens(tenant: str) -> Key:
    """The partition of all screens, and the beginning of their sort keys."""
    return Key(of(tenant, "SCREENS"), "SCREEN#")


def screen(tenant: str, screen_id: str) -> Key:
    """One screen with its key."""
    partition, prefix = screens(tenant)
    return Key(partition, f"{prefix}{screen_id}")


def boards(tenant: str) -> str:
    """The partition of the boards of a tenant, and of the list of those that screens show."""
    return of(tenant, "BOARDS")


def watch(tenant: str) -> Key:
    """The boards that the screens of a tenant show."""
    return Key(boards(tenant), "WATCH")


def board(tenant: str, board_id: str) -> Key:
    """The state of one board."""
    return Key(boards(tenant), f"{BOARD_PREFIX}{board_id}")
