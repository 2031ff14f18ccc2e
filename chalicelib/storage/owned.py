"""The items of one tenant, wherever they stand: in its own partitions, or in lists of all tenants that name it.

The whole table is read for them, because no list holds them all.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from chalicelib.domain.machines.chunks import unpack
from chalicelib.domain.machines.messages import decode
from chalicelib.domain.machines.quarantine import Quarantined, original
from chalicelib.domain.machines.readings import Reading
from chalicelib.domain.schema import Values
from chalicelib.storage import schema, table
from chalicelib.storage.items import Item
from chalicelib.storage.keys import machines, people
from chalicelib.storage.keys.shape import tenant_of


@dataclass(frozen=True)
class OwnedPage:
    """Items of a tenant, and how many items of all tenants were looked at for them."""

    seen: int
    items: tuple[Values, ...]


def pages(tenant: str) -> Iterator[OwnedPage]:
    """Read all items of a tenant, consistently, page by page. Costs the reading of the whole table."""
    for page in schema.pages():
        yield OwnedPage(len(page.items), tuple(each for each in page.items if owner(each) == tenant))


def owner(item: Values) -> str | None:
    """The tenant of an item: that of its partition, or the one that it names; None if it belongs to no tenant."""
    own = tenant_of(item["PK"])
    if own is not None:
        return own
    if item["PK"] == machines.STRAYS:
        return decode(original(Item.of(dict(item)).read(Quarantined))[0]).tenant
    events = item["data"].get("events") or [{}]
    named: str | None = item["data"].get("tenant") or events[0].get("tenant")
    return named


def is_of_tenant_itself(item: Values) -> bool:
    """Whether an item is that of the tenant with its settings, which says that it is closed."""
    return bool(item["PK"] == people.tenant(tenant_of(item["PK"]) or "").pk)


def readings(chunk: Values) -> list[Reading]:
    """The readings of the item of a chunk."""
    return unpack(machines.machine_of_chunks(chunk["PK"]), chunk["data"]["content"])


def delete(items: Sequence[Values]) -> None:
    """Delete items, 25 a request, whatever became of them since they were read. Raises StorageUnavailable."""
    table.batch_delete([Item.of(dict(each)) for each in items])
