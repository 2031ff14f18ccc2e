"""Sign-in, changing one's own password, and the caller of an access token."""

import functools
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from chalicelib import clock, ids, passwords, refresh_tokens, settings, tokens
from chalicelib.domain.errors import FieldError, TakipError, refuse
from chalicelib.domain.people.credentials import BadCredentials, Login, admit
from chalicelib.domain.people.devices import Device, Source
from chalicelib.domain.people.permissions import PERMISSIONS, ActionForbidden, authorize
from chalicelib.domain.people.security_events import EventKind, SecurityEvent
from chalicelib.domain.people.users import ADMIN, Actor, User, UserNotFound
from chalicelib.domain.sentences import say
from chalicelib.refresh_tokens import RefreshToken
from chalicelib.services import events, tenants
from chalicelib.services.people import terminals, throttling
from chalicelib.services.people.lasting import as_of_now
from chalicelib.services.people.throttling import Attempt
from chalicelib.services.retries import until_won
from chalicelib.settings import SigningKeys
from chalicelib.storage import writes
from chalicelib.storage.people import devices, users

SIGN_IN = "sign_in"
# A shift with its overtime: an app that cannot refresh its token signs in once a day.
LASTING_MINUTES = 12 * 60
Matches = Callable[[str | None], bool]


@dataclass(frozen=True)
class SignedIn:
    """A user, their access token with its lifetime in seconds, and the refresh token for the next pair."""

    user: User
    access_token: str
    refresh_token: str
    expires_in: int


def sign_in(
    tenant: str,
    username: str,
    password: str,
    source: Source,
    refresh_token: str | None = None,
    *,
    lasting: bool = False,
) -> SignedIn:
    """Sign a user in on a device. A `lasting` token is for an app that cannot refresh it.

    A valid `refresh_token` of the user shows that they are signed in on this device. Then failures on other devices do
    not block them. An invalid one is ignored. Costs one read and one transaction. bcrypt checks the password once, also
    for a name that does not exist. Raises TooManyAttempts, BadCredentials; InactiveAccount and PasswordExpired only
    after the right password. TenantClosed comes before everything.
    """
    tenants.refuse_closed(tenant)
    cost, signing = settings.current().bcrypt_cost, settings.signing_keys()
    claimed = refresh_tokens.claimed(refresh_token, tenant)
    device_id = claimed.device_id if claimed else None
    places = throttling.counted(tenant, SIGN_IN, username, source.address, device_id)
    matches = matching(password)

    def attempt() -> SignedIn:
        now = clock.now()
        claim = (claimed.user_id, claimed.device_id) if claimed else None
        login, counters, device = users.find_attempted(tenant, username, places, now, claim)
        is_known = bool(claimed and login and device and claimed.shows(device, login.user, now))
        tried = throttling.attempt(counters, now, is_known=is_known)
        login = _recognised(tenant, login, matches, tried, source)
        device, token = _device(tenant, login.user, source, now)
        write = tried.passed()
        if renewed := passwords.renewed(password, login.password_hash, cost):
            write += users.rehash(tenant, replace(login, password_hash=renewed))
        happened = _event(EventKind.SIGNED_IN, device, source)
        pair = signed_in(tenant, login.user, token, signing, lasting=lasting)
        events.record(tenant, happened, write + devices.put(tenant, device))
        return pair

    return until_won(attempt)


def change_password(actor: Actor, current: str, new: str, source: Source) -> SignedIn:
    """Change one's own password. It signs the user out everywhere, and in again on this device.

    If this device is signed out, the password was changed already, perhaps by this request, whose answer was lost. Then
    a user who knows the new password is signed in. Raises TooManyAttempts, BadCredentials, InvalidFields, UserNotFound.
    """
    signing, is_current = settings.signing_keys(), matching(current)
    hashed = passwords.hashed_once(new)

    def attempt() -> SignedIn:
        now = clock.now()
        known, user = devices.find(actor.tenant, actor.user_id, actor.device_id)
        if user is None:
            raise UserNotFound(say("This account does not exist any more."))
        places = throttling.counted(actor.tenant, SIGN_IN, user.username, source.address, actor.device_id)
        login, counters, _ = users.find_attempted(actor.tenant, user.username, places, now)
        device = known.get(actor.device_id)
        # The login is read after the device. So it also shows whether the device was signed out in between.
        if device is None or not device.is_signed_in(login.user if login else user, now):
            return sign_in(actor.tenant, user.username, new, source)
        here = replace(source, device=device.name)
        tried = throttling.attempt(counters, now, is_known=True)
        login = _recognised(actor.tenant, login, is_current, tried, here)
        refuse(_new_password_errors(current, new, user.username))
        return _changed(actor.tenant, login.with_password(hashed(), now), tried, here, signing)

    return until_won(attempt)


def authenticate(token: str, action: str) -> Actor:
    """The caller of an access token, without reading the table, if the role allows the action.

    For actions of admins only, the table is read, so that the loss of the role has effect at once. Of a terminal that
    was not read in the last minute, the terminal and the person are read; of a lasting token the device and the person.
    Raises TokenInvalid, TokenExpired, SignedOut, ActionForbidden, PasswordChangeRequired, NotAtTerminals.
    """
    actor = tokens.read(token, settings.signing_keys(tokens.kid(token)), clock.now())
    if actor.terminal_id is not None:
        terminals.refuse_ended(actor, actor.terminal_id)
    if actor.lasting:
        actor = as_of_now(actor)
    authorize(actor, action)
    if PERMISSIONS[action] == ADMIN:
        present = users.find(actor.tenant, actor.user_id)
        if present is None or not present.active:
            raise ActionForbidden(say("This account is no longer active; ask an admin to activate it."))
        authorize(replace(actor, role=present.role, must_change_password=present.must_change_password), action)
    return actor


def signed_in(tenant: str, user: User, token: RefreshToken, signing: SigningKeys, *, lasting: bool = False) -> SignedIn:
    """Make the pair of tokens of a user who has signed in.

    Callers get the keys before they check or write anything, and write only once the pair is made. Without signing
    keys, nothing is written, and the answer does not depend on the password.
    """
    minutes = LASTING_MINUTES if lasting else settings.current().token_minutes
    actor = Actor(tenant, user.id, user.role, token.device_id, user.must_change_password, lasting=lasting)
    access = tokens.issue(actor, signing, clock.now(), minutes)
    return SignedIn(user, access, str(token), minutes * 60)


def matching(password: str) -> Matches:
    """A check of one password. It calls bcrypt once for each hash, also if a lost race repeats it."""
    cost = settings.current().bcrypt_cost
    return functools.cache(lambda password_hash: passwords.matches(password, password_hash, cost))


def _recognised(tenant: str, login: Login | None, matches: Matches, tried: Attempt, source: Source) -> Login:
    """The login of a user who may sign in. Otherwise the failure is counted and recorded, and its error raised."""
    right = matches(login.password_hash if login else None)
    try:
        if login is None or not right:
            raise BadCredentials(say("Check both, and try again."))
        admit(login, tried.at)
    except TakipError as refusal:
        user_id = login.user.id if login else None
        why = {"code": refusal.code}
        failed = events.event(EventKind.SIGN_IN_FAILED, user_id=user_id, source=source, detail=why)
        if login or tenants.is_there(tenant):
            events.record(tenant, failed, tried.failed())
        else:
            writes.commit(tried.failed())
        raise
    return login


def _changed(tenant: str, login: Login, tried: Attempt, source: Source, signing: SigningKeys) -> SignedIn:
    """Write a new password and a device that is signed in with it."""
    device, token = _device(tenant, login.user, source, tried.at)
    write = users.change(tenant, login) + devices.put(tenant, device) + tried.passed()
    pair = signed_in(tenant, login.user, token, signing)
    events.record(tenant, _event(EventKind.PASSWORD_CHANGED, device, source), write)
    return pair


def _device(tenant: str, user: User, source: Source, now: datetime) -> tuple[Device, RefreshToken]:
    """A new device that a user signs in on, and its first refresh token."""
    token = refresh_tokens.first(tenant, user.id, ids.new())
    device = Device(
        id=token.device_id,
        user_id=user.id,
        name=source.device,
        signed_in_at=now,
        last_used_at=now,
        expires_at=now + timedelta(days=settings.current().refresh_days),
        digest=token.digest,
        secret=refresh_tokens.new_secret(),
        devices_since=user.devices_since,
    )
    return device, token


def _event(kind: EventKind, device: Device, source: Source) -> SecurityEvent:
    """An event of a user who acts for themselves, on their own device."""
    user_id = device.user_id
    return events.event(kind, user_id=user_id, actor_id=user_id, source=source, device_id=device.id)


def _new_password_errors(current: str, new: str, username: str) -> list[FieldError]:
    errors = passwords.errors(new, username, "new")
    if new == current:
        errors.append(FieldError("new", say("must differ from the current password"), "unchanged"))
    return errors
