"""Users: registering, reading and listing them."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

from chalicelib import clock, ids, passwords
from chalicelib.domain.errors import FieldError, Unauthenticated, refuse
from chalicelib.domain.people.credentials import Login
from chalicelib.domain.people.devices import Source
from chalicelib.domain.people.names import (
    email_problem,
    full_name_problem,
    login_name,
    phone_problem,
    presentable,
    trimmed,
    username_problem,
)
from chalicelib.domain.people.security_events import SYSTEM, EventKind
from chalicelib.domain.people.users import NO_USER, Actor, NewUser, Role, User, UserNotFound
from chalicelib.domain.sentences import say
from chalicelib.services import events, tenants
from chalicelib.services.idempotency import Answer, Request
from chalicelib.services.pages import ListPage, page_of
from chalicelib.services.people import throttling
from chalicelib.services.retries import until_won
from chalicelib.services.transactions import Prepared, carry_out
from chalicelib.storage import writes
from chalicelib.storage.people import users

Present = Callable[[User], Any]


@dataclass(frozen=True)
class Enrolled:
    """A user who was registered, and their one-time password."""

    user: User
    one_time_password: str


@dataclass(frozen=True)
class CarriedOver:
    """A user of another system, and their one-time password; None if they keep the one that they had there."""

    user: User
    one_time_password: str | None


@dataclass(frozen=True)
class UserFilters:
    """The filters of users: one username, a role, and whether they are active."""

    username: str | None = None
    role: Role | None = None
    active: bool | None = None

    def keeps(self, user: User) -> bool:
        """Whether a user passes the filters of role and activity."""
        return self.role in (None, user.role) and self.active in (None, user.active)


class Secret(NamedTuple):
    """What somebody signs in with: the hash, made when it is first asked for, and what is shown once of it."""

    hashed: Callable[[], str]
    shown_once: Mapping[str, str]


class RegistrationClosed(Unauthenticated):
    """This tenant does not allow self-registration; only an admin can register people."""

    code = "ERR_AUTH_REGISTRATION_CLOSED"
    title = "Only an admin can register people here"


def register(actor: Actor, new: NewUser, request: Request, present: Present) -> Answer:
    """Register a user, active at once. Raises UsernameTaken, InvalidFields."""
    return _register(actor, new, _secret(new.password), request, present)


def register_myself(tenant: str, new: NewUser, source: Source, request: Request, present: Present) -> Answer:
    """Register oneself as a worker, inactive until an admin activates the account. Each attempt is counted.

    Raises TenantClosed, RegistrationClosed if the tenant does not allow it, TooManyAttempts, UsernameTaken,
    InvalidFields.
    """
    tenants.refuse_closed(tenant)
    if not tenants.settings_of(tenant).self_registration:
        raise RegistrationClosed(say("Ask an admin to register you."))
    throttling.spend(throttling.counted(tenant, "register", new.username, source.address))
    if new.role is not Role.WORKER:
        refuse([FieldError("role", say("must be worker, or left out; an admin can change it later"), "not_allowed")])
    # Callers without a token share idempotency keys only if they register the same name.
    nobody = Actor(tenant, f"anonymous {login_name(new.username)}", Role.WORKER)
    return _register(nobody, new, _secret(new.password), request, present, source=source, active=False)


def create_admin(tenant: str, username: str, password: str) -> User:
    """Register an admin from the command line. Without a first admin, nobody can sign in.

    Raises TenantNotFound, UsernameTaken, InvalidFields.
    """
    return employ(tenant, NewUser(username, password, role=Role.ADMIN))


def employ(tenant: str, new: NewUser) -> User:
    """Register a user whom nobody signed in asks for. Raises TenantNotFound, UsernameTaken, InvalidFields."""
    user: User = register(_system(tenant), new, Request(), _themselves).data
    return user


def enrol(tenant: str, new: NewUser, *, dry_run: bool = False) -> Enrolled:
    """Register a user from the command line, with a one-time password.

    Raises TenantNotFound, UsernameTaken, InvalidFields.
    """
    answer = register(_system(tenant), new, Request(dry_run=dry_run), _themselves)
    return Enrolled(answer.data, answer.shown_once["one_time_password"])


def carry_over(tenant: str, new: NewUser, foreign_hash: str | None, *, dry_run: bool = False) -> CarriedOver:
    """Register a user of another system, who signs in with the password that they had there.

    Whose hash Takip cannot check gets a one-time password, and is inactive until an admin activates them.
    Raises TenantNotFound, UsernameTaken, InvalidFields.
    """
    carried = passwords.carried(foreign_hash) if foreign_hash else None
    secret = _secret(None) if carried is None else Secret(lambda: carried, {})
    request = Request(dry_run=dry_run)
    answer = _register(_system(tenant), new, secret, request, _themselves, active=carried is not None)
    return CarriedOver(answer.data, answer.shown_once.get("one_time_password"))


def carry_password(tenant: str, user_id: str, foreign_hash: str) -> bool:
    """Carry over the password that somebody has in another system by now, unless they signed in here since they came.

    Returns whether it was another one. Raises UserNotFound, LostRace.
    """
    carried = passwords.carried(foreign_hash)

    def attempt() -> bool:
        login = users.find_login(tenant, read(_system(tenant), user_id).username)
        if carried is None or login is None or login.password_hash == carried:
            return False
        if login.user.id != user_id or not passwords.awaits_its_owner(login.password_hash):
            return False
        writes.commit(users.rehash(tenant, replace(login, password_hash=carried)))
        return True

    return until_won(attempt)


def read(actor: Actor, user_id: str) -> User:
    """Read a user as of now. Raises UserNotFound."""
    user = users.find(actor.tenant, user_id)
    if user is None:
        raise UserNotFound(say(NO_USER, user_id=user_id))
    return user


def page(actor: Actor, filters: UserFilters, *, limit: int, cursor: str | None) -> ListPage[User]:
    """A page of users. With a username, it holds only the user who has it. Raises BadCursor."""
    if filters.username is not None:
        login = users.find_login(actor.tenant, filters.username)
        return ListPage([login.user] if login and filters.keeps(login.user) else [], None)
    wanted = [filters.role, filters.active]
    return page_of(users.page(actor.tenant, limit=limit, cursor=cursor, filters=wanted), User, filters.keeps)


def _register(
    actor: Actor,
    new: NewUser,
    secret: Secret,
    request: Request,
    present: Present,
    *,
    source: Source | None = None,
    active: bool = True,
) -> Answer:
    """Write a person, their login and, for an admin, who the admins are. From a `source` they came by themselves."""
    full_name, phone = (text and presentable(text) for text in (new.full_name, new.phone))
    new = replace(new, username=trimmed(new.username), full_name=full_name, phone=phone)

    def prepare() -> Prepared:
        refuse(list(_errors(new)))
        login = _login(new, secret, active=active)
        write = users.creation(actor.tenant, login)
        if login.user.administers:
            before = users.find_admins(actor.tenant)
            write += users.change_of_admins(actor.tenant, before, before.after(login.user))
        by = actor.user_id if source is None else None
        role = {"role": login.user.role.value}
        happened = events.event(
            EventKind.USER_REGISTERED, user_id=login.user.id, actor_id=by, source=source, detail=role
        )
        return Prepared(Answer(present(login.user), created=True, shown_once=secret.shown_once), write, happened)

    # Nothing derived from a password is kept but its bcrypt hash: it is no part of what makes the request the same.
    return carry_out(actor, "register", replace(new, password=None), request, prepare)


def _secret(password: str | None) -> Secret:
    """The secret of a password or, where none is given, of a one-time password."""
    if password is not None:
        return Secret(passwords.hashed_once(password), {})
    given = passwords.one_time()
    return Secret(passwords.hashed_once(given), {"one_time_password": given})


def _login(new: NewUser, secret: Secret, *, active: bool) -> Login:
    now = clock.now()
    user = User(ids.new(), new.username, new.role, now, new.full_name, new.email, active, phone=new.phone)
    if secret.shown_once:
        return Login(user, "").with_given_password(secret.hashed(), now)
    return Login(user, secret.hashed())


def _errors(new: NewUser) -> Iterator[FieldError]:
    """All field errors of a user to register."""
    named = {
        "username": username_problem(new.username),
        "full_name": full_name_problem(new.full_name) if new.full_name is not None else None,
        "email": email_problem(new.email) if new.email is not None else None,
        "phone": phone_problem(new.phone) if new.phone is not None else None,
    }
    yield from (FieldError(field, problem, "not_allowed") for field, problem in named.items() if problem)
    if new.password is not None:
        yield from passwords.errors(new.password, new.username)


def _system(tenant: str) -> Actor:
    """The actor of the command line."""
    return Actor(tenants.require(tenant).id, SYSTEM, Role.ADMIN)


def _themselves(user: User) -> User:
    """Show a user as they are, for the command line."""
    return user
