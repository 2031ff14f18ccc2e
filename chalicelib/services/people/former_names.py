"""Former names: logins are moved to the name that usernames are compared by today."""

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
    """Somebody whose login was kept under a former name, and whether it could be moved."""

    tenant: str
    user: User
    is_moved: bool


def move_all() -> Iterator[Renamed]:
    """Move the logins of all tenants, and tell of each that was still under its former name.

    Where somebody else has the name already, the login stays: that person signs in with their username as it was
    registered. Doing it again changes nothing. Reads all people, and the login of each whose two names differ.
    """
    for tenant in tenants.every():
        for user in users.with_a_former_name(tenant.id):
            is_moved = until_won(functools.partial(_move, tenant.id, user))
            if is_moved is not None:
                yield Renamed(tenant.id, user, is_moved)


def _move(tenant: str, user: User) -> bool | None:
    """Move one login; False where the name is taken, None where there is nothing to move."""
    login = users.find_login(tenant, user.username)
    if login is None or not login.is_under_former_name:
        return None
    try:
        writes.commit(users.move_to_name(tenant, login))
    except UsernameTaken:
        return False
    return True
