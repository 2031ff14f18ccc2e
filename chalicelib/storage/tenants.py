"""Tenants in the table: an item each, and a list of all."""

from collections.abc import Iterable, Iterator

from chalicelib.domain.tenants import Tenant
from chalicelib.storage import keys, table
from chalicelib.storage.items import item

_A_PAGE = 100


def find(tenant_id: str) -> tuple[Tenant, int] | None:
    """Read a tenant as of now, with its revision."""
    found = table.get(keys.tenant(tenant_id))
    return None if found is None else (found.read(Tenant), int(found.revision or 0))


def find_all(tenant_ids: Iterable[str]) -> dict[str, Tenant]:
    """Read tenants by id, 100 a request; those that are not there are left out."""
    found = table.batch_get(keys.tenant(tenant_id) for tenant_id in tenant_ids)
    tenants = [each.read(Tenant) for each in found.values()]
    return {tenant.id: tenant for tenant in tenants}


def put(tenant: Tenant, *, revision: int | None) -> None:
    """Write a tenant that was read at a revision (None: that was not there). Raises ConditionFailed."""
    listed = (keys.TENANTS, tenant.id)
    after = item(keys.tenant(tenant.id), "tenant", tenant, by_state=listed, revision=(revision or 0) + 1)
    table.put(after, table.at_revision(revision))


def every() -> Iterator[Tenant]:
    """Read all tenants that have an item, by id; one made a moment ago may be missing."""
    cursor: str | None = None
    while True:
        page = table.page("by_state", keys.TENANTS, limit=_A_PAGE, cursor=cursor)
        yield from (each.read(Tenant) for each in page.items)
        cursor = page.next_cursor
        if cursor is None:
            return
