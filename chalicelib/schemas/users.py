"""The shapes of people and signing in."""

import unicodedata
from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from chalicelib.domain.users import Role, User, login_name
from chalicelib.schemas.base import Body, InstantOut, Out, Paged, Text

LONGEST_NAME = 64


INVISIBLE = {"Cc", "Cf"}


def _comparable(username: str) -> str:
    """Refuse a name that looks like another, or is longer in the form in which names are compared, which is a key."""
    if any(unicodedata.category(character) in INVISIBLE for character in username):
        raise ValueError("must not contain characters that cannot be seen")
    if len(login_name(username)) > LONGEST_NAME:
        raise ValueError(f"must have at most {LONGEST_NAME} characters, also when ligatures are written out")
    return username


Name = Annotated[str, Field(min_length=1, max_length=LONGEST_NAME), AfterValidator(_comparable)]
Username = Annotated[Name, Field(pattern=r"^\S+( \S+)*$")]
Secret = Annotated[str, Field(min_length=1, max_length=1024)]


class SignIn(Body):
    """Username and password."""

    username: Name
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

    username: Name | None = None


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
    token_type: Literal["Bearer"] = "Bearer"  # noqa: S105  the name of a scheme
    expires_in: int
    user: UserOut


def user_out(user: User) -> UserOut:
    """Show a person."""
    return UserOut.model_validate(user)
