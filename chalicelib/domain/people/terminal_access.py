"""How a person signs in at terminals: by a PIN, or by a badge."""

import hmac
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import pairwise

from chalicelib.domain.errors import Conflict, FieldError, Forbidden, Unauthenticated
from chalicelib.domain.kept import KEPT, Kept
from chalicelib.domain.people.permissions import ActionForbidden
from chalicelib.domain.people.users import NO_USER, Actor, Role, User, UserNotFound
from chalicelib.domain.sentences import say
from chalicelib.domain.text import folded

# A PIN of four digits has ten thousand values. Nobody may try more of them than this without a right one.
MOST_WRONG_PINS = 10
PIN = r"[0-9]{4,8}"
SECRET_BYTES = 32
SAME_AS_LOCKED = FieldError("pin", say("must differ from the PIN that is locked"), "unchanged")


@dataclass(frozen=True)
class TerminalAccess:
    """How a person signs in at terminals. `version` 0 is one that is not stored yet.

    `badge` is a keyed digest of the code of their badge. `wrong_pins` counts the wrong PINs since the last right one.
    """

    user_id: str
    pin_hash: str | None = None
    badge: str | None = None
    wrong_pins: int = 0
    version: int = 0

    @property
    def pin_locked(self) -> bool:
        """Whether the PIN was guessed at too often. A new PIN ends this."""
        return self.wrong_pins >= MOST_WRONG_PINS

    def tried(self, *, right: bool) -> "TerminalAccess":
        """The same after a PIN was tried."""
        return replace(self, wrong_pins=0 if right else self.wrong_pins + 1, version=self.version + 1)

    def with_pin(self, pin_hash: str | None) -> "TerminalAccess":
        """The same with another PIN, or with none."""
        return replace(self, pin_hash=pin_hash, wrong_pins=0)


@dataclass(frozen=True)
class BadgeSecret:
    """The secret with which the badges of a tenant are digested. It never changes, or no badge would be found."""

    secret: bytes

    def digest(self, code: str) -> str:
        """The digest by which a badge is found. Its letters may be in upper or lower case, as readers send them."""
        return hmac.digest(self.secret, folded(code).encode(), "sha256").hex()


@dataclass(frozen=True)
class ChangeTerminalAccess:
    """What to change: the PIN, the code of the badge. What is KEPT stays, what is None is taken away."""

    pin: str | Kept | None = KEPT
    badge: str | Kept | None = KEPT


class BadTerminalCredentials(Unauthenticated):
    """The name, the PIN or the badge is wrong. For security the answer does not say which."""

    code = "ERR_TERMINAL_BAD_CREDENTIALS"
    title = "Name, PIN or badge is wrong"


class PinLocked(Forbidden):
    """The PIN is right, but too many wrong ones were tried before."""

    code = "ERR_TERMINAL_PIN_LOCKED"
    title = "This PIN is locked"


class BadgeTaken(Conflict):
    """Somebody else has this badge."""

    code = "ERR_TERMINAL_BADGE_TAKEN"
    title = "This badge belongs to somebody else"


def pin_errors(pin: str) -> Iterator[FieldError]:
    """The field errors of a new PIN of 4 to 8 digits. It must be none of those that people guess first."""
    steps = {(int(after) - int(before)) % 10 for before, after in pairwise(pin)}
    repeated = any(pin == pin[:size] * (len(pin) // size) for size in range(1, len(pin) // 2 + 1))
    if repeated or steps in ({1}, {9}):
        yield FieldError("pin", say("must not be the same digits again and again, or digits in a row"), "too_easy")


def refuse_change(actor: Actor, user_id: str, owner: User | None, wanted: ChangeTerminalAccess) -> User:
    """The person whose access the actor may change. Raises UserNotFound, ActionForbidden.

    Workers choose their own PIN. Planners also give badges, to workers and to themselves; admins to everybody. A worker
    may not choose a badge: the answer that another has it would help to guess.
    """
    own = user_id == actor.user_id
    if owner is None or not (own or actor.plans):
        raise UserNotFound(say(NO_USER, user_id=user_id))
    if not own and owner.role is not Role.WORKER and actor.role is not Role.ADMIN:
        raise ActionForbidden(say("Only an admin may do this for a {role}.", role=owner.role.value))
    if wanted.badge is not KEPT and not actor.plans:
        raise ActionForbidden(say("A planner or an admin gives you a badge."))
    return owner
