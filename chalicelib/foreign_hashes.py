"""Hashes of passwords that other systems made: bcrypt, PBKDF2 and scrypt, as passlib, Django and Werkzeug write them.

Whoever brings a hash chooses how much work a sign-in takes. So what takes too long or too much memory is not read.
"""

import base64
import hashlib
import hmac
import re
from collections.abc import Callable
from typing import NamedTuple

import bcrypt

from chalicelib.domain.people.credentials import MAX_BYTES

COSTS = range(4, 15)
MOST_ITERATIONS = 2_000_000
MOST_BLOCKS = 1 << 20
MOST_MEMORY = 64 << 20
# 256 iterations of PBKDF2, or blocks of scrypt, take as long as a round of bcrypt: 76, 96 to 112, and 74 µs.
_A_ROUND = 256
_SALT = r"([^$]{1,128})"


class Check(NamedTuple):
    """A check of a password, as bytes, and how many rounds of bcrypt take as long as it does."""

    rounds: int
    is_right: Callable[[bytes], bool]


def read(text: str) -> Check | None:
    """How to check a password against a hash; None if Takip does not know its form, or if it would take too long."""
    for form, check in _FORMS.items():
        if found := form.fullmatch(text):
            return check(*found.groups())
    return None


def _bcrypt(text: str, cost: str) -> Check | None:
    if int(cost) not in COSTS:
        return None
    # The systems that made these cut passwords without a word, as bcrypt itself did.
    return Check(1 << int(cost), lambda password: bcrypt.checkpw(password[:MAX_BYTES], text.encode()))


def _pbkdf2(iterations: int, salt: bytes, digest: bytes) -> Check | None:
    if not 1 <= iterations <= MOST_ITERATIONS:
        return None

    def is_right(password: bytes) -> bool:
        return hmac.compare_digest(hashlib.pbkdf2_hmac("sha256", password, salt, iterations), digest)

    return Check(iterations // _A_ROUND, is_right)


def _scrypt(n: int, r: int, p: int, salt: bytes, digest: bytes) -> Check | None:
    is_power_of_two = n > 1 and n & (n - 1) == 0
    if not is_power_of_two or min(r, p) < 1 or n * r * p > MOST_BLOCKS or 128 * n * r > MOST_MEMORY:
        return None

    def is_right(password: bytes) -> bool:
        made = hashlib.scrypt(password, salt=salt, n=n, r=r, p=p, maxmem=2 * MOST_MEMORY, dklen=len(digest))
        return hmac.compare_digest(made, digest)

    return Check(n * r * p // _A_ROUND, is_right)


def _passlib(iterations: str, salt: str, digest: str) -> Check | None:
    """PBKDF2 as https://passlib.readthedocs.io/en/stable/lib/passlib.hash.pbkdf2_digest.html has it."""
    plain = (base64.b64decode(f"{part.replace('.', '+')}{'=' * (-len(part) % 4)}") for part in (salt, digest))
    return _pbkdf2(int(iterations), *plain)


def _django(iterations: str, salt: str, digest: str) -> Check | None:
    return _pbkdf2(int(iterations), salt.encode(), base64.b64decode(digest))


def _django_scrypt(n: str, salt: str, r: str, p: str, digest: str) -> Check | None:
    return _scrypt(int(n), int(r), int(p), salt.encode(), base64.b64decode(digest))


def _werkzeug(iterations: str, salt: str, digest: str) -> Check | None:
    return _pbkdf2(int(iterations), salt.encode(), bytes.fromhex(digest))


def _werkzeug_scrypt(n: str, r: str, p: str, salt: str, digest: str) -> Check | None:
    return _scrypt(int(n), int(r), int(p), salt.encode(), bytes.fromhex(digest))


_FORMS: dict[re.Pattern[str], Callable[..., Check | None]] = {
    re.compile(form, re.ASCII): check
    for form, check in (
        (r"(\$2[aby]\$(\d\d)\$[./A-Za-z0-9]{21}[.Oeu][./A-Za-z0-9]{31})", _bcrypt),
        (r"\$pbkdf2-sha256\$(\d{1,7})\$((?:[./A-Za-z0-9]{4}){0,32}[./A-Za-z0-9]{2,4})\$([./A-Za-z0-9]{43})", _passlib),
        (rf"pbkdf2_sha256\$(\d{{1,7}})\${_SALT}\$([+/A-Za-z0-9]{{43}}=)", _django),
        (rf"pbkdf2:sha256:(\d{{1,7}})\${_SALT}\$([0-9a-f]{{64}})", _werkzeug),
        (rf"scrypt\$(\d{{1,7}})\${_SALT}\$(\d{{1,3}})\$(\d{{1,3}})\$([+/A-Za-z0-9]{{86}}==)", _django_scrypt),
        (rf"scrypt:(\d{{1,7}}):(\d{{1,3}}):(\d{{1,3}})\${_SALT}\$([0-9a-f]{{128}})", _werkzeug_scrypt),
    )
}
