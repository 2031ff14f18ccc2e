"""Creating, changing and listing tenants."""

from collections.abc import Iterator
from typing import Any

from chalicelib.domain.instants import wire
from chalicelib.domain.tenants import Tenant, TenantSettings
from chalicelib.services import tenants
from infra.administration.tenant_settings import all_packed, unpacked


def create(given: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Create the tenant `id` with the given settings, and the defaults for the others."""
    yield _told(tenants.create(given["id"], TenantSettings(**unpacked(given["settings"]))))


def change(given: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Change the given settings of the tenant `id`."""
    yield _told(tenants.change(given["id"], unpacked(given["settings"])))


def every(_: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """List all tenants."""
    yield from map(_told, tenants.every())


def _told(tenant: Tenant) -> dict[str, Any]:
    created_at = wire(tenant.created_at) if tenant.created_at else None
    return {"id": tenant.id, "created_at": created_at, "settings": all_packed(tenant.settings)}
