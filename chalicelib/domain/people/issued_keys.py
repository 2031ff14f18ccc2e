"""Keys of things that have no password, such as machines and screens: their text, their use and their end."""

import hmac
import re
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Self

from chalicelib.domain.digests import digest

SECRET_BYTES = 32
# As `tenants.TENANT_ID` and the ids of the API have it; both stand above this room.
_TENANT, _ID, _SECRET = r"[a-z0-9][a-z0-9_-]{0,63}", r"[A-Za-z0-9_-]{1,64}", r"[A-Za-z0-9_-]{43}"
FORM = rf"takip-([a-z]+)\.({_TENANT})\.({_ID})\.({_ID})\.({_SECRET})"


@dataclass(frozen=True)
class KeyText:
    """The parts of a key as it is sent. `holder_id` is the id of what the key is for, such as a machine."""

    kind: str
    tenant: str
    holder_id: str
    key_id: str
    secret: str

    def __str__(self) -> str:
        """The key in the form in which it is shown, once."""
        return f"takip-{self.kind}.{self.tenant}.{self.holder_id}.{self.key_id}.{self.secret}"

    @property
    def digest(self) -> str:
        """The SHA-256 of the key, which is what is stored. The key has 256 random bits, so no slow hash is needed."""
        return digest(str(self).encode(), bits=256)


@dataclass(frozen=True, kw_only=True)
class IssuedKey:
    """A key that was made for something. `name` is how people know it. A revoked key stays in its list.

    `last_used_on` is a day (UTC) and no instant, so that it is written once a day.
    """

    id: str
    name: str
    digest: str
    created_at: datetime
    created_by: str
    last_used_on: date | None = None
    revoked_at: datetime | None = None
    version: int = 1

    def is_shown_by(self, text: KeyText) -> bool:
        """Whether this key was sent, and is not revoked. Takes the same time for every wrong secret."""
        return hmac.compare_digest(self.digest, text.digest) and self.revoked_at is None

    def used(self, day: date) -> Self:
        """The key after it was used on a day. The same key if that is known."""
        known = self.last_used_on is not None and self.last_used_on >= day
        return self if known else replace(self, last_used_on=day, version=self.version + 1)

    def revoked(self, at: datetime) -> Self:
        """The key after it was revoked."""
        return replace(self, revoked_at=at, version=self.version + 1)


def read(text: str, kind: str) -> KeyText | None:
    """The parts of a key of a kind; None if the text is not one."""
    match = re.fullmatch(FORM, text)
    return KeyText(*match.groups()) if match is not None and match.group(1) == kind else None
