"""The shapes of sign-in, tokens, devices and security events."""

from typing import Annotated, Literal

from pydantic import Field

from chalicelib.domain.people.devices import Device
from chalicelib.domain.people.security_events import EventKind, SecurityEvent
from chalicelib.domain.tenants import DEFAULT_TENANT
from chalicelib.schemas.base import Body, Out, Paged
from chalicelib.schemas.users import Secret, TenantId, Username, UserOut
from chalicelib.schemas.values import Identifier, InstantOut, InstantParameter, Line

RefreshToken = Annotated[str, Field(max_length=1024)]


class SignIn(Body):
    """Username and password. `device` is the name under which this device is listed.

    `refresh_token` is the newest one of this device: while it is good, guesses of others do not block it.
    """

    username: Username
    password: Secret
    tenant: TenantId = DEFAULT_TENANT
    device: Line | None = None
    refresh_token: RefreshToken | None = None


class Refresh(Body):
    """The newest refresh token."""

    refresh_token: RefreshToken


class ChangePassword(Body):
    """The present password and the new one."""

    current: Secret
    new: Secret


class ListEvents(Paged):
    """The filters of a list of security events."""

    kind: tuple[EventKind, ...] = ()
    user_id: Identifier | None = None
    since: InstantParameter | None = None
    before: InstantParameter | None = None


class SignedInOut(Out):
    """A pair of tokens, and the user they are for."""

    access_token: str
    refresh_token: str
    token_type: Literal["Bearer"] = "Bearer"  # noqa: S105  the name of a scheme
    expires_in: int
    user: UserOut


class DeviceOut(Out):
    """A device that is signed in. `current` is the device that sends the request."""

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
    """Show a device; `current` says whether it is the caller's."""
    return DeviceOut.model_validate(device).model_copy(update={"current": device.id == current})


def event_out(event: SecurityEvent) -> EventOut:
    """Show a security event."""
    return EventOut.model_validate(event)
