"""What each role may do, by action, and refusing an action that the caller may not do."""

from chalicelib.domain.errors import Forbidden
from chalicelib.domain.people.users import ADMIN, EVERYONE, PLANNING, Actor, Role
from chalicelib.domain.sentences import say

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


def authorize(actor: Actor, action: str) -> None:
    """Refuse an action that the actor may not do, or not there, or not yet.

    Raises ActionForbidden, NotAtTerminals, PasswordChangeRequired.
    """
    if actor.role not in PERMISSIONS[action]:
        roles = sorted(PERMISSIONS[action])
        form = "{action} is for {roles}; you are signed in as {role}."
        raise ActionForbidden(say(form, action=action, roles=roles, role=actor.role.value))
    if actor.terminal_id is not None and action in NOT_AT_TERMINALS:
        raise NotAtTerminals(say("Sign in with your password on your own device."))
    if actor.must_change_password and action not in BEFORE_A_NEW_PASSWORD:
        raise PasswordChangeRequired(
            say("Until then you can only read GET /auth/me, change the password and sign out.")
        )
