"""Registering many people at once, with the code that registers all users."""

from collections.abc import Iterator
from typing import Any

from chalicelib.domain.errors import InvalidFields
from chalicelib.domain.people.users import NewUser, Role, UsernameTaken
from chalicelib.services.people import former_names, users


def enrol(given: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Register the `people` in a `tenant` and answer for each. `dry_run` only checks them.

    The `outcome` is enrolled (with the `one_time_password`), already there, or refused (with the `reasons`).
    """
    for person in given["people"]:
        yield _enrolled(given["tenant"], person, dry_run=given["dry_run"])


def move_logins(_: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Move logins to the names that usernames are compared by today: an answer for each that was under another."""
    for each in former_names.move_all():
        yield {"tenant": each.tenant, "username": each.user.username, "is_moved": each.is_moved}


def _enrolled(tenant: str, person: dict[str, Any], *, dry_run: bool) -> dict[str, Any]:
    try:
        enrolled = users.enrol(tenant, NewUser(**person | {"role": Role(person["role"])}), dry_run=dry_run)
    except UsernameTaken:
        return {"outcome": "already there"}
    except InvalidFields as wrong:
        return {"outcome": "refused", "reasons": [f"{error.field}: {error.message}" for error in wrong.errors]}
    return {"outcome": "enrolled", "one_time_password": enrolled.one_time_password}
