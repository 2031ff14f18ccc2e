"""Changes of users by an admin: names, address, phone, activity, role and password."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from chalicelib import clock, passwords
from chalicelib.domain.kept import given
from chalicelib.domain.people.credentials import Login
from chalicelib.domain.people.security_events import EventKind
from chalicelib.domain.people.users import NO_USER, Actor, ChangeUser, OwnPassword, Role, UserNotFound
from chalicelib.domain.sentences import say
from chalicelib.services import events
from chalicelib.services.idempotency import Answer, Request
from chalicelib.services.people.users import Present, read
from chalicelib.services.transactions import Prepared, carry_out
from chalicelib.storage.people import users


@dataclass(frozen=True)
class Decided:
    """The result of a change: the changed login, and the kind and detail of its event (kind None: no event)."""

    login: Login
    kind: EventKind | None = None
    detail: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class UserChange:
    """A change of a user: its name, its payload, its rule, and the fields that only this answer shows."""

    name: str
    payload: object
    decide: Callable[[Login, datetime], Decided]
    shown_once: Mapping[str, str] = field(default_factory=dict)


def change(actor: Actor, user_id: str, wanted: ChangeUser, request: Request, present: Present) -> Answer:
    """Change a user's name, address, phone or activity. A user who becomes inactive is signed out everywhere.

    Raises UserNotFound, LastAdmin.
    """

    def decide(login: Login, now: datetime) -> Decided:
        before, after = login.user, replace(login.user, **given(wanted, "full_name", "email", "phone", "active"))
        if before.active == after.active:
            return Decided(login.changed(after))
        if after.active:
            return Decided(login.changed(after), EventKind.USER_ACTIVATED)
        return Decided(login.changed(after.without_devices(now)), EventKind.USER_DEACTIVATED)

    return _carry_out(actor, user_id, UserChange("change_user", wanted, decide), request, present)


def change_role(actor: Actor, user_id: str, role: Role, request: Request, present: Present) -> Answer:
    """Change a user's role. It has effect from their next refresh; the actions of admins are lost at once.

    Raises UserNotFound, LastAdmin.
    """

    def decide(login: Login, _now: datetime) -> Decided:
        before, after = login.user.role, login.changed(replace(login.user, role=role))
        if before is role:
            return Decided(after)
        return Decided(after, EventKind.ROLE_CHANGED, {"from": before.value, "to": role.value})

    return _carry_out(actor, user_id, UserChange("change_role", role, decide), request, present)


def reset_password(actor: Actor, user_id: str, request: Request, present: Present) -> Answer:
    """Give a user a one-time password, shown in this answer only. The user is signed out everywhere.

    Raises UserNotFound, OwnPassword.
    """
    if user_id == actor.user_id:
        raise OwnPassword(say("Change it with POST /auth/password and your current password."))
    password = passwords.one_time()
    hashed = passwords.hashed_once(password)

    def decide(login: Login, now: datetime) -> Decided:
        return Decided(login.with_given_password(hashed(), now), EventKind.PASSWORD_RESET)

    # A dry run sets no password, so it shows none. Otherwise an admin would tell the user a wrong one.
    shown_once = {} if request.dry_run else {"one_time_password": password}
    wanted = UserChange("reset_password", None, decide, shown_once)
    return _carry_out(actor, user_id, wanted, request, present)


def _carry_out(actor: Actor, user_id: str, wanted: UserChange, request: Request, present: Present) -> Answer:
    """Write a change of a user and their login and, if it changes, the list of active admins."""
    tenant = actor.tenant

    def prepare() -> Prepared:
        login = users.find_login(tenant, read(actor, user_id).username)
        if login is None or login.user.id != user_id:  # they were erased, and perhaps somebody has their name now
            raise UserNotFound(say(NO_USER, user_id=user_id))
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
