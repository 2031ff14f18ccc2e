"""People in the table: a user's item for reading, and a login's item that holds all that sign-in needs.

The two are always written together, at the same version.
"""

from collections.abc import Iterable, Mapping

from chalicelib.domain.errors import TakipError
from chalicelib.domain.people.credentials import Login
from chalicelib.domain.people.names import login_name
from chalicelib.domain.people.users import Admins, User, UsernameTaken
from chalicelib.storage import keys, table
from chalicelib.storage.items import Item, item
from chalicelib.storage.keys import Key
from chalicelib.storage.pages import Page
from chalicelib.storage.table import Put

PEOPLE_PREFIX = keys.user("", "").sk


def find_login(tenant: str, username: str) -> Login | None:
    """Read the login of a username, however it is spelt."""
    login, _ = find_login_beside(tenant, username, [])
    return login


def find_login_beside(tenant: str, username: str, beside: Iterable[Key]) -> tuple[Login | None, Mapping[Key, Item]]:
    """Read the login of a username together with other items, in one request."""
    key = keys.login(tenant, login_name(username))
    found = table.batch_get([key, *beside])
    return found[key].read(Login) if key in found else None, found


def find(tenant: str, user_id: str) -> User | None:
    """Read a person as of now."""
    found = table.get(keys.user(tenant, user_id))
    return None if found is None else found.read(User)


def find_all(tenant: str, user_ids: Iterable[str]) -> dict[str, User]:
    """Read people by id, 100 a request; those that are not there are left out."""
    found = table.batch_get(keys.user(tenant, user_id) for user_id in user_ids)
    people = [each.read(User) for each in found.values()]
    return {user.id: user for user in people}


def find_admins(tenant: str) -> Admins:
    """Read who the active admins are; where that was never written down, ask everybody."""
    found = table.get(keys.admins(tenant))
    if found is not None:
        return found.read(Admins)
    people = (each.read(User) for each in table.query(keys.users(tenant), PEOPLE_PREFIX))
    return Admins(frozenset(user.id for user in people if user.administers))


def creation(tenant: str, login: Login) -> tuple[list[Put], dict[Key, TakipError]]:
    """What is written when a person is registered, and what is said when the username is taken."""
    puts = [Put(each, table.absent()) for each in _items(tenant, login)]
    name = keys.login(tenant, login_name(login.user.username))
    return puts, {name: UsernameTaken(f"Choose another username than {login.user.username}.")}


def change(tenant: str, login: Login) -> list[Put]:
    """What is written when a person changes, on the condition that nobody else changed them since."""
    return [Put(each, table.at_revision(login.user.version - 1)) for each in _items(tenant, login)]


def rehash(tenant: str, login: Login) -> Put:
    """What is written when only the hash of a password is another."""
    _, written = _items(tenant, login)
    return Put(written, table.at_revision(login.user.version))


def change_of_admins(tenant: str, before: Admins, after: Admins) -> list[Put]:
    """What is written when there are other admins than before; nothing where they are the same."""
    if before.user_ids == after.user_ids:
        return []
    written = item(keys.admins(tenant), "admins", after, revision=after.version)
    return [Put(written, table.at_revision(before.version))]


def page(tenant: str, *, limit: int, cursor: str | None, filters: object) -> Page:
    """A page of all people, in order of their registration."""
    partition = keys.users(tenant)
    return table.page(None, partition, limit=limit, cursor=cursor, filters=filters, begins_with=PEOPLE_PREFIX)


def _items(tenant: str, login: Login) -> tuple[Item, Item]:
    user = login.user
    name = keys.login(tenant, login_name(user.username))
    return (
        item(keys.user(tenant, user.id), "user", user, revision=user.version),
        item(name, "login", login, revision=user.version),
    )
