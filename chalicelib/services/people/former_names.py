"""Former names: moves logins to the form in which usernames are compared today."""

import functools
from collections.abc import Iterator
from dataclasses import dataclass

from chalicelib.domain.people.users import User, UsernameTaken
from chalicelib.services import tenants
from chalicelib.services.retries import until_won
from chalicelib.storage import writes
from chalicelib.storage.people import users


@dataclass(frozen=True)
class Renamed:
    """A user whose login was stored under a former name, and whether it was moved."""

    tenant: str
    user: User
    is_moved: bool


def move_all() -> Iterator[Renamed]:
    """Move the logins of all tenants. Yields each user whose login was stored under a former name.

    If another user already has the name, the login stays. That user signs in with the username as it was registered. A
    second run changes nothing. Reads all users, and the login of each user whose two names differ.
    """
    for tenant in tenants.every():
        for user in users.with_a_former_name(tenant.id):
            is_moved = until_won(functools.partial(_move, tenant.id, user))
            if is_moved is not None:
                yield Renamed(tenant.id, user, is_moved)


def _move(tenant: str, user: User) -> bool | None:
    """Move one login. False if the name is taken, None if there is nothing to move."""
    login = users.find_login(tenant, user.username)
    if login is None or not login.is_under_former_name:
        return None
    try:
        writes.commit(users.move_to_name(tenant, login))
    except UsernameTaken:
        return False
    return True
