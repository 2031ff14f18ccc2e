"""Making an admin, with the code that registers all users."""

from collections.abc import Iterator
from typing import Any

from chalicelib.domain.people.users import UsernameTaken
from chalicelib.services.people.users import create_admin


def create(given: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Make an admin of a `tenant`, with a `username` and a `password`. `made` is false if the name is taken."""
    try:
        create_admin(given["tenant"], given["username"], given["password"])
    except UsernameTaken:
        yield {"made": False}
    else:
        yield {"made": True}
