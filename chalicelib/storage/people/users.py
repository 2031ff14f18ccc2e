"""Users in the table: a user's item for reading, and a login's item with everything that sign-in needs.

Both are always written together, with the same version.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from typing import NamedTuple

from chalicelib.domain.people.admins import Admins
from chalicelib.domain.people.credentials import Login
from chalicelib.domain.people.devices import Device
from chalicelib.domain.people.names import former_login_name, login_name
from chalicelib.domain.people.users import User, UsernameTaken
from chalicelib.domain.sentences import say
from chalicelib.storage import lookup, table
from chalicelib.storage.items import Item, item
from chalicelib.storage.keys import people as keys
from chalicelib.storage.keys.shape import Key
from chalicelib.storage.pages import Page
from chalicelib.storage.people import throttles
from chalicelib.storage.people.throttles import Places
from chalicelib.storage.table import Check, Put
from chalicelib.storage.writes import Write

PEOPLE_PREFIX = keys.user("", "").sk


class Attempted(NamedTuple):
    """The data for an attempt: the login of the name, its counters, and the device that the attempt names."""

    login: Login | None
    counters: throttles.Counters
    device: Device | None


def find_login(tenant: str, username: str) -> Login | None:
    """Read the login of a username, in any spelling."""
    return _login(table.batch_get(_logins(tenant, username)), tenant, username)


def find_attempted(
    tenant: str, username: str, places: Places, now: datetime, device: tuple[str, str] | None = None
) -> Attempted:
    """Read a username's login, the counters of an attempt and a `device` (user id, id), in one request."""
    wanted = None if device is None else keys.device(tenant, *device)
    items = table.batch_get([*_logins(tenant, username), *places.every(), *([wanted] if wanted else [])])
    known = lookup.among(items, wanted, Device) if wanted else None
    return Attempted(_login(items, tenant, username), throttles.among(items, places, now), known)


def find(tenant: str, user_id: str) -> User | None:
    """Read a user as of now; None if there is none."""
    return lookup.find(keys.user(tenant, user_id), User)


def find_all(tenant: str, user_ids: Iterable[str]) -> dict[str, User]:
    """Read users by id, 100 a request. Unknown ids are left out."""
    items = table.batch_get(keys.user(tenant, user_id) for user_id in user_ids)
    people = [item.read(User) for item in items.values()]
    return {user.id: user for user in people}


def with_a_former_name(tenant: str) -> Iterator[User]:
    """Read the users whose username was compared in another form by earlier releases."""
    return (user for user in _everybody(tenant) if len(_logins(tenant, user.username)) > 1)


def find_admins(tenant: str) -> Admins:
    """Read the list of active admins. If it was never written, all users are read."""
    stored = table.get(keys.admins(tenant))
    if stored is not None:
        return stored.read(Admins)
    return Admins(frozenset(user.id for user in _everybody(tenant) if user.administers))


def creation(tenant: str, login: Login) -> Write:
    """The write that registers a user. The error for a username that already exists is UsernameTaken."""
    user, written = _items(tenant, login)
    # The login of a user with this name may still be stored under its former form.
    former = [key for key in _logins(tenant, login.user.username) if key != written.key]
    return Write(
        tuple(Put(each, table.absent()) for each in (user, written)),
        checks=tuple(Check(key, table.absent()) for key in former),
        taken=dict.fromkeys([written.key, *former], _taken(login)),
    )


def change(tenant: str, login: Login) -> Write:
    """The write that changes a user, on the condition that nobody else did since the user was read."""
    return Write(tuple(Put(item, table.at_revision(login.user.version - 1)) for item in _items(tenant, login)))


def erasure(tenant: str, login: Login | None, user: User) -> Write:
    """The write of somebody without their data, which also deletes their login, if nobody changed them meanwhile."""
    written = item(keys.user(tenant, user.id), "user", user, revision=user.version)
    deleted = (_login_key(tenant, login),) if login else ()
    return Write((Put(written, table.follows(written)),), deletes=deleted)


def rehash(tenant: str, login: Login) -> Write:
    """The write that replaces only the hash of a password."""
    _, written = _items(tenant, login)
    return Write((Put(written, table.at_revision(login.user.version)),))


def move_to_name(tenant: str, login: Login) -> Write:
    """The write that moves a login from its former name to the form in which usernames are compared today.

    The condition is that nobody else changed the user since. The error if another user has that name is UsernameTaken.
    """
    user, written = _items(tenant, replace(login, is_under_former_name=False))
    return Write(
        (Put(written, table.absent()),),
        deletes=(_login_key(tenant, login),),
        checks=(Check(user.key, table.at_revision(login.user.version)),),
        taken={written.key: _taken(login)},
    )


def change_of_admins(tenant: str, before: Admins, after: Admins) -> Write:
    """The write of the list of active admins; empty if the list does not change."""
    if before.user_ids == after.user_ids:
        return Write()
    written = item(keys.admins(tenant), "admins", after, revision=after.version)
    return Write((Put(written, table.at_revision(before.version)),))


def page(tenant: str, *, limit: int, cursor: str | None, filters: object) -> Page:
    """A page of all users, earliest registration first."""
    partition = keys.users(tenant)
    return table.page(None, partition, limit=limit, cursor=cursor, filters=filters, begins_with=PEOPLE_PREFIX)


def _everybody(tenant: str) -> Iterator[User]:
    return (each.read(User) for each in table.query(keys.users(tenant), PEOPLE_PREFIX))


def _logins(tenant: str, username: str) -> list[Key]:
    """The keys of a username's login. The former name comes first, so that each user gets their own login."""
    names = dict.fromkeys([former_login_name(username), login_name(username)])
    return [keys.login(tenant, name) for name in names]


def _login(items: Mapping[Key, Item], tenant: str, username: str) -> Login | None:
    for key in _logins(tenant, username):
        if key in items:
            login = items[key].read(Login)
            return replace(login, is_under_former_name=key != keys.login(tenant, login_name(login.user.username)))
    return None


def _login_key(tenant: str, login: Login) -> Key:
    compared = former_login_name if login.is_under_former_name else login_name
    return keys.login(tenant, compared(login.user.username))


def _taken(login: Login) -> UsernameTaken:
    return UsernameTaken(say("Choose another username than {username}.", username=login.user.username))


def _items(tenant: str, login: Login) -> tuple[Item, Item]:
    user = login.user
    return (
        item(keys.user(tenant, user.id), "user", user, revision=user.version),
        item(_login_key(tenant, login), "login", login, revision=user.version),
    )
