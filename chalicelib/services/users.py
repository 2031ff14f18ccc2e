"""People: signing in and registering."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from chalicelib import clock, ids, passwords, settings, tokens
from chalicelib.domain.errors import FieldError, InvalidFields
from chalicelib.domain.tenants import DEFAULT_TENANT
from chalicelib.domain.users import (
    ADMIN,
    PERMISSIONS,
    ActionForbidden,
    Actor,
    BadCredentials,
    InactiveAccount,
    Login,
    Role,
    User,
    UserNotFound,
    authorize,
    login_name,
)
from chalicelib.services.creations import Prepared, create
from chalicelib.services.idempotency import Answer, Request
from chalicelib.services.pages import Listing, listed
from chalicelib.storage import users

SYSTEM = Actor(DEFAULT_TENANT, "system", Role.ADMIN)


@dataclass(frozen=True)
class NewUser:
    """Somebody to register."""

    username: str
    password: str
    full_name: str | None = None
    email: str | None = None
    role: Role = Role.WORKER


@dataclass(frozen=True)
class SignedIn:
    """A person and the token they may call with, for so many seconds."""

    user: User
    access_token: str
    expires_in: int


def sign_in(username: str, password: str) -> SignedIn:
    """Let somebody in. One read, and one bcrypt check also for a name that does not exist.

    Raises BadCredentials; InactiveAccount only after the right password.
    """
    env = settings.current()
    login = users.find_login(DEFAULT_TENANT, username)
    right = passwords.matches(password, login.password_hash if login else None, env.bcrypt_cost)
    if login is None or not right:
        raise BadCredentials("Check both, and try again.")
    if not login.user.active:
        raise InactiveAccount("An admin can activate it.")
    token = tokens.issue(login.user, settings.signing_keys(), clock.now(), env.token_minutes)
    return SignedIn(login.user, token, env.token_minutes * 60)


def authenticate(token: str, action: str) -> Actor:
    """Tell who calls, without a look at the table, and whether they may do this.

    What only an admin may do asks the table for the admin as of now: a demotion takes effect at once.
    Raises TokenInvalid, TokenExpired, ActionForbidden.
    """
    actor = tokens.read(token, settings.signing_keys(), clock.now())
    authorize(actor, action)
    if PERMISSIONS[action] == ADMIN:
        present = users.find(actor.tenant, actor.user_id)
        if present is None or not present.active:
            raise ActionForbidden("This account is not active any more; an admin can activate it.")
        authorize(replace(actor, role=present.role), action)
    return actor


def register(actor: Actor, new: NewUser, request: Request, present: Callable[[User], Any]) -> Answer:
    """Register somebody, active at once. Raises UsernameTaken, InvalidFields."""

    def prepare() -> Prepared:
        user, login = _registered(new)
        puts, taken = users.creation(actor.tenant, login)
        return Answer(present(user), created=True), puts, taken

    # Nothing derived from a password is kept but its bcrypt hash: it is no part of what makes the request the same.
    return create(actor, "register", replace(new, password=""), request, prepare)


def create_admin(username: str, password: str) -> User:
    """Make an admin from the command line, where nobody can sign in yet. Raises UsernameTaken, InvalidFields."""
    made: list[User] = []
    register(SYSTEM, NewUser(username, password, role=Role.ADMIN), Request(), made.append)
    return made[0]


def read(actor: Actor, user_id: str) -> User:
    """Read a person as of now. Raises UserNotFound."""
    user = users.find(actor.tenant, user_id)
    if user is None:
        raise UserNotFound(f"There is no user {user_id}.")
    return user


def page(actor: Actor, *, username: str | None, limit: int, cursor: str | None) -> Listing[User]:
    """A page of people; by name it holds the one who has it."""
    if username is not None:
        login = users.find_login(actor.tenant, username)
        return Listing([login.user] if login else [], None)
    return listed(users.page(actor.tenant, limit=limit, cursor=cursor, filters=None), User)


def _registered(new: NewUser) -> tuple[User, Login]:
    """Check a password against the rules and make the person. Raises InvalidFields."""
    errors = list(_password_errors(new.password, new.username))
    if errors:
        raise InvalidFields(errors)
    user = User(
        id=ids.new(),
        username=new.username,
        role=new.role,
        created_at=clock.now(),
        full_name=new.full_name,
        email=new.email,
    )
    return user, Login(user, passwords.hashed(new.password, settings.current().bcrypt_cost))


def _password_errors(password: str, username: str) -> list[FieldError]:
    """What is wrong with a password; bcrypt itself looks at 72 bytes at most."""
    errors = []
    if len(password) < passwords.MIN_CHARACTERS:
        message = f"must have at least {passwords.MIN_CHARACTERS} characters"
        errors.append(FieldError("password", message, "too_short"))
    if len(password.encode(errors="surrogatepass")) > passwords.MAX_BYTES:
        errors.append(FieldError("password", f"must be at most {passwords.MAX_BYTES} bytes in UTF-8", "too_long"))
    if login_name(username) in login_name(password):
        errors.append(FieldError("password", "must not contain the username", "contains_username"))
    return errors
