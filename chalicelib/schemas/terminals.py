"""The shapes of shared terminals, and of the PINs and badges with which people sign in there."""

from datetime import date
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from chalicelib.domain import text
from chalicelib.domain.people import terminal_access, terminals
from chalicelib.domain.people.terminal_access import PIN, TerminalAccess
from chalicelib.domain.sentences import say
from chalicelib.schemas.base import Body, Out, Patch, kept, left_out
from chalicelib.schemas.users import Secret, Username, UserOut
from chalicelib.schemas.values import InstantOut, Line, kept_as

Pin = Annotated[str, Field(pattern=f"^{PIN}$")]
Badge = Annotated[str, Field(min_length=4, max_length=100), kept_as(text.line)]


class NewTerminal(Body):
    """A new terminal."""

    name: Line

    def payload(self) -> terminals.NewTerminal:
        """The terminal to enrol."""
        return self.made_into(terminals.NewTerminal)


class TerminalOut(Out):
    """A shared terminal. `last_seen_on` is the day (UTC) on which somebody last signed in, null if nobody ever did."""

    id: str
    name: str
    created_at: InstantOut
    created_by: str
    last_seen_on: date | None
    revoked_at: InstantOut | None


class CreatedTerminalOut(TerminalOut):
    """A new terminal. `key` is in this answer only; a repeated request is answered without it."""

    key: str | None = left_out()


class SignInAtTerminal(Body):
    """The key of the terminal, and either a username with a PIN, or the code of a badge."""

    key: Secret
    username: Username | None = None
    pin: Secret | None = None
    badge: Secret | None = None

    @model_validator(mode="after")
    def _claim_once(self) -> Self:
        given = [name for name in ("username", "pin", "badge") if getattr(self, name) is not None]
        if given not in (["username", "pin"], ["badge"]):
            raise ValueError(say("give either a username and a pin, or a badge"))
        return self


class SignedInAtTerminalOut(Out):
    """An access token for a short time, without a refresh token, and the person it is for."""

    access_token: str
    token_type: Literal["Bearer"] = "Bearer"  # noqa: S105  the name of a scheme
    expires_in: int
    terminal_id: str
    user: UserOut


class ChangeTerminalAccess(Patch):
    """A PIN of 4 to 8 digits, the code of a badge; null takes it away."""

    pin: Pin | None = kept()
    badge: Badge | None = kept()

    def payload(self) -> terminal_access.ChangeTerminalAccess:
        """What to change."""
        return self.made_into(terminal_access.ChangeTerminalAccess)


class TerminalAccessOut(Out):
    """How a person can sign in at terminals. `pin_locked`: too many wrong PINs were tried; another PIN ends it."""

    user_id: str
    has_pin: bool
    pin_locked: bool
    has_badge: bool


def terminal_out(terminal: terminals.Terminal) -> TerminalOut:
    """Show a terminal."""
    return TerminalOut(
        id=terminal.id,
        name=terminal.name,
        created_at=terminal.created_at,
        created_by=terminal.created_by,
        last_seen_on=terminal.last_used_on,
        revoked_at=terminal.revoked_at,
    )


def terminal_access_out(access: TerminalAccess) -> TerminalAccessOut:
    """Show how a person can sign in at terminals."""
    return TerminalAccessOut(
        user_id=access.user_id,
        has_pin=access.pin_hash is not None,
        pin_locked=access.pin_locked,
        has_badge=access.badge is not None,
    )
