"""The doors of sign-in and of users for the app of the old system."""

from collections.abc import Sequence
from functools import partial

from chalicelib.domain.errors import Conflict, Forbidden, NotFound, Throttled, Unauthenticated
from chalicelib.domain.people.users import ChangeUser, User
from chalicelib.schemas.old_app import OldDoneOut
from chalicelib.schemas.old_people import (
    OldChangeMe,
    OldChangePassword,
    OldChangeRole,
    OldRegister,
    OldRegisteredOut,
    OldSignedInOut,
    OldSignIn,
    OldUserOut,
    old_user_out,
)
from chalicelib.services.idempotency import Answer
from chalicelib.services.people import old_app, sign_in, user_changes, users
from chalicelib.services.people.users import UserFilters
from functions._endpoint import Call, Doors, Visit
from functions._old import every, numbers, rows
from functions._rules import ListOf

doors = Doors(__name__)

MOST_USERS = 1_000


@doors.old(
    "POST",
    "/v0/auth/login",
    action=None,
    body=OldSignIn,
    form=True,
    answers=OldSignedInOut,
    refuses=(Unauthenticated, Forbidden, Throttled, Conflict),
)
def old_log_in(visit: Visit) -> Answer:
    """Sign in for a shift: that app cannot refresh a token."""
    tenant, username = visit.body.whose
    old_app.refuse_off(tenant)
    signed = sign_in.sign_in(tenant, username, visit.body.password, visit.source, lasting=True)
    (user,) = _shown(tenant, [signed.user])
    return Answer(OldSignedInOut(access_token=signed.access_token, expires_in=signed.expires_in, user=user).plain())


@doors.old(
    "POST",
    "/v0/auth/register",
    action="user.register",
    body=OldRegister,
    answers=OldRegisteredOut,
    refuses=(Conflict,),
)
def old_register_user(call: Call) -> Answer:
    """Register a user, active at once."""
    made = users.register(call.actor, call.body.payload(), call.request, lambda user: {"id": user.id})
    (user,) = _shown(call.tenant, [users.read(call.actor, made.data["id"])])
    return Answer(OldRegisteredOut(user=user).plain(), replayed=made.replayed)


@doors.old("GET", "/v0/auth/me", action="user.me", answers=OldUserOut, refuses=(NotFound,))
def old_read_me(call: Call) -> Answer:
    """Read your own user."""
    return _one(call, call.actor.user_id)


@doors.old(
    "PUT", "/v0/auth/me", action="user.change", body=OldChangeMe, answers=OldUserOut, refuses=(NotFound, Conflict)
)
def old_change_me(call: Call) -> Answer:
    """Change your own name, address or phone number, as an admin."""
    user_changes.change(call.actor, call.actor.user_id, call.body.payload(), call.request, _nothing)
    return _one(call, call.actor.user_id)


@doors.old(
    "POST",
    "/v0/auth/change-password",
    action="user.password",
    body=OldChangePassword,
    answers=OldDoneOut,
    refuses=(Unauthenticated, NotFound, Throttled, Conflict),
)
def old_change_password(call: Call) -> Answer:
    """Change your own password; you are signed out everywhere, and sign in again."""
    sign_in.change_password(call.actor, call.body.current_password, call.body.new_password, call.source)
    return Answer(OldDoneOut().plain())


@doors.old("GET", "/v0/auth/users", action="user.list", answers=ListOf(OldUserOut))
def old_list_users(call: Call) -> Answer:
    """List the active users."""
    found = every(partial(users.page, call.actor, UserFilters(active=True)), MOST_USERS)
    return rows(_shown(call.tenant, found))


@doors.old(
    "PATCH",
    "/v0/auth/users/{user}/role",
    action="user.role",
    body=OldChangeRole,
    answers=OldUserOut,
    refuses=(Conflict,),
)
def old_change_role(call: Call, user: str) -> Answer:
    """Change the role of a user."""
    user_changes.change_role(call.actor, user, call.body.role, call.request, _nothing)
    return _one(call, user)


@doors.old("DELETE", "/v0/auth/users/{user}", action="user.change", answers=OldDoneOut, refuses=(Conflict,))
def old_delete_user(call: Call, user: str) -> Answer:
    """Deactivate a user; what they did stays."""
    user_changes.change(call.actor, user, ChangeUser(active=False), call.request, _nothing)
    return Answer(OldDoneOut().plain())


def _one(call: Call, user_id: str) -> Answer:
    (user,) = _shown(call.tenant, [users.read(call.actor, user_id)])
    return Answer(user.plain())


def _shown(tenant: str, people: Sequence[User]) -> list[OldUserOut]:
    known = numbers(tenant, "user", (user.id for user in people))
    return [old_user_out(user, known) for user in people]


def _nothing(_: User) -> dict[str, object]:
    """The answer is read afterwards."""
    return {}
