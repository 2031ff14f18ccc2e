"""People: who they are, what their role lets them do, and how their names compare."""

import unicodedata
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from chalicelib.domain.errors import Conflict, Forbidden, NotFound, Unauthenticated


class Role(StrEnum):
    """What somebody does on the floor."""

    ADMIN = "admin"
    PLANNER = "planner"
    WORKER = "worker"


ADMIN = frozenset({Role.ADMIN})
PLANNING = frozenset({Role.ADMIN, Role.PLANNER})
EVERYONE = frozenset(Role)

# The one table of who may do what. No role contains another: each action names all of its roles.
PERMISSIONS: dict[str, frozenset[Role]] = {
    "user.register": ADMIN,
    "user.list": PLANNING,
    "user.me": EVERYONE,
    "order.create": PLANNING,
    "order.list": EVERYONE,
    "order.read": EVERYONE,
    "stage.list": EVERYONE,
    "stage.read": EVERYONE,
    "stage.assign": PLANNING,
    "stage.start": EVERYONE,
    "stage.pause": EVERYONE,
    "stage.report": EVERYONE,
    "stage.done": EVERYONE,
    "stage.book": EVERYONE,
    "issue.report": EVERYONE,
    "issue.read": EVERYONE,
    "machine.create": PLANNING,
    "machine.read": EVERYONE,
    "reading.send": PLANNING,
    "reading.read": EVERYONE,
    "quarantine.read": ADMIN,
    "metrics.read": EVERYONE,
    "metrics.daily": PLANNING,
}


@dataclass(frozen=True)
class User:
    """A person of the plant. `username` is as they write it; `login_name` is how names are compared."""

    id: str
    username: str
    role: Role
    created_at: datetime
    full_name: str | None = None
    email: str | None = None
    active: bool = True


@dataclass(frozen=True)
class Login:
    """What sign-in needs in one read: the person and the hash of their password."""

    user: User
    password_hash: str


@dataclass(frozen=True)
class Actor:
    """Who is calling, as their token says."""

    tenant: str
    user_id: str
    role: Role

    @property
    def plans(self) -> bool:
        """Whether this is a planner or an admin: somebody who acts for others too."""
        return self.role in PLANNING

    def may(self, action: str) -> bool:
        """Whether this actor's role is named for the action."""
        return self.role in PERMISSIONS[action]


class BadCredentials(Unauthenticated):
    """Username or password is wrong; which of them is nobody's business."""

    code = "ERR_AUTH_BAD_CREDENTIALS"
    title = "Username or password is wrong"


class InactiveAccount(Forbidden):
    """The right password of an account that is not active."""

    code = "ERR_AUTH_INACTIVE"
    title = "This account is not active"


class ActionForbidden(Forbidden):
    """The actor's role is not named for the action."""

    code = "ERR_AUTH_FORBIDDEN"
    title = "Your role may not do this"


class UsernameTaken(Conflict):
    """Somebody has this name already, in whatever spelling."""

    code = "ERR_USER_USERNAME_TAKEN"
    title = "This username is taken"


class UserNotFound(NotFound):
    """There is no such person."""

    code = "ERR_USER_NOT_FOUND"
    title = "No such user"


def login_name(username: str) -> str:
    """Give the form in which usernames are compared: NFKC and without case."""
    return unicodedata.normalize("NFKC", username).casefold()


def authorize(actor: Actor, action: str) -> None:
    """Refuse an action that the actor's role is not named for. Raises ActionForbidden."""
    if not actor.may(action):
        roles = ", ".join(sorted(PERMISSIONS[action]))
        raise ActionForbidden(f"{action} is for {roles}; you are signed in as {actor.role}.")
