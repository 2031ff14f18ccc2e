"""People in the table: a user's item for reading, and a login's item with all that sign-in needs.

Both are always written together, at the same version.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime

from chalicelib.domain.people.credentials import Login
from chalicelib.domain.people.names import login_name
from chalicelib.domain.people.users import Admins, User, UsernameTaken
from chalicelib.storage import table
from chalicelib.storage.items import Item, item
from chalicelib.storage.keys import people as keys
from chalicelib.storage.keys.shape import Key
from chalicelib.storage.pages import Page
from chalicelib.storage.people import throttles
from chalicelib.storage.people.throttles import Places
from chalicelib.storage.table import Put
from chalicelib.storage.writes import Write

PEOPLE_PREFIX = keys.user("", "").sk


def find_login(tenant: str, username: str) -> Login | None:
    """Read the login of a username, in any spelling."""
    key = keys.login(tenant, login_name(username))
    return _login(table.batch_get([key]), key)


def find_login_and_counters(
    tenant: str, username: str, places: Places, now: datetime
) -> tuple[Login | None, throttles.Counters]:
    """Read the login of a username and the counters of its attempts, in one request."""
    key = keys.login(tenant, login_name(username))
    items = table.batch_get([key, *places])
    return _login(items, key), throttles.among(items, places, now)


def find(tenant: str, user_id: str) -> User | None:
    """Read a user as of now; None if there is none."""
    stored = table.get(keys.user(tenant, user_id))
    return None if stored is None else stored.read(User)


def find_all(tenant: str, user_ids: Iterable[str]) -> dict[str, User]:
    """Read users by id, 100 a request. Unknown ids are left out."""
    items = table.batch_get(keys.user(tenant, user_id) for user_id in user_ids)
    people = [item.read(User) for item in items.values()]
    return {user.id: user for user in people}


def find_admins(tenant: str) -> Admins:
    """Read the list of active admins. If it was never written, all people are read."""
    stored = table.get(keys.admins(tenant))
    if stored is not None:
        return stored.read(Admins)
    people = (item.read(User) for item in table.query(keys.users(tenant), PEOPLE_PREFIX))
    return Admins(frozenset(user.id for user in people if user.administers))


def creation(tenant: str, login: Login) -> Write:
    """The write that registers a user. The error for a username that already exists is UsernameTaken."""
    name = keys.login(tenant, login_name(login.user.username))
    taken = UsernameTaken(f"Choose another username than {login.user.username}.")
    return Write(tuple(Put(item, table.absent()) for item in _items(tenant, login)), taken={name: taken})


def change(tenant: str, login: Login) -> Write:
    """The write that changes a user, on the condition that nobody else changed them since."""
    return Write(tuple(Put(item, table.at_revision(login.user.version - 1)) for item in _items(tenant, login)))


def rehash(tenant: str, login: Login) -> Write:
    """The write that replaces only the hash of a password."""
    _, written = _items(tenant, login)
    return Write((Put(written, table.at_revision(login.user.version)),))


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


def _login(items: Mapping[Key, Item], key: Key) -> Login | None:
    return items[key].read(Login) if key in items else None


def _items(tenant: str, login: Login) -> tuple[Item, Item]:
    user = login.user
    name = keys.login(tenant, login_name(user.username))
    return (
        item(keys.user(tenant, user.id), "user", user, revision=user.version),
        item(name, "login", login, revision=user.version),
    )
