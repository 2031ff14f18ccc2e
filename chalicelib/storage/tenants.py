"""Tenants in the table: an item each, and a list of all."""

from collections.abc import Iterable, Iterator

from chalicelib.domain.tenants import Tenant
from chalicelib.storage import lookup, table
from chalicelib.storage.items import item
from chalicelib.storage.keys import people as keys
from chalicelib.storage.table import Put
from chalicelib.storage.writes import Write

_A_PAGE = 100


def find(tenant_id: str) -> Tenant | None:
    """Read a tenant as of now; None if it has no item."""
    return lookup.find(keys.tenant(tenant_id), Tenant)


def find_all(tenant_ids: Iterable[str]) -> dict[str, Tenant]:
    """Read tenants by id, 100 a request; those that are not there are left out."""
    found = table.batch_get(keys.tenant(tenant_id) for tenant_id in tenant_ids)
    tenants = [each.read(Tenant) for each in found.values()]
    return {tenant.id: tenant for tenant in tenants}


def put(tenant: Tenant) -> Write:
    """The write of a tenant, on the condition that the stored revision is the one before it."""
    place = (keys.TENANTS, tenant.id)
    written = item(keys.tenant(tenant.id), "tenant", tenant, by_state=place, revision=tenant.revision)
    return Write((Put(written, table.follows(written)),))


def every() -> Iterator[Tenant]:
    """Read all tenants that have an item, by id. A tenant created a moment ago may be missing."""
    cursor: str | None = None
    while True:
        page = table.page("by_state", keys.TENANTS, limit=_A_PAGE, cursor=cursor)
        yield from (item.read(Tenant) for item in page.items)
        cursor = page.next_cursor
        if cursor is None:
            return
