"""Passwords: hashed with bcrypt, compared in constant time."""

import bcrypt

MAX_BYTES = 72
MIN_CHARACTERS = 8


def hashed(password: str, cost: int) -> str:
    """Hash a password of at most 72 bytes. `cost` is bcrypt's: one more doubles the time."""
    return bcrypt.hashpw(password.encode(), bcrypt.gensalt(cost)).decode()


def matches(password: str, password_hash: str | None, cost: int) -> bool:
    """Whether this is the password; for nobody's hash it takes as long and says no.

    A name that does not exist must not answer faster than one that does.
    """
    encoded = password.encode(errors="surrogatepass")
    same = bcrypt.checkpw(encoded[:MAX_BYTES], (password_hash or _nobodys(cost)).encode())
    return same and password_hash is not None and len(encoded) <= MAX_BYTES


def _nobodys(cost: int) -> str:
    """A hash that is of no password: checking against it takes as long as against anybody's."""
    return f"$2b${cost:02d}${'.' * 53}"
