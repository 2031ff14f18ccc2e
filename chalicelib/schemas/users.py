"""The shapes of users."""

from collections.abc import Callable
from typing import Annotated

from pydantic import AfterValidator, Field

from chalicelib.domain import text
from chalicelib.domain.people import users
from chalicelib.domain.people.names import (
    LONGEST_EMAIL,
    LONGEST_FULL_NAME,
    LONGEST_NAME,
    LONGEST_PHONE,
    email_problem,
    full_name_problem,
    phone_problem,
    tidied,
    trimmed,
    username_problem,
)
from chalicelib.domain.people.users import Role, User
from chalicelib.domain.tenants import TENANT_ID
from chalicelib.schemas.base import Body, Out, Paged, Patch, example, kept, left_out
from chalicelib.schemas.values import InstantOut, OneOf, kept_as


def _checked(problem_of: Callable[[str], str | None]) -> Callable[[str], str]:
    """Refuse a text that the domain's rules refuse."""

    def check(text: str) -> str:
        problem = problem_of(text)
        if problem:
            raise ValueError(problem)
        return text

    return check


_Name = Annotated[
    str,
    Field(min_length=1, max_length=LONGEST_NAME),
    kept_as(text.whole),
    AfterValidator(_checked(username_problem)),
]
NewUsername = Annotated[_Name, kept_as(trimmed)]
Username = Annotated[_Name, kept_as(tidied)]
FullName = Annotated[
    str, Field(max_length=LONGEST_FULL_NAME), kept_as(text.line), AfterValidator(_checked(full_name_problem))
]
Email = Annotated[str, Field(max_length=LONGEST_EMAIL), kept_as(text.line), AfterValidator(_checked(email_problem))]
Phone = Annotated[str, Field(max_length=LONGEST_PHONE), kept_as(text.line), AfterValidator(_checked(phone_problem))]
TenantId = Annotated[str, Field(pattern=f"^{TENANT_ID}$")]
# Long enough for any passphrase; what bcrypt does not take is refused in its own words.
Secret = Annotated[str, Field(min_length=1, max_length=1024), kept_as(text.whole)]


class NewUser(Body):
    """A user to register. `tenant` is given only by people who register themselves."""

    model_config = example(username="ayse", password="at-least-8-characters", full_name="Ayşe", role="worker")  # noqa: S106

    beside = frozenset({"tenant"})

    username: NewUsername
    password: Secret
    full_name: FullName | None = None
    email: Email | None = None
    phone: Phone | None = None
    role: OneOf[Role] = Role.WORKER
    tenant: TenantId | None = None

    def payload(self) -> users.NewUser:
        """The fields of the user."""
        return self.made_into(users.NewUser)


class ChangeUser(Patch):
    """A change of a user."""

    full_name: FullName | None = kept()
    email: Email | None = kept()
    phone: Phone | None = kept()
    active: bool = kept()

    def payload(self) -> users.ChangeUser:
        """The fields to change."""
        return self.made_into(users.ChangeUser)


class ChangeRole(Body):
    """The new role of a user."""

    role: OneOf[Role]


class ListUsers(Paged):
    """The filters of a list of users."""

    username: Username | None = None
    role: Role | None = None
    active: bool | None = None


class UserOut(Out):
    """A user, without secrets."""

    id: str
    username: str
    full_name: str | None
    email: str | None
    phone: str | None
    role: Role
    active: bool
    must_change_password: bool
    created_at: InstantOut


class ColleagueOut(Out):
    """A person as their colleagues may know them: no address, no number, no role."""

    id: str
    name: str


class PasswordResetOut(UserOut):
    """A user with a one-time password. A dry run and a repeated request leave the password out."""

    one_time_password: str | None = left_out()


def user_out(user: User) -> UserOut:
    """Show a user."""
    return UserOut.model_validate(user)


def colleague_out(user: User) -> ColleagueOut:
    """Show a person to their colleagues."""
    return ColleagueOut.model_validate(user)
