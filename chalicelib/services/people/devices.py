"""Devices: refreshing the tokens of a device, listing the devices of a user, and signing out."""

from collections.abc import Mapping

from chalicelib import clock, refresh_tokens, settings
from chalicelib.domain.people.devices import Device, DeviceNotFound, SignedOut, Source
from chalicelib.domain.people.security_events import EventKind
from chalicelib.domain.people.users import Actor, User
from chalicelib.domain.sentences import say
from chalicelib.refresh_tokens import RefreshTokenInvalid, RefreshTokenReused
from chalicelib.services import events, tenants
from chalicelib.services.pages import ListPage, page_of
from chalicelib.services.people.sign_in import SignedIn, signed_in
from chalicelib.services.retries import until_won
from chalicelib.storage.people import devices


def refresh(text: str, source: Source) -> SignedIn:
    """The next pair of tokens for a refresh token.

    If the token was just used, it gets the same successor until the successor is used, because the first answer may
    have been lost. If it was used earlier, it was copied: its device is signed out. Costs a read, and a write the first
    time. Raises RefreshTokenInvalid, RefreshTokenReused, TenantClosed.
    """
    token, signing = refresh_tokens.read(text), settings.signing_keys()
    tenants.refuse_closed(token.tenant)

    def attempt() -> SignedIn:
        now = clock.now()
        known, user = devices.find(token.tenant, token.user_id, token.device_id)
        device = known.get(token.device_id)
        age = token.age(device) if device else None
        if device is None or user is None or age is None or not device.is_signed_in(user, now):
            raise RefreshTokenInvalid(say("Sign in again."))
        if age > 1:
            _sign_out_copied(token.tenant, device, source)
            raise RefreshTokenReused(say("It was used before, so this device was signed out. Sign in again."))
        following = token.successor(device.secret)
        pair = signed_in(token.tenant, user, following, signing)
        if age == 0:
            devices.write(token.tenant, device.refreshed(following.digest, now))
        return pair

    return until_won(attempt)


def page(actor: Actor, *, limit: int, cursor: str | None) -> ListPage[Device]:
    """A page of the caller's devices, earliest sign-in first. Raises SignedOut, BadCursor."""
    known, user = devices.find(actor.tenant, actor.user_id, actor.device_id)
    owner, now = _still_there(actor, known, user), clock.now()
    found = devices.page(actor.tenant, owner.id, limit=limit, cursor=cursor)
    return page_of(found, Device, lambda device: device.is_signed_in(owner, now))


def revoke(actor: Actor, device_id: str, source: Source) -> Device:
    """Sign out one of the caller's devices. Raises SignedOut, DeviceNotFound."""
    known, user = devices.find(actor.tenant, actor.user_id, actor.device_id, device_id)
    _still_there(actor, known, user)
    if device_id not in known:
        raise DeviceNotFound(say("GET /auth/devices lists your devices."))
    _sign_out(actor, device_id, source)
    return known[device_id]


def sign_out(actor: Actor, source: Source) -> None:
    """Sign out the device that the caller uses. If it is signed out already, nothing changes."""
    known, _ = devices.find(actor.tenant, actor.user_id, actor.device_id)
    if actor.device_id in known:
        _sign_out(actor, actor.device_id, source)


def _still_there(actor: Actor, known: Mapping[str, Device], user: User | None) -> User:
    """The caller as of now. Raises SignedOut if the calling device is signed out.

    Otherwise whoever has a lost phone could sign out the other devices.
    """
    device = known.get(actor.device_id)
    if user is None or device is None or not device.is_signed_in(user, clock.now()):
        raise SignedOut(say("Sign in again."))
    return user


def _sign_out(actor: Actor, device_id: str, source: Source) -> None:
    user_id = actor.user_id
    happened = events.event(
        EventKind.DEVICE_REVOKED, user_id=user_id, actor_id=user_id, source=source, device_id=device_id
    )
    until_won(lambda: events.record(actor.tenant, happened, devices.removal(actor.tenant, user_id, device_id)))


def _sign_out_copied(tenant: str, device: Device, source: Source) -> None:
    happened = events.event(EventKind.REFRESH_REUSED, user_id=device.user_id, source=source, device_id=device.id)
    events.record(tenant, happened, devices.removal(tenant, device.user_id, device.id))
