"""The doors of users: registering, reading and changing them."""

from http import HTTPStatus

from chalicelib.domain.errors import Conflict, FieldError, NotFound, Throttled, refuse
from chalicelib.domain.people.users import User
from chalicelib.domain.sentences import say
from chalicelib.domain.tenants import DEFAULT_TENANT
from chalicelib.schemas.users import ChangeRole, ChangeUser, ListUsers, NewUser, PasswordResetOut, UserOut, user_out
from chalicelib.services.idempotency import Answer
from chalicelib.services.people import user_changes, users
from chalicelib.services.people.users import UserFilters
from functions._endpoint import Call, Doors, Visit, page_of
from functions._rules import ListOf

doors = Doors(__name__)


@doors.route("GET", "/auth/me", action="user.me", answers=UserOut, refuses=(NotFound,))
def read_me(call: Call) -> Answer:
    """Read your own user."""
    return Answer(_shown(users.read(call.actor, call.actor.user_id)))


@doors.route(
    "POST",
    "/auth/register",
    action="user.register",
    strangers=True,
    body=NewUser,
    answers=UserOut,
    statuses=(HTTPStatus.CREATED,),
    refuses=(Conflict, Throttled),
    location="/auth/users/{id}",
)
def register_user(visit: Visit) -> Answer:
    """Register a user, active at once; without a token register yourself, if the tenant allows it."""
    tenant, new = visit.body.tenant, visit.body.payload()
    if not isinstance(visit, Call):
        return users.register_myself(tenant or DEFAULT_TENANT, new, visit.source, visit.request, _shown)
    if tenant is not None:
        refuse([FieldError("tenant", say("must be left out; it is always your own tenant"), "not_allowed")])
    return users.register(visit.actor, new, visit.request, _shown)


@doors.route("GET", "/auth/users", action="user.list", query=ListUsers, answers=ListOf(UserOut))
def list_users(call: Call) -> Answer:
    """List users; filter by name, role or active."""
    query = call.query
    filters = UserFilters(query.username, query.role, query.active)
    page = users.page(call.actor, filters, limit=query.limit, cursor=query.cursor)
    return page_of(map(user_out, page.items), page.next_cursor)


@doors.route("GET", "/auth/users/{user_id}", action="user.list", answers=UserOut)
def read_user(call: Call, user_id: str) -> Answer:
    """Read a user."""
    return Answer(_shown(users.read(call.actor, user_id)))


@doors.route(
    "PATCH",
    "/auth/users/{user_id}",
    action="user.change",
    body=ChangeUser,
    answers=UserOut,
    refuses=(Conflict,),
)
def change_user(call: Call, user_id: str) -> Answer:
    """Change a user's full name, email, phone or active flag; an inactive user is signed out everywhere."""
    return user_changes.change(call.actor, user_id, call.body.payload(), call.request, _shown)


@doors.route(
    "PATCH",
    "/auth/users/{user_id}/role",
    action="user.role",
    body=ChangeRole,
    answers=UserOut,
    refuses=(Conflict,),
)
def change_role(call: Call, user_id: str) -> Answer:
    """Change the role of a user."""
    return user_changes.change_role(call.actor, user_id, call.body.role, call.request, _shown)


@doors.route(
    "POST",
    "/auth/users/{user_id}/password",
    action="user.reset_password",
    answers=PasswordResetOut,
    refuses=(Conflict,),
)
def reset_password(call: Call, user_id: str) -> Answer:
    """Give a user a one-time password, shown only in this answer; they must change it first."""
    return user_changes.reset_password(call.actor, user_id, call.request, _shown)


def _shown(user: User) -> dict[str, object]:
    return user_out(user).plain()
