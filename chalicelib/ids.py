"""The only room that makes identity, and everything else that is left to chance."""

import secrets

from ulid import ULID


def new() -> str:
    """Make a ULID: 26 characters, unique, and sorted by the time it was made."""
    return str(ULID())


def secret(size: int) -> bytes:
    """Make bytes that nobody can guess."""
    return secrets.token_bytes(size)


def readable(alphabet: str, length: int) -> str:
    """Make a text of letters of an alphabet that nobody can guess."""
    return "".join(secrets.choice(alphabet) for _ in range(length))


def jitter(longest: float) -> float:
    """Give a random wait between 0 and `longest` seconds (full jitter)."""
    return secrets.SystemRandom().uniform(0, longest)
