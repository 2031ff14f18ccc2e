"""Keys of the numbers by which the old app knows things."""

from chalicelib.storage.keys.shape import Key, of


def by_number(tenant: str, kind: str, number: int) -> Key:
    """What a number of a kind stands for."""
    return Key(of(tenant, "OLD", kind), f"NUMBER#{number}")


def by_id(tenant: str, kind: str, id_: str) -> Key:
    """The number of something, by Takip's id."""
    return Key(of(tenant, "OLD", kind), f"ID#{id_}")


def last(tenant: str, kind: str) -> Key:
    """The highest number of a kind."""
    return Key(of(tenant, "OLD", kind), "LAST")
