"""Creating, changing and listing tenants."""

from collections.abc import Iterator
from typing import Any

from chalicelib.domain.instants import wire
from chalicelib.domain.tenant_settings import TenantSettings
from chalicelib.domain.tenants import Tenant
from chalicelib.services import tenants
from chalicelib.services.andon import policy
from chalicelib.services.machines import waiting
from chalicelib.services.numbers import recounting
from chalicelib.services.people import old_app
from infra.administration.tenant_settings import all_packed, unpacked


def create(given: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Create the tenant `id` with the given settings, and the defaults for the others."""
    settings = TenantSettings(**unpacked(given["settings"]))
    policy.refuse_unknown(given["id"], settings.escalation)
    yield _told(tenants.create(given["id"], settings))


def change(given: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Change the given settings of the tenant `id`. With another grace, other work is late: that is counted again.

    It is also counted again if the same grace is given, so a change that broke off can be repeated.
    """
    settings = unpacked(given["settings"])
    policy.refuse_unknown(given["id"], settings.get("escalation", ()))
    changed = tenants.change(given["id"], settings)
    if "grace" in given["settings"]:
        recounting.mark_miscounted(changed.id)
    yield _told(changed)


def every(_: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """List all tenants."""
    yield from map(_told, tenants.every())


def old_app_uses(given: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """How many people used the old app in the tenant `id` on each of the last so many `days`, the newest first."""
    counted = old_app.people_by_day(given["id"], given["days"])
    yield from ({"day": str(day), "people": people} for day, people in counted.items())


def count_again(_: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Have the aggregation count what remains of orders of earlier releases, and write quarantine as today's is."""
    recounting.mark_all_miscounted()
    waiting.rewrite_all()
    yield from ()


def _told(tenant: Tenant) -> dict[str, Any]:
    times = {"created_at": tenant.created_at, "closed_at": tenant.closed_at}
    return {
        "id": tenant.id,
        **{name: at and wire(at) for name, at in times.items()},
        "settings": all_packed(tenant.settings),
    }
