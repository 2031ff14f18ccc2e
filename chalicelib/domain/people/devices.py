"""Devices: where a user is signed in, for at most seven days, and what signs a device out earlier."""

from dataclasses import dataclass, replace
from datetime import datetime

from chalicelib.domain.errors import NotFound, Unauthenticated
from chalicelib.domain.people.users import User

# A phone refreshes about fifty times a day. A client that refreshes more often than this in a week is not a phone.
MOST_REFRESHES = 10_000


@dataclass(frozen=True)
class Source:
    """Where a request comes from: its network address and the name of the device."""

    address: str
    device: str


@dataclass(frozen=True)
class Device:
    """A device on which a user is signed in, and its refresh tokens.

    Only the digest of the newest token is stored. `number` counts the tokens. The next token is derived with `secret`.
    `devices_since` is that of the user at sign-in. If the user's value changes, the device is signed out.
    """

    id: str
    user_id: str
    name: str
    signed_in_at: datetime
    last_used_at: datetime
    expires_at: datetime
    digest: str
    secret: bytes
    number: int = 0
    devices_since: datetime | None = None
    version: int = 1

    def is_signed_in(self, user: User, now: datetime) -> bool:
        """Whether the device is still signed in, for a user who is active."""
        lasts = now < self.expires_at and self.number < MOST_REFRESHES
        return lasts and user.active and self.devices_since == user.devices_since

    def refreshed(self, digest: str, now: datetime) -> "Device":
        """The device with the next token as its newest."""
        return replace(self, digest=digest, number=self.number + 1, last_used_at=now, version=self.version + 1)


class SignedOut(Unauthenticated):
    """The calling device is signed out, although its access token has not expired yet."""

    code = "ERR_AUTH_SIGNED_OUT"
    title = "This device is signed out"


class DeviceNotFound(NotFound):
    """The caller is not signed in on such a device."""

    code = "ERR_AUTH_DEVICE_NOT_FOUND"
    title = "No such device"
