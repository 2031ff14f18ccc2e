"""Terminals: shared devices, such as a tablet on the floor, at which people sign in by a PIN or a badge."""

from dataclasses import dataclass

from chalicelib.domain.errors import NotFound, Unauthenticated
from chalicelib.domain.people import issued_keys
from chalicelib.domain.people.issued_keys import IssuedKey, KeyText
from chalicelib.domain.sentences import say

TERMINAL = "terminal"
ASK_FOR_ANOTHER = "A planner or an admin enrols it again with POST /terminals."


@dataclass(frozen=True)
class NewTerminal:
    """A terminal to enrol, and its name, such as where it stands."""

    name: str


@dataclass(frozen=True, kw_only=True)
class Terminal(IssuedKey):
    """A terminal with its key."""


class TerminalNotFound(NotFound):
    """There is no such terminal."""

    code = "ERR_TERMINAL_NOT_FOUND"
    title = "No such terminal"


class TerminalKeyInvalid(Unauthenticated):
    """Takip did not issue this key of a terminal, or it was revoked."""

    code = "ERR_TERMINAL_KEY_INVALID"
    title = "The key of the terminal is not valid"


def read(text: str) -> KeyText:
    """The parts of a key. Raises TerminalKeyInvalid if the text is not one."""
    sent = issued_keys.read(text, TERMINAL)
    if sent is None:
        raise TerminalKeyInvalid(say(ASK_FOR_ANOTHER))
    return sent
