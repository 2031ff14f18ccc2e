"""Machine keys: with its key a machine sends its own readings over HTTP, and can do nothing else."""

import hmac
import re
from dataclasses import dataclass, replace
from datetime import date, datetime

from chalicelib.domain.digests import digest
from chalicelib.domain.errors import Forbidden, NotFound, Unauthenticated
from chalicelib.domain.tenants import TENANT_ID

SECRET_BYTES = 32
ASK_FOR_ANOTHER = "A planner or an admin makes another with POST /machines/{id}/keys."
_NAME = r"[A-Za-z0-9_-]{1,64}"
_FORM = re.compile(rf"takip-machine\.({TENANT_ID})\.({_NAME})\.({_NAME})\.([A-Za-z0-9_-]{{43}})")


class MachineKeyInvalid(Unauthenticated):
    """Takip did not issue this machine key, or it was revoked."""

    code = "ERR_MACHINE_KEY_INVALID"
    title = "The machine key is not valid"


class MachineKeyOfAnother(Forbidden):
    """The machine key belongs to another machine than the path names."""

    code = "ERR_MACHINE_KEY_OF_ANOTHER"
    title = "This key is for another machine"


class MachineKeyNotFound(NotFound):
    """The machine has no such key."""

    code = "ERR_MACHINE_KEY_NOT_FOUND"
    title = "No such key"


@dataclass(frozen=True)
class KeyText:
    """The parts of a key as a machine sends it."""

    tenant: str
    machine_id: str
    key_id: str
    secret: str

    def __str__(self) -> str:
        """The key in the form that a machine gets, once."""
        return f"takip-machine.{self.tenant}.{self.machine_id}.{self.key_id}.{self.secret}"

    @property
    def digest(self) -> str:
        """The SHA-256 of the key, which is what is stored. The key has 256 random bits, so no slow hash is needed."""
        return digest(str(self).encode(), bits=256)


@dataclass(frozen=True)
class NewMachineKey:
    """A key to make: the name under which people know it, such as that of the gateway that gets it."""

    name: str


@dataclass(frozen=True)
class MachineKey:
    """A key of a machine. A revoked key stays in the list.

    `last_used_on` is a day (UTC) and no instant, so that it is written once a day.
    """

    id: str
    machine_id: str
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

    def used(self, day: date) -> "MachineKey":
        """The key after it was used on a day. The same key if that is known."""
        known = self.last_used_on is not None and self.last_used_on >= day
        return self if known else replace(self, last_used_on=day, version=self.version + 1)

    def revoked(self, at: datetime) -> "MachineKey":
        """The key after it was revoked."""
        return replace(self, revoked_at=at, version=self.version + 1)


@dataclass(frozen=True)
class KeyHolder:
    """The machine that sent a valid key."""

    tenant: str
    machine_id: str
    key_id: str


def read(text: str) -> KeyText:
    """The parts of a key. Raises MachineKeyInvalid if the text is not one."""
    match = _FORM.fullmatch(text)
    if match is None:
        raise MachineKeyInvalid(ASK_FOR_ANOTHER)
    return KeyText(*match.groups())
