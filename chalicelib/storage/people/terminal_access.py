"""How people sign in at terminals, in the table: an item for each person, and one for each badge."""

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from chalicelib.domain.people.terminal_access import BadgeSecret, BadgeTaken, TerminalAccess
from chalicelib.domain.people.users import User
from chalicelib.domain.sentences import say
from chalicelib.storage import lookup, table
from chalicelib.storage.items import item
from chalicelib.storage.keys import people as keys
from chalicelib.storage.people import throttles
from chalicelib.storage.people.throttles import Counters, Places
from chalicelib.storage.table import Put
from chalicelib.storage.writes import Write


class Shown(NamedTuple):
    """The id of whoever has a badge, None if nobody has it, and the counters of the attempt."""

    owner_id: str | None
    counters: Counters


def find(tenant: str, user_id: str) -> tuple[User | None, TerminalAccess]:
    """Read a person and how they sign in at terminals, in one request."""
    user_at, access_at = keys.user(tenant, user_id), keys.terminal_access(tenant, user_id)
    items = table.batch_get([user_at, access_at])
    access = lookup.among(items, access_at, TerminalAccess) or TerminalAccess(user_id)
    return lookup.among(items, user_at, User), access


def find_badge(tenant: str, badge: str, places: Places, now: datetime) -> Shown:
    """Read whose a badge is, and the counters of an attempt, in one request."""
    at = keys.badge(tenant, badge)
    items = table.batch_get([at, *places.every()])
    owner_id = str(items[at].data["user_id"]) if at in items else None
    return Shown(owner_id, throttles.among(items, places, now))


def put(tenant: str, access: TerminalAccess, before: TerminalAccess) -> Write:
    """The write of changed access, on the condition that nobody else wrote it since it was read.

    The error for a badge that somebody else has is BadgeTaken.
    """
    written = item(keys.terminal_access(tenant, access.user_id), "terminal_access", access, revision=access.version)
    write = Write((Put(written, table.follows(written)),))
    if access.badge == before.badge:
        return write
    if before.badge:
        write += Write(deletes=(keys.badge(tenant, before.badge),))
    return write + (_badge(tenant, access.badge, access.user_id) if access.badge else Write())


def find_secrets(tenant: str, _: Iterable[str]) -> dict[str, BadgeSecret]:
    """Read the secret with which the badges of a tenant are digested, by the tenant's id; nothing if there is none."""
    found = lookup.find(keys.badge_secret(tenant), BadgeSecret)
    return {tenant: found} if found else {}


def put_secret(tenant: str, secret: BadgeSecret) -> Write:
    """The write of the first secret of a tenant, on the condition that there is none."""
    return Write((Put(item(keys.badge_secret(tenant), "badge_secret", secret), table.absent()),))


def _badge(tenant: str, badge: str, user_id: str) -> Write:
    at = keys.badge(tenant, badge)
    taken = {at: BadgeTaken(say("Take it from them first, or give another one."))}
    return Write((Put(item(at, "badge", {"user_id": user_id}), table.absent()),), taken=taken)
