"""The doors of sign-in: passwords, tokens, devices and security events."""

from dataclasses import replace

from chalicelib.domain.errors import Conflict, Forbidden, NotFound, Throttled, Unauthenticated
from chalicelib.schemas.auth import (
    ChangePassword,
    DeviceOut,
    EventOut,
    ListEvents,
    Refresh,
    SignedInOut,
    SignIn,
    device_out,
    event_out,
)
from chalicelib.schemas.base import EmptyOut, Paged
from chalicelib.services.idempotency import Answer
from chalicelib.services.people import devices, security, sign_in
from chalicelib.services.people.security import EventFilters
from chalicelib.services.people.sign_in import SignedIn
from functions._endpoint import Call, Doors, Visit, page_of
from functions._rules import ListOf

doors = Doors(__name__)


@doors.public(
    "POST",
    "/auth/login",
    body=SignIn,
    answers=SignedInOut,
    refuses=(Unauthenticated, Forbidden, Throttled, Conflict),
    dry_run=False,
)
def log_in(visit: Visit) -> Answer:
    """Sign in; returns an access token, its lifetime in seconds and a refresh token."""
    given = visit.body
    source = replace(visit.source, device=given.device or visit.source.device)
    return _pair(sign_in.sign_in(given.tenant, given.username, given.password, source, given.refresh_token))


@doors.public(
    "POST",
    "/auth/refresh",
    body=Refresh,
    answers=SignedInOut,
    refuses=(Unauthenticated, Conflict),
    dry_run=False,
)
def refresh(visit: Visit) -> Answer:
    """Get the next pair of tokens; after a lost answer the same token may be sent again."""
    return _pair(devices.refresh(visit.body.refresh_token, visit.source))


@doors.route("POST", "/auth/logout", action="user.logout", answers=EmptyOut, refuses=(Conflict,), dry_run=False)
def log_out(call: Call) -> Answer:
    """Sign out on this device; its access token stays valid until it expires."""
    devices.sign_out(call.actor, call.source)
    return Answer({})


@doors.route(
    "POST",
    "/auth/password",
    action="user.password",
    body=ChangePassword,
    answers=SignedInOut,
    refuses=(NotFound, Throttled, Conflict),
    dry_run=False,
)
def change_password(call: Call) -> Answer:
    """Change your own password; signs out all devices and returns new tokens for this one."""
    return _pair(sign_in.change_password(call.actor, call.body.current, call.body.new, call.source))


@doors.route("GET", "/auth/devices", action="user.devices", query=Paged, answers=ListOf(DeviceOut))
def list_devices(call: Call) -> Answer:
    """List the devices where you are signed in, earliest sign-in first."""
    page = devices.page(call.actor, limit=call.query.limit, cursor=call.query.cursor)
    return page_of((device_out(device, call.actor.device_id) for device in page.items), page.next_cursor)


@doors.route("DELETE", "/auth/devices/{device_id}", action="user.devices", answers=DeviceOut, refuses=(Conflict,))
def revoke_device(call: Call, device_id: str) -> Answer:
    """Sign out one of your devices; its access token stays valid until it expires."""
    device = devices.revoke(call.actor, device_id, call.source)
    return Answer(device_out(device, call.actor.device_id).plain())


@doors.route("GET", "/auth/events", action="event.list", query=ListEvents, answers=ListOf(EventOut))
def list_events(call: Call) -> Answer:
    """List security events of the last year, newest first."""
    query = call.query
    filters = EventFilters(query.kind, query.user_id, query.since, query.before)
    page = security.page(call.actor, filters, limit=query.limit, cursor=query.cursor)
    return page_of(map(event_out, page.items), page.next_cursor)


def _pair(pair: SignedIn) -> Answer:
    return Answer(SignedInOut.model_validate(pair).plain())
