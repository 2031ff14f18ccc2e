"""Refresh tokens: opaque to clients, each valid once. The next one is derived with a secret of the device.

The next token is HMAC-SHA256 over the device, the number and the used token. No token is stored. Yet the answer to a
lost reply can be given again, and an old token can be told from an invented one.
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
from chalicelib.domain.sentences import say

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
    """The parts of a refresh token. `number` counts the tokens of a device from 0."""

    tenant: str
    user_id: str
    device_id: str
    number: int
    secret: str

    def __str__(self) -> str:
        """The token in the form that clients get."""
        return f"takip-refresh.{self.tenant}.{self.user_id}.{self.device_id}.{self.number}.{self.secret}"

    @property
    def digest(self) -> str:
        """The SHA-256 of the token, which is what is stored.

        The token has 256 random bits, so a slow hash is not needed.
        """
        return digest(str(self).encode(), bits=256)

    def successor(self, secret: bytes) -> "RefreshToken":
        """The next token of the device. It is always the same for this token."""
        number = self.number + 1
        spent = f"{self.device_id}.{number}.{self}".encode()
        derived = _text(hmac.digest(secret, spent, "sha256"))
        return RefreshToken(self.tenant, self.user_id, self.device_id, number, derived)

    def age(self, device: Device) -> int | None:
        """The number of tokens after this one: 0 for the newest, None for a token that the device never had."""
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
    """The first token of a device, random."""
    return RefreshToken(tenant, user_id, device_id, 0, _text(ids.secret(SECRET_BYTES)))


def new_secret() -> bytes:
    """A new secret, with which the tokens of a device are derived."""
    return ids.secret(SECRET_BYTES)


def read(text: str) -> RefreshToken:
    """The parts of a token. Raises RefreshTokenInvalid if the text is not one."""
    match = FORM.fullmatch(text)
    if match is None or int(match[4]) > MOST_REFRESHES:
        raise RefreshTokenInvalid(say("Sign in again."))
    return RefreshToken(match[1], match[2], match[3], int(match[4]), match[5])


def claimed(text: str | None, tenant: str) -> RefreshToken | None:
    """Take a token of a tenant apart; None where there is none, or what cannot be one."""
    try:
        token = read(text or "")
    except RefreshTokenInvalid:
        return None
    return token if token.tenant == tenant else None


def _text(raw: bytes) -> str:
    return urlsafe_b64encode(raw).decode().rstrip("=")
