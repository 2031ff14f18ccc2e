"""Security events about the keys that sign tokens."""

from collections.abc import Iterator
from typing import Any

from chalicelib.services.people import security


def rotated(given: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Record for every tenant that the key `kid` will sign tokens. `replaces_all`: it replaces all other keys."""
    security.key_rotated(given["kid"], replaces_all=given["replaces_all"])
    yield from ()
