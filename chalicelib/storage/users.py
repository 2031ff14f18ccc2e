"""People in the table: a user's item for reading, and a login's item that holds all that sign-in needs."""

from collections.abc import Iterable

from chalicelib.domain.errors import TakipError
from chalicelib.domain.users import Login, User, UsernameTaken, login_name
from chalicelib.storage import keys, table
from chalicelib.storage.items import item
from chalicelib.storage.keys import Key
from chalicelib.storage.table import Page, Put

PEOPLE_PREFIX = keys.user("", "").sk


def find_login(tenant: str, username: str) -> Login | None:
    """Read the login of a username, however it is spelt."""
    found = table.get(keys.login(tenant, login_name(username)))
    return None if found is None else found.read(Login)


def find(tenant: str, user_id: str) -> User | None:
    """Read a person as of now."""
    found = table.get(keys.user(tenant, user_id))
    return None if found is None else found.read(User)


def find_all(tenant: str, user_ids: Iterable[str]) -> dict[str, User]:
    """Read people by id, 100 a request; those that are not there are left out."""
    found = table.batch_get(keys.user(tenant, user_id) for user_id in user_ids)
    people = [each.read(User) for each in found.values()]
    return {user.id: user for user in people}


def creation(tenant: str, login: Login) -> tuple[list[Put], dict[Key, TakipError]]:
    """What is written when a person is registered, and what is said when the username is taken."""
    name = keys.login(tenant, login_name(login.user.username))
    puts = [
        Put(item(name, "login", login), table.absent()),
        Put(item(keys.user(tenant, login.user.id), "user", login.user), table.absent()),
    ]
    return puts, {name: UsernameTaken(f"Choose another username than {login.user.username}.")}


def page(tenant: str, *, limit: int, cursor: str | None, filters: object) -> Page:
    """A page of all people, in order of their registration."""
    partition = keys.users(tenant)
    return table.page(None, partition, limit=limit, cursor=cursor, filters=filters, begins_with=PEOPLE_PREFIX)
