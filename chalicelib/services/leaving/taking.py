"""Taking along: all that a tenant has, as it is stored, for a company that leaves with its data."""

from collections.abc import Iterator

from chalicelib.domain.machines.readings import Reading
from chalicelib.domain.schema import Values
from chalicelib.storage import owned
from chalicelib.storage.owned import OwnedPage


def pages(tenant_id: str) -> Iterator[OwnedPage]:
    """Read all that a tenant has, page by page of the whole table. An item has its keys, its `kind` and its `data`."""
    return owned.pages(tenant_id)


def readings(chunk: Values) -> list[Reading]:
    """The readings in an item of the kind `chunk`."""
    return owned.readings(chunk)
