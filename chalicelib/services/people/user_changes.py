"""What an admin changes about people: names and activity, roles, a password that was forgotten."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from chalicelib import clock, passwords
from chalicelib.domain.kept import given
from chalicelib.domain.people.credentials import Login
from chalicelib.domain.people.security_events import EventKind
from chalicelib.domain.people.users import Actor, ChangeUser, OwnPassword, Role, UserNotFound
from chalicelib.services import events
from chalicelib.services.idempotency import Answer, Request
from chalicelib.services.people.users import Present, read
from chalicelib.services.transactions import Prepared, carry_out
from chalicelib.storage.people import users


@dataclass(frozen=True)
class Decided:
    """The login as it becomes, the event that tells of it if one does, and the event's detail."""

    login: Login
    kind: EventKind | None = None
    detail: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class UserChange:
    """A change of a person: its name, what was asked for, how it is decided, and what is shown once of it."""

    name: str
    payload: object
    decide: Callable[[Login, datetime], Decided]
    shown_once: Mapping[str, str] = field(default_factory=dict)


def change(actor: Actor, user_id: str, wanted: ChangeUser, request: Request, present: Present) -> Answer:
    """Change the names of somebody, their address, or whether they are active; inactive means signed out everywhere.

    Raises UserNotFound, LastAdmin.
    """

    def decide(login: Login, now: datetime) -> Decided:
        before, after = login.user, replace(login.user, **given(wanted, "full_name", "email", "active"))
        if before.active == after.active:
            return Decided(login.changed(after))
        if after.active:
            return Decided(login.changed(after), EventKind.USER_ACTIVATED)
        return Decided(login.changed(after.without_devices(now)), EventKind.USER_DEACTIVATED)

    return _carry_out(actor, user_id, UserChange("change_user", wanted, decide), request, present)


def change_role(actor: Actor, user_id: str, role: Role, request: Request, present: Present) -> Answer:
    """Give somebody another role; it counts for them from their next refresh, and at once for what only admins may.

    Raises UserNotFound, LastAdmin.
    """

    def decide(login: Login, _now: datetime) -> Decided:
        before, after = login.user.role, login.changed(replace(login.user, role=role))
        if before is role:
            return Decided(after)
        return Decided(after, EventKind.ROLE_CHANGED, {"from": before.value, "to": role.value})

    return _carry_out(actor, user_id, UserChange("change_role", role, decide), request, present)


def reset_password(actor: Actor, user_id: str, request: Request, present: Present) -> Answer:
    """Give somebody a password for once, shown in this answer only; it signs them out everywhere.

    Raises UserNotFound, OwnPassword.
    """
    if user_id == actor.user_id:
        raise OwnPassword("Change it with POST /auth/password and your current password.")
    password = passwords.one_time()
    hashed = passwords.hashed_once(password)

    def decide(login: Login, now: datetime) -> Decided:
        return Decided(login.with_given_password(hashed(), now), EventKind.PASSWORD_RESET)

    # A dry run sets none, so it shows none: somebody would read it out.
    shown_once = {} if request.dry_run else {"one_time_password": password}
    wanted = UserChange("reset_password", None, decide, shown_once)
    return _carry_out(actor, user_id, wanted, request, present)


def _carry_out(actor: Actor, user_id: str, wanted: UserChange, request: Request, present: Present) -> Answer:
    """Change a person and their login, and who the admins are where that comes out differently."""
    tenant = actor.tenant

    def prepare() -> Prepared:
        login = users.find_login(tenant, read(actor, user_id).username)
        if login is None:
            raise UserNotFound(f"There is no user {user_id}.")
        decided = wanted.decide(login, clock.now())
        user, write = decided.login.user, users.change(tenant, decided.login)
        if user.administers != login.user.administers:
            admins = users.find_admins(tenant)
            write += users.change_of_admins(tenant, admins, admins.after(user))
        happened = None
        if decided.kind:
            happened = events.event(decided.kind, user_id=user_id, actor_id=actor.user_id, detail=decided.detail)
        return Prepared(Answer(present(user), shown_once=wanted.shown_once), write, happened)

    return carry_out(actor, wanted.name, wanted.payload, request, prepare, target=user_id)
