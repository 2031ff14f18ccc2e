"""Refresh tokens: opaque to clients, each good once, and each leading to the next by a secret of its device.

The next token is HMAC-SHA256 over the device, the number and the spent token. So a reply that was lost can be given
again, and a token that was spent long ago can be told from a made-up one, although no token is kept anywhere.
"""

import hmac
import re
from base64 import urlsafe_b64encode
from dataclasses import dataclass
from datetime import datetime

from chalicelib import ids
from chalicelib.domain.digests import digest
from chalicelib.domain.errors import Unauthenticated
from chalicelib.domain.people.devices import MOST_REFRESHES, Device
from chalicelib.domain.people.users import User

SECRET_BYTES = 32
NAME = r"([A-Za-z0-9_-]{1,64})"
FORM = re.compile(rf"takip-refresh\.{NAME}\.{NAME}\.{NAME}\.(0|[1-9][0-9]{{0,4}})\.([A-Za-z0-9_-]{{43}})")


class RefreshTokenInvalid(Unauthenticated):
    """Takip did not issue this refresh token, or its device is no longer signed in."""

    code = "ERR_AUTH_REFRESH_INVALID"
    title = "The refresh token is not valid"


class RefreshTokenReused(Unauthenticated):
    """An old refresh token was used again: somebody may have a copy, so its device is signed out."""

    code = "ERR_AUTH_REFRESH_REUSED"
    title = "The refresh token was used before"


@dataclass(frozen=True)
class RefreshToken:
    """A refresh token in its parts; `number` counts the tokens of a device from 0."""

    tenant: str
    user_id: str
    device_id: str
    number: int
    secret: str

    def __str__(self) -> str:
        """The token as clients have it."""
        return f"takip-refresh.{self.tenant}.{self.user_id}.{self.device_id}.{self.number}.{self.secret}"

    @property
    def digest(self) -> str:
        """What is kept of it: SHA-256; the token holds 256 random bits, so nothing slower is needed."""
        return digest(str(self).encode(), bits=256)

    def successor(self, secret: bytes) -> "RefreshToken":
        """The token that comes after this one; the same whenever it is asked for."""
        number = self.number + 1
        spent = f"{self.device_id}.{number}.{self}".encode()
        derived = _text(hmac.digest(secret, spent, "sha256"))
        return RefreshToken(self.tenant, self.user_id, self.device_id, number, derived)

    def age(self, device: Device) -> int | None:
        """How many tokens came after this one: 0 for the newest; None for a token that the device never had."""
        token, age = self, device.number - self.number
        for _ in range(age):
            token = token.successor(device.secret)
        same = age >= 0 and hmac.compare_digest(token.digest, device.digest)
        return age if same else None

    def shows(self, device: Device, user: User, now: datetime) -> bool:
        """Whether it shows that somebody is signed in on this device: the newest token, or the one before it."""
        is_recent = device.number - self.number in {0, 1} and self.age(device) is not None
        return is_recent and device.user_id == user.id and device.is_signed_in(user, now)


def first(tenant: str, user_id: str, device_id: str) -> RefreshToken:
    """Make the first token of a device, at random."""
    return RefreshToken(tenant, user_id, device_id, 0, _text(ids.secret(SECRET_BYTES)))


def new_secret() -> bytes:
    """Make the secret that leads from one token of a device to the next."""
    return ids.secret(SECRET_BYTES)


def read(text: str) -> RefreshToken:
    """Take a token apart. Raises RefreshTokenInvalid for what cannot be one."""
    found = FORM.fullmatch(text)
    if found is None or int(found[4]) > MOST_REFRESHES:
        raise RefreshTokenInvalid("Sign in again.")
    return RefreshToken(found[1], found[2], found[3], int(found[4]), found[5])


def claimed(text: str | None, tenant: str) -> RefreshToken | None:
    """Take a token of a tenant apart; None where there is none, or what cannot be one."""
    try:
        token = read(text or "")
    except RefreshTokenInvalid:
        return None
    return token if token.tenant == tenant else None


def _text(raw: bytes) -> str:
    return urlsafe_b64encode(raw).decode().rstrip("=")
