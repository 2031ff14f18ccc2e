"""Who and what may come in: all people, terminals, screens, keys and webhooks of a tenant, and when each was seen."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from chalicelib import clock
from chalicelib.domain.people.issued_keys import IssuedKey
from chalicelib.storage.people import access
from chalicelib.storage.people.access import PersonsAccess


@dataclass(frozen=True)
class Admitted:
    """Somebody or something that may come in: what it is, its name and role, since when, and when it was seen last.

    `seen` is an instant for people, and a day (UTC) for keys; None if never. `how` says how it comes in. `by` made it.
    """

    what: str
    id: str
    name: str
    role: str
    active: bool
    since: datetime
    seen: datetime | date | None = None
    how: tuple[str, ...] = ()
    by: str | None = None


def of_tenant(tenant_id: str) -> Iterator[Admitted]:
    """Everybody and everything that may come in or could once. Costs a query for each person and each machine."""
    yield from map(_person, access.of_people(tenant_id))
    for terminal in access.terminals(tenant_id):
        yield _key("terminal", terminal, "")
    for screen in access.screens(tenant_id):
        yield _key("screen", screen, screen.line or "")
    for key in access.machine_keys(tenant_id):
        yield _key("machine key", key, key.machine_id)
    for hook in access.webhooks(tenant_id):
        is_on = hook.off_reason is None
        yield Admitted("webhook", hook.id, hook.url, "", is_on, hook.created_at, by=hook.created_by)


def _person(found: PersonsAccess) -> Admitted:
    user, now = found.user, clock.now()
    used = [device.last_used_at for device in found.devices]
    signed_in = sum(device.is_signed_in(user, now) for device in found.devices)
    at_terminals = found.at_terminals
    ways = {
        f"{signed_in} device" if signed_in == 1 else f"{signed_in} devices": signed_in > 0,
        "PIN": bool(at_terminals and at_terminals.pin_hash),
        "badge": bool(at_terminals and at_terminals.badge),
        "one-time password": user.must_change_password,
    }
    how = tuple(way for way, there in ways.items() if there)
    name = user.username if user.full_name is None else f"{user.full_name} ({user.username})"
    seen = max(used, default=None)
    return Admitted("person", user.id, name, user.role.value, user.active, user.created_at, seen, how)


def _key(what: str, key: IssuedKey, where: str) -> Admitted:
    is_good = key.revoked_at is None
    return Admitted(what, key.id, key.name, where, is_good, key.created_at, key.last_used_on, by=key.created_by)
