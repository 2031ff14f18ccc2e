"""Passwords: hashed with bcrypt, compared in constant time, and checked against the rules of the settings."""

import functools
from collections.abc import Callable

import bcrypt

from chalicelib import ids, remembered, settings
from chalicelib.domain.errors import FieldError
from chalicelib.domain.people.credentials import MAX_BYTES, password_errors
from chalicelib.domain.sentences import say

# For reading aloud and typing with gloves: no letters that look alike; twelve characters hold 59 bits.
READABLE = "abcdefghjkmnpqrstuvwxyz23456789"
GIVEN_PARTS = 3
GIVEN_PART = 4


def hashed(password: str, cost: int) -> str:
    """The hash of a password of at most 72 bytes. `cost` is bcrypt's: one more doubles the time."""
    return bcrypt.hashpw(password.encode(), bcrypt.gensalt(cost)).decode()


def hashed_once(password: str) -> Callable[[], str]:
    """A function that returns the hash of a password at the settings' cost. bcrypt runs at its first call only."""
    return functools.cache(lambda: hashed(password, settings.current().bcrypt_cost))


def matches(password: str, password_hash: str | None, cost: int) -> bool:
    """Whether this is the password. Without a hash it takes as long and returns False.

    A name that does not exist must not be answered faster than one that does.
    """
    encoded = password.encode(errors="surrogatepass")
    same = bcrypt.checkpw(encoded[:MAX_BYTES], (password_hash or _nobodys(cost)).encode())
    if not same and password_hash:
        # Each cost takes twice the time of the one before: the extra checks add the time that a cheaper hash saves.
        for cheaper in range(_cost(password_hash), cost):
            bcrypt.checkpw(encoded[:MAX_BYTES], _nobodys(cheaper).encode())
    return same and password_hash is not None and len(encoded) <= MAX_BYTES


def errors(password: str, username: str, field: str = "password") -> list[FieldError]:
    """The field errors of a new password."""
    env = settings.current()
    problems = list(password_errors(password, username, env.password_characters, field))
    if env.refuse_common_passwords and password.casefold() in _common():
        problems.append(FieldError(field, say("is one of the most common passwords; choose another"), "too_common"))
    return problems


def is_cheaper(password_hash: str, cost: int) -> bool:
    """Whether a hash was made at a lower cost than the settings ask for now."""
    return _cost(password_hash) < cost


def one_time() -> str:
    """A new one-time password, such as `k7mp-x2vd-hq9w`."""
    return "-".join(ids.readable(READABLE, GIVEN_PART) for _ in range(GIVEN_PARTS))


@remembered.cached
def _common() -> frozenset[str]:
    """The most common passwords, from published leaks."""
    from zxcvbn.frequency_lists import FREQUENCY_LISTS  # noqa: PLC0415  only where somebody chooses a password

    return frozenset(FREQUENCY_LISTS["passwords"])


def _cost(password_hash: str) -> int:
    return int(password_hash.split("$")[2])


def _nobodys(cost: int) -> str:
    """The hash of a random password, so that checking an unknown name takes as long as checking a user."""
    return f"$2b${cost:02d}${'.' * 53}"
