"""What every key is made of: the key itself, a place in an index, and the beginning that is the tenant's."""

from typing import NamedTuple

Listed = tuple[str, str]
"""A place in an index: its partition and its sort key."""


class Key(NamedTuple):
    """Where an item lives: partition and sort key."""

    pk: str
    sk: str


def of(tenant: str, *parts: str) -> str:
    """A key of a tenant, of its parts."""
    return "#".join(("T", tenant, *parts))
