"""Tenants: creating them, changing their settings, and reading the settings wherever a rule needs them."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from chalicelib import clock
from chalicelib.domain.errors import refuse
from chalicelib.domain.people.security_events import SYSTEM, EventKind, SecurityEvent
from chalicelib.domain.sentences import say
from chalicelib.domain.tenant_settings import DEFAULT_SETTINGS, SettingChange, TenantSettings, changes, problems
from chalicelib.domain.tenants import (
    DEFAULT_TENANT,
    DefaultTenantStays,
    Tenant,
    TenantClosed,
    TenantNotFound,
    TenantTaken,
    TimezoneFixed,
    unnamable,
)
from chalicelib.remembered import Known
from chalicelib.services import events
from chalicelib.services.retries import until_won
from chalicelib.storage import tenants
from chalicelib.storage.conflicts import Collision, ConditionFailed
from chalicelib.storage.orders import work_orders

_NOBODY = ""  # whose the list of tenants is
_DEFAULT = Tenant(DEFAULT_TENANT, None, DEFAULT_SETTINGS)


def settings_of(tenant: str) -> TenantSettings:
    """The settings of a tenant, at most a minute old. Costs one read if they were not read in the last minute."""
    return _known.find([(tenant, tenant)])[tenant, tenant].settings


def refuse_closed(tenant: str) -> None:
    """Refuse a tenant that is closed, at most a minute after that. Raises TenantClosed.

    Costs one read if its settings were not read in the last minute, and none for the default tenant.
    """
    if tenant != DEFAULT_TENANT and _known.find([(tenant, tenant)])[tenant, tenant].closed_at:
        raise TenantClosed(say("Nobody signs in here any more, and nothing is taken in. Ask whoever runs Takip."))


def forget_settings() -> None:
    """Read all settings again when they are needed, because what is counted now must not follow older ones."""
    _known.forget()


def require(tenant_id: str) -> Tenant:
    """Read a tenant as of now. Raises TenantNotFound."""
    return _read(tenant_id)


def is_there(tenant_id: str) -> bool:
    """Whether the tenant exists, as of now."""
    return tenant_id == DEFAULT_TENANT or tenants.find(tenant_id) is not None


def among(tenant_ids: Iterable[str]) -> set[str]:
    """Those of these ids that are tenants; at most a minute old. One read for all that were not asked for lately."""
    wanted = set(tenant_ids)
    found = _there.find((_NOBODY, tenant_id) for tenant_id in wanted - {DEFAULT_TENANT})
    return {tenant_id for _, tenant_id in found} | (wanted & {DEFAULT_TENANT})


def closed_among(tenant_ids: Iterable[str]) -> set[str]:
    """Those of these tenants that are closed; at most a minute old, and asked for as `among`."""
    found = _there.find((_NOBODY, tenant_id) for tenant_id in set(tenant_ids) - {DEFAULT_TENANT})
    return {tenant_id for (_, tenant_id), tenant in found.items() if tenant.closed_at}


def every() -> list[Tenant]:
    """All tenants, by id, the default one included."""
    by_id = {tenant.id: tenant for tenant in (_DEFAULT, *tenants.every())}
    return [by_id[tenant_id] for tenant_id in sorted(by_id)]


def create(tenant_id: str, settings: TenantSettings) -> Tenant:
    """Create a tenant, with an event that lists the settings that differ from the defaults.

    Raises InvalidFields, TenantTaken.
    """
    refuse(unnamable(tenant_id) + problems(settings))
    tenant = Tenant(tenant_id, clock.now(), settings, revision=1)
    form = "Choose another id than {tenant}, or change the settings of that tenant."
    taken = TenantTaken(say(form, tenant=tenant_id))
    if tenant_id == DEFAULT_TENANT:
        raise taken
    decided = {setting.name: setting.after for setting in changes(DEFAULT_SETTINGS, settings)}
    created = events.event(EventKind.TENANT_CREATED, actor_id=SYSTEM, detail=decided)
    try:
        events.record(tenant_id, created, tenants.put(tenant))
    except (ConditionFailed, Collision):
        raise taken from None
    return tenant


def change(tenant_id: str, settings: Mapping[str, Any]) -> Tenant:
    """Change the given settings, with an event for each. They take effect everywhere within a minute.

    Raises TenantNotFound, InvalidFields, TimezoneFixed, LostRace.
    """

    def attempt() -> Tenant:
        before = _read(tenant_id)
        decided = replace(before.settings, **settings)
        after = replace(before, settings=decided, revision=before.revision + 1)
        refuse(problems(after.settings))
        if after.settings.timezone != before.settings.timezone and _has_orders(tenant_id):
            form = "{tenant} has work orders; its days are counted in {timezone}."
            raise TimezoneFixed(say(form, tenant=tenant_id, timezone=before.settings.timezone))
        changed = [_event(setting) for setting in changes(before.settings, after.settings)]
        events.record_all(tenant_id, changed, tenants.put(after))
        return after

    return until_won(attempt)


def close(tenant_id: str) -> Tenant:
    """Close a tenant, so that within a minute nobody signs in, no key is taken and nothing is written.

    If it is closed already, nothing changes. Raises TenantNotFound, DefaultTenantStays, LostRace.
    """
    return _set_closed(tenant_id, EventKind.TENANT_CLOSED)


def reopen(tenant_id: str) -> Tenant:
    """Open a closed tenant again. Raises TenantNotFound, DefaultTenantStays, LostRace."""
    return _set_closed(tenant_id, EventKind.TENANT_REOPENED)


def default_stays() -> DefaultTenantStays:
    """The refusal to close or delete the default tenant."""
    return DefaultTenantStays(say("Takip counts on it. Make another tenant for a company that may leave."))


def _set_closed(tenant_id: str, kind: EventKind) -> Tenant:
    if tenant_id == DEFAULT_TENANT:
        raise default_stays()
    closes = kind is EventKind.TENANT_CLOSED

    def attempt() -> Tenant:
        before = _read(tenant_id)
        if closes == bool(before.closed_at):
            return before
        after = replace(before, closed_at=clock.now() if closes else None, revision=before.revision + 1)
        events.record(tenant_id, events.event(kind, actor_id=SYSTEM), tenants.put(after))
        return after

    return until_won(attempt)


def _read(tenant_id: str) -> Tenant:
    """Read a tenant as of now. The default tenant exists without an item. Raises TenantNotFound."""
    tenant = tenants.find(tenant_id)
    if tenant is not None:
        return tenant
    if tenant_id == DEFAULT_TENANT:
        return _DEFAULT
    raise TenantNotFound(say("There is no tenant {tenant}; create it first.", tenant=tenant_id))


def _event(change: SettingChange) -> SecurityEvent:
    detail = {"setting": change.name, "from": change.before, "to": change.after}
    return events.event(EventKind.TENANT_CHANGED, actor_id=SYSTEM, detail=detail)


def _has_orders(tenant_id: str) -> bool:
    return bool(work_orders.newest(tenant_id, limit=1, cursor=None, filters=None).items)


def _decided(tenant: str, _: Iterable[str]) -> dict[str, Tenant]:
    """A tenant, by its id. One without an item has the default settings, which are remembered too."""
    return {tenant: tenants.find(tenant) or Tenant(tenant, None, DEFAULT_SETTINGS)}


_known = Known(_decided)
_there = Known(lambda _, tenant_ids: tenants.find_all(tenant_ids))
