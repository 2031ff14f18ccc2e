"""The only room that makes identity."""

import secrets

from ulid import ULID


def new() -> str:
    """Make a ULID: 26 characters, unique, and sorted by the time it was made."""
    return str(ULID())


def jitter(longest: float) -> float:
    """Give a random wait between 0 and `longest` seconds (full jitter)."""
    return secrets.SystemRandom().uniform(0, longest)
