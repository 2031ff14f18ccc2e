"""The doors of people: signing in, registering, looking people up."""

from chalicelib.schemas.users import ListUsers, NewUser, SignedInOut, SignIn, user_out
from chalicelib.services import users
from chalicelib.services.idempotency import Answer
from functions._endpoint import Call, Doors, Visit, listing

doors = Doors(__name__)


@doors.public("POST", "/auth/login", body=SignIn)
def sign_in(visit: Visit) -> Answer:
    """Sign in: a token to call with, for so many seconds."""
    signed_in = users.sign_in(visit.body.username, visit.body.password)
    shown = SignedInOut(
        access_token=signed_in.access_token, expires_in=signed_in.expires_in, user=user_out(signed_in.user)
    )
    return Answer(shown.plain())


@doors.route("POST", "/auth/register", action="user.register", body=NewUser, location="/auth/users/{id}")
def register_user(call: Call) -> Answer:
    """Register somebody, active at once."""
    new = users.NewUser(**vars(call.body))
    return users.register(call.actor, new, call.request, lambda user: user_out(user).plain())


@doors.route("GET", "/auth/me", action="user.me")
def read_me(call: Call) -> Answer:
    """Who am I."""
    return Answer(user_out(users.read(call.actor, call.actor.user_id)).plain())


@doors.route("GET", "/auth/users", action="user.list", query=ListUsers)
def list_users(call: Call) -> Answer:
    """List people; `username` finds one."""
    found = users.page(call.actor, username=call.query.username, limit=call.query.limit, cursor=call.query.cursor)
    return listing([user_out(user).plain() for user in found.items], found.next_cursor)


@doors.route("GET", "/auth/users/{user_id}", action="user.list")
def read_user(call: Call, user_id: str) -> Answer:
    """Read a person."""
    return Answer(user_out(users.read(call.actor, user_id)).plain())
