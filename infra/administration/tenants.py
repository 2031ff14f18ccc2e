"""Making, changing and listing tenants, through the code that decides by their settings."""

from collections.abc import Iterator
from typing import Any

from chalicelib.domain.instants import wire
from chalicelib.domain.tenants import Tenant, TenantSettings
from chalicelib.services import tenants
from infra.administration.tenant_settings import packed, unpacked


def create(given: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Make the tenant of an `id`, with the `settings` given and the defaults for the others."""
    yield _told(tenants.create(given["id"], TenantSettings(**unpacked(given["settings"]))))


def change(given: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Change those `settings` of the tenant of an `id`."""
    yield _told(tenants.change(given["id"], unpacked(given["settings"])))


def every(_: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Tell of every tenant."""
    yield from map(_told, tenants.every())


def _told(tenant: Tenant) -> dict[str, Any]:
    created_at = wire(tenant.created_at) if tenant.created_at else None
    return {"id": tenant.id, "created_at": created_at, "settings": packed(vars(tenant.settings))}
