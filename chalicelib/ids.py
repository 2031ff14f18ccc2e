"""The only module that makes ids and random values."""

import secrets
from datetime import datetime

from ulid import ULID


def new() -> str:
    """A new ULID: 26 characters, unique, and sorted by the time it was made."""
    return str(ULID())


def made_at(id_: str) -> datetime | None:
    """When an id was made; None if `new` did not make it."""
    try:
        return ULID.from_str(id_).datetime
    except ValueError:
        return None


def secret(size: int) -> bytes:
    """Random bytes that nobody can guess."""
    return secrets.token_bytes(size)


def readable(alphabet: str, length: int) -> str:
    """A random text of letters of this alphabet that nobody can guess."""
    return "".join(secrets.choice(alphabet) for _ in range(length))


def jitter(longest: float) -> float:
    """A random wait between 0 and `longest` seconds (full jitter)."""
    return secrets.SystemRandom().uniform(0, longest)
