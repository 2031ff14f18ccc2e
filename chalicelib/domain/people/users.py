"""Users, their roles, and who is calling."""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from chalicelib.domain.errors import Conflict, NotFound
from chalicelib.domain.instants import MILLISECOND
from chalicelib.domain.kept import KEPT, Kept


class Role(StrEnum):
    """What a user does in the plant."""

    ADMIN = "admin"
    PLANNER = "planner"
    WORKER = "worker"


NO_USER = "There is no user {user_id}."
ADMIN = frozenset({Role.ADMIN})
PLANNING = frozenset({Role.ADMIN, Role.PLANNER})
TAKIP = "takip"  # who does what nobody did
EVERYONE = frozenset(Role)


@dataclass(frozen=True)
class User:
    """A user of a plant. `username` is as they typed it; `login_name` gives the form for comparing.

    A device stays signed in as long as `devices_since` is the value that it was at sign-in.
    """

    id: str
    username: str
    role: Role
    created_at: datetime
    full_name: str | None = None
    email: str | None = None
    active: bool = True
    must_change_password: bool = False
    devices_since: datetime | None = None
    version: int = 1
    erased_at: datetime | None = None
    phone: str | None = None

    @property
    def name(self) -> str:
        """The name to show: the full name, or the username if there is none."""
        return self.full_name or self.username

    @property
    def administers(self) -> bool:
        """Whether this is an active admin."""
        return self.active and self.role is Role.ADMIN

    def without_devices(self, now: datetime) -> "User":
        """The same user, signed out everywhere."""
        since = self.devices_since
        return replace(self, devices_since=now if since is None else max(now, since + MILLISECOND))


@dataclass(frozen=True)
class NewUser:
    """A user to register. Without a password, a one-time password is generated, which the user must change."""

    username: str
    password: str | None = None
    full_name: str | None = None
    email: str | None = None
    role: Role = Role.WORKER
    phone: str | None = None


@dataclass(frozen=True)
class ChangeUser:
    """The fields of a user to change. A field that is KEPT stays; a name, an address or a number of None is cleared."""

    full_name: str | Kept | None = KEPT
    email: str | Kept | None = KEPT
    phone: str | Kept | None = KEPT
    active: bool | Kept = KEPT


@dataclass(frozen=True)
class Actor:
    """The caller, as their token says: tenant, user, role and device, or the terminal where they signed in.

    `lasting`: of an app that cannot refresh its token, so that what the token says is looked up.
    """

    tenant: str
    user_id: str
    role: Role
    device_id: str = ""
    must_change_password: bool = False
    terminal_id: str | None = None
    lasting: bool = False

    @property
    def plans(self) -> bool:
        """Whether this is a planner or an admin, who may act for others."""
        return self.role in PLANNING


class UsernameTaken(Conflict):
    """Another user has this name. Upper and lower case, the dotted and the dotless i, and NFKC forms are the same."""

    code = "ERR_USER_USERNAME_TAKEN"
    title = "This username is taken"


class OwnPassword(Conflict):
    """An admin cannot reset their own password, only those of others."""

    code = "ERR_USER_OWN_PASSWORD"
    title = "You cannot reset your own password"


class UserNotFound(NotFound):
    """There is no such user."""

    code = "ERR_USER_NOT_FOUND"
    title = "No such user"
