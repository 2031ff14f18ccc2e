"""Machine keys: with its key a machine sends its own readings over HTTP, and can do nothing else."""

from dataclasses import dataclass

from chalicelib.domain.errors import Forbidden, NotFound, Unauthenticated
from chalicelib.domain.people import issued_keys
from chalicelib.domain.people.issued_keys import IssuedKey, KeyText
from chalicelib.domain.sentences import say

MACHINE = "machine"
ASK_FOR_ANOTHER = say("A planner or an admin makes another with POST /machines/{{id}}/keys.")


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
class NewMachineKey:
    """A key to make: the name under which people know it, such as that of the gateway that gets it."""

    name: str


@dataclass(frozen=True, kw_only=True)
class MachineKey(IssuedKey):
    """A key of a machine."""

    machine_id: str


@dataclass(frozen=True)
class KeyHolder:
    """The machine that sent a valid key."""

    tenant: str
    machine_id: str
    key_id: str


def read(text: str) -> KeyText:
    """The parts of a key. Raises MachineKeyInvalid if the text is not one."""
    sent = issued_keys.read(text, MACHINE)
    if sent is None:
        raise MachineKeyInvalid(ASK_FOR_ANOTHER)
    return sent
