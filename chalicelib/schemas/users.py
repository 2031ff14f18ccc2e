"""The shapes of people and signing in."""

from typing import Annotated, Literal

from pydantic import Field

from chalicelib.domain.users import Role, User
from chalicelib.schemas.base import Body, InstantOut, Out, Paged, Text

Username = Annotated[str, Field(min_length=1, max_length=64, pattern=r"^\S+( \S+)*$")]
Secret = Annotated[str, Field(min_length=1, max_length=1024)]


class SignIn(Body):
    """Username and password."""

    username: Annotated[str, Field(min_length=1, max_length=64)]
    password: Secret
    tenant: Literal["default"] = "default"


class NewUser(Body):
    """Somebody to register."""

    username: Username
    password: Secret
    full_name: Text | None = None
    email: Annotated[str, Field(max_length=254, pattern=r"^[^@\s]+@[^@\s]+$")] | None = None
    role: Role = Role.WORKER


class ListUsers(Paged):
    """The filters of a list of people."""

    username: str | None = None


class UserOut(Out):
    """A person, without anything secret."""

    id: str
    username: str
    full_name: str | None
    email: str | None
    role: Role
    active: bool
    created_at: InstantOut


class SignedInOut(Out):
    """A token to call with, and for whom."""

    access_token: str
    token_type: Literal["Bearer"] = "Bearer"
    expires_in: int
    user: UserOut


def user_out(user: User) -> UserOut:
    """Show a person."""
    return UserOut.model_validate(user)
