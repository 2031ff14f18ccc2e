"""Passwords: hashed with bcrypt, compared in constant time, and checked against the rules of the settings.

A hash that another system made is stored as it was made, marked as `carried`, until its owner signs in. Of a password
that bcrypt cut there, a hash that is marked as `cut` is made then.
"""

import functools
from collections.abc import Callable

import bcrypt

from chalicelib import foreign_hashes, ids, remembered, settings
from chalicelib.domain.errors import FieldError
from chalicelib.domain.people.credentials import MAX_BYTES, password_errors
from chalicelib.domain.sentences import say
from chalicelib.foreign_hashes import Check

# For reading aloud and typing with gloves: no letters that look alike; twelve characters hold 59 bits.
READABLE = "abcdefghjkmnpqrstuvwxyz23456789"
GIVEN_PARTS = 3
GIVEN_PART = 4

_CARRIED, _CUT = "carried:", "cut:"
_LEAST_COST = 4  # of bcrypt


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
    encoded = _encoded(password)
    check = _check(password_hash or _nobodys(cost))
    is_right = check.is_right(encoded)
    if not is_right and password_hash:
        # Each cost takes twice the time of the one before: the extra checks add the rounds that a cheaper hash saves.
        saved = max((1 << cost) - check.rounds, 0)
        for cheaper in range(_LEAST_COST, cost + 1):
            if saved >> cheaper & 1:
                bcrypt.checkpw(encoded[:MAX_BYTES], _nobodys(cheaper).encode())
    return is_right and password_hash is not None


def errors(password: str, username: str, field: str = "password") -> list[FieldError]:
    """The field errors of a new password."""
    env = settings.current()
    problems = list(password_errors(password, username, env.password_characters, field))
    if env.refuse_common_passwords and password.casefold() in _common():
        problems.append(FieldError(field, say("is one of the most common passwords; choose another"), "too_common"))
    return problems


def carried(foreign_hash: str) -> str | None:
    """What is stored of a hash that another system made; None if Takip cannot check a password against it."""
    return f"{_CARRIED}{foreign_hash}" if foreign_hashes.read(foreign_hash) else None


def renewed(password: str, password_hash: str, cost: int) -> str | None:
    """The hash to store instead of one that was right; None if it was made here, at no lower cost than is asked for.

    A password of more than 72 bytes that another system took goes on as it went there: what is beyond does not count.
    """
    if not awaits_its_owner(password_hash) and _cost(password_hash) >= cost:
        return None
    encoded = _encoded(password)
    made = bcrypt.hashpw(encoded[:MAX_BYTES], bcrypt.gensalt(cost)).decode()
    return f"{_CUT}{made}" if len(encoded) > MAX_BYTES or password_hash.startswith(_CUT) else made


def awaits_its_owner(password_hash: str) -> bool:
    """Whether a stored hash is one that another system made, whose owner did not sign in yet."""
    return password_hash.startswith(_CARRIED)


def one_time() -> str:
    """A new one-time password, such as `k7mp-x2vd-hq9w`."""
    return "-".join(ids.readable(READABLE, GIVEN_PART) for _ in range(GIVEN_PARTS))


@remembered.cached
def _common() -> frozenset[str]:
    """The most common passwords, from published leaks."""
    from zxcvbn.frequency_lists import FREQUENCY_LISTS  # noqa: PLC0415  only where somebody chooses a password

    return frozenset(FREQUENCY_LISTS["passwords"])


def _encoded(password: str) -> bytes:
    return password.encode(errors="surrogatepass")


def _check(password_hash: str) -> Check:
    """How a stored hash is checked. No password is right for one that cannot be checked any more."""
    if awaits_its_owner(password_hash):
        return foreign_hashes.read(password_hash.removeprefix(_CARRIED)) or Check(0, lambda _: False)
    return Check(1 << _cost(password_hash), lambda encoded: _is_ours(encoded, password_hash))


def _is_ours(encoded: bytes, password_hash: str) -> bool:
    same = bcrypt.checkpw(encoded[:MAX_BYTES], password_hash.removeprefix(_CUT).encode())
    return same and (len(encoded) <= MAX_BYTES or password_hash.startswith(_CUT))


def _cost(password_hash: str) -> int:
    """The cost of a hash of bcrypt."""
    return int(password_hash.split("$")[2])


def _nobodys(cost: int) -> str:
    """The hash of a random password, so that checking an unknown name takes as long as checking a user."""
    return f"$2b${cost:02d}${'.' * 53}"
