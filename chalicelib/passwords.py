"""Passwords: hashed with bcrypt, compared in constant time, and judged by what the settings ask for."""

import bcrypt

from chalicelib import ids, remembered, settings
from chalicelib.domain.errors import FieldError
from chalicelib.domain.people.credentials import MAX_BYTES, password_errors

# Read over a telephone and typed with gloves on: nothing that looks like something else, 59 bits in twelve characters.
READABLE = "abcdefghjkmnpqrstuvwxyz23456789"
GIVEN_PARTS = 3
GIVEN_PART = 4


def hashed(password: str, cost: int) -> str:
    """Hash a password of at most 72 bytes. `cost` is bcrypt's: one more doubles the time."""
    return bcrypt.hashpw(password.encode(), bcrypt.gensalt(cost)).decode()


def matches(password: str, password_hash: str | None, cost: int) -> bool:
    """Whether this is the password; for nobody's hash it takes as long and says no.

    A name that does not exist must not answer faster than one that does.
    """
    encoded = password.encode(errors="surrogatepass")
    same = bcrypt.checkpw(encoded[:MAX_BYTES], (password_hash or _nobodys(cost)).encode())
    if not same and password_hash:
        # Each cost takes twice the time of the one before: these make up for what a cheaper hash saved.
        for cheaper in range(_cost(password_hash), cost):
            bcrypt.checkpw(encoded[:MAX_BYTES], _nobodys(cheaper).encode())
    return same and password_hash is not None and len(encoded) <= MAX_BYTES


def errors(password: str, username: str, field: str = "password") -> list[FieldError]:
    """What keeps somebody from choosing a password."""
    env = settings.current()
    found = list(password_errors(password, username, env.password_characters, field))
    if env.refuse_common_passwords and password.casefold() in _common():
        found.append(FieldError(field, "is one of the most common passwords; choose another", "too_common"))
    return found


def is_cheaper(password_hash: str, cost: int) -> bool:
    """Whether a hash was made at a lower cost than is asked for now."""
    return _cost(password_hash) < cost


def one_time() -> str:
    """Make a password to be given to somebody, such as `k7mp-x2vd-hq9w`."""
    return "-".join(ids.readable(READABLE, GIVEN_PART) for _ in range(GIVEN_PARTS))


@remembered.kept
def _common() -> frozenset[str]:
    """The passwords that are guessed first, as leaks tell."""
    from zxcvbn.frequency_lists import FREQUENCY_LISTS  # noqa: PLC0415  only where somebody chooses a password

    return frozenset(FREQUENCY_LISTS["passwords"])


def _cost(password_hash: str) -> int:
    return int(password_hash.split("$")[2])


def _nobodys(cost: int) -> str:
    """A hash that is of no password: checking against it takes as long as against anybody's."""
    return f"$2b${cost:02d}${'.' * 53}"
