"""Users, their roles, and the permissions of each role."""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from chalicelib.domain.errors import Conflict, Forbidden, NotFound
from chalicelib.domain.instants import MILLISECOND
from chalicelib.domain.kept import KEPT, Kept
from chalicelib.domain.sentences import say


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

# The one table of who may do what. No role contains another: each action names all of its roles.
PERMISSIONS: dict[str, frozenset[Role]] = {
    "user.me": EVERYONE,
    "home.read": EVERYONE,
    "scan.read": EVERYONE,
    "user.password": EVERYONE,
    "user.logout": EVERYONE,
    "user.devices": EVERYONE,
    "user.list": PLANNING,
    "user.register": ADMIN,
    "user.change": ADMIN,
    "user.role": ADMIN,
    "user.reset_password": ADMIN,
    "event.list": ADMIN,
    "terminal.create": PLANNING,
    "terminal.list": PLANNING,
    "terminal.revoke": PLANNING,
    "terminal_access.read": EVERYONE,
    "terminal_access.change": EVERYONE,
    "order.create": PLANNING,
    "order.list": EVERYONE,
    "order.read": EVERYONE,
    "order.replan": PLANNING,
    "order.hold": PLANNING,
    "order.cancel": PLANNING,
    "order.history": PLANNING,
    "stage.list": EVERYONE,
    "stage.read": EVERYONE,
    "stage.replan": PLANNING,
    "stage.assign": PLANNING,
    "stage.skip": PLANNING,
    "stage.reopen": PLANNING,
    "stage.start": EVERYONE,
    "stage.pause": EVERYONE,
    "stage.report": EVERYONE,
    "stage.done": EVERYONE,
    "stage.book": EVERYONE,
    "stage.correct": EVERYONE,
    "stage.close_sessions": PLANNING,
    "session.list": EVERYONE,
    "command.sync": EVERYONE,
    "issue.report": EVERYONE,
    "issue.read": EVERYONE,
    "issue.change": EVERYONE,
    "issue.attach": EVERYONE,
    "notification.read": EVERYONE,
    "escalation.read": PLANNING,
    "escalation.change": ADMIN,
    "machine.create": PLANNING,
    "machine.change": PLANNING,
    "machine.history": PLANNING,
    "machine.read": EVERYONE,
    "machine_key.create": PLANNING,
    "machine_key.list": PLANNING,
    "machine_key.revoke": PLANNING,
    "screen.create": PLANNING,
    "screen.list": PLANNING,
    "screen.revoke": PLANNING,
    "board.read": PLANNING,
    "reading.send": PLANNING,
    "reading.read": EVERYONE,
    "stop.explain": EVERYONE,
    "quarantine.read": ADMIN,
    "quarantine.clear": ADMIN,
    "metrics.read": EVERYONE,
    "meta.read": EVERYONE,
    "calendar.read": EVERYONE,
    "calendar.change": PLANNING,
    "route.read": EVERYONE,
    "route.change": PLANNING,
    "product.create": PLANNING,
    "product.change": PLANNING,
    "product.history": PLANNING,
    "product.read": EVERYONE,
    "product.standards": PLANNING,
    "metrics.daily": PLANNING,
    "metrics.summary": PLANNING,
    "export.read": PLANNING,
    "metrics.hourly": PLANNING,
    "metrics.pareto": PLANNING,
    "webhook.read": ADMIN,
    "webhook.change": ADMIN,
    "webhook.send": ADMIN,
}

# What nobody may do on a shared device: it is about their account, and the device may still be theirs by mistake.
NOT_AT_TERMINALS = frozenset({"user.password", "user.devices", "terminal_access.change"})
# The actions that a user with a one-time password may do before they change it.
BEFORE_A_NEW_PASSWORD = frozenset({"user.me", "user.password", "user.logout"})


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
    """The caller, as their token says: tenant, user, role and device, or the terminal where they signed in."""

    tenant: str
    user_id: str
    role: Role
    device_id: str = ""
    must_change_password: bool = False
    terminal_id: str | None = None

    @property
    def plans(self) -> bool:
        """Whether this is a planner or an admin, who may act for others."""
        return self.role in PLANNING

    def may(self, action: str) -> bool:
        """Whether the actor's role has the permission for the action."""
        return self.role in PERMISSIONS[action]


class ActionForbidden(Forbidden):
    """The caller's role may not do this."""

    code = "ERR_AUTH_FORBIDDEN"
    title = "Your role may not do this"


class PasswordChangeRequired(Forbidden):
    """The caller signed in with a one-time password and must change it first."""

    code = "ERR_AUTH_PASSWORD_CHANGE_REQUIRED"
    title = "Change your password first"


class NotAtTerminals(ActionForbidden):
    """The caller signed in at a shared terminal, where nobody may change their own account."""

    code = "ERR_AUTH_NOT_AT_TERMINALS"
    title = "Do this on a device of your own"


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


def authorize(actor: Actor, action: str) -> None:
    """Refuse an action that the actor may not do, or not there, or not yet.

    Raises ActionForbidden, NotAtTerminals, PasswordChangeRequired.
    """
    if not actor.may(action):
        roles = sorted(PERMISSIONS[action])
        form = "{action} is for {roles}; you are signed in as {role}."
        raise ActionForbidden(say(form, action=action, roles=roles, role=actor.role.value))
    if actor.terminal_id is not None and action in NOT_AT_TERMINALS:
        raise NotAtTerminals(say("Sign in with your password on your own device."))
    if actor.must_change_password and action not in BEFORE_A_NEW_PASSWORD:
        raise PasswordChangeRequired(
            say("Until then you can only read GET /auth/me, change the password and sign out.")
        )
