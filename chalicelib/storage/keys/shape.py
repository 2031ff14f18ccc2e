"""The parts of all keys: the key itself, a place in an index, the tenant's prefix, and times."""

from datetime import datetime
from typing import NamedTuple

from chalicelib.domain.instants import wire

IndexPlace = tuple[str, str]
"""A place in an index: its partition and its sort key."""

Range = tuple[str, str]
"""A range of sort keys, both ends included."""


class Key(NamedTuple):
    """The key of an item: partition key and sort key."""

    pk: str
    sk: str


def of(tenant: str, *parts: str) -> str:
    """A key of a tenant, made of these parts."""
    return "#".join(("T", tenant, *parts))


def tenant_of(partition: str) -> str | None:
    """The tenant to which a partition belongs; None if it belongs to none."""
    first, _, rest = partition.partition("#")
    return rest.partition("#")[0] if first == "T" else None


def time_key(instant: datetime, identity: str) -> str:
    """A sort key by time, unique by id."""
    return f"{wire(instant)}#{identity}"


def between_instants(since: datetime | None, before: datetime | None) -> tuple[str, str]:
    """The range of sort keys from one instant (included) to another (not included). `~` sorts after every digit."""
    return wire(since) if since else "0", wire(before) if before else "~"


def month_of(instant: datetime) -> str:
    """The month of an instant in keys: `yyyy-mm` in UTC."""
    return wire(instant)[:7]
