"""The shapes of signing in, staying signed in, and what is told of it."""

from typing import Annotated, Literal

from pydantic import Field

from chalicelib.domain.people.devices import Device
from chalicelib.domain.people.security_events import EventKind, SecurityEvent
from chalicelib.domain.tenants import DEFAULT_TENANT
from chalicelib.schemas.base import Body, Identifier, Instant, InstantOut, Out, Paged, Text
from chalicelib.schemas.users import Secret, TenantId, Username, UserOut

RefreshToken = Annotated[str, Field(max_length=1024)]


class SignIn(Body):
    """Username and password; `device` is how this device shall be listed.

    `refresh_token` is the one that this device was given last: while it is good, guesses of others do not block it.
    """

    username: Username
    password: Secret
    tenant: TenantId = DEFAULT_TENANT
    device: Text | None = None
    refresh_token: RefreshToken | None = None


class Refresh(Body):
    """The refresh token that was given last."""

    refresh_token: RefreshToken


class ChangePassword(Body):
    """The password that one has, and the one to have."""

    current: Secret
    new: Secret


class ListEvents(Paged):
    """The filters of a list of security events."""

    kind: tuple[EventKind, ...] = ()
    user_id: Identifier | None = None
    since: Instant | None = None
    before: Instant | None = None


class SignedInOut(Out):
    """A pair of tokens, and for whom."""

    access_token: str
    refresh_token: str
    token_type: Literal["Bearer"] = "Bearer"  # noqa: S105  the name of a scheme
    expires_in: int
    user: UserOut


class DeviceOut(Out):
    """Where somebody is signed in; `current` is where they ask from."""

    id: str
    name: str
    signed_in_at: InstantOut
    last_used_at: InstantOut
    expires_at: InstantOut
    current: bool = False


class EventOut(Out):
    """A security event."""

    id: str
    kind: EventKind
    at: InstantOut
    user_id: str | None
    actor_id: str | None
    address: str | None
    device_id: str | None
    detail: dict[str, str]


def device_out(device: Device, current: str) -> DeviceOut:
    """Show a device to somebody who calls from the current one."""
    return DeviceOut.model_validate(device).model_copy(update={"current": device.id == current})


def event_out(event: SecurityEvent) -> EventOut:
    """Show a security event."""
    return EventOut.model_validate(event)
