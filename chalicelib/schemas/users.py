"""The shapes of people."""

from collections.abc import Callable
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, Field

from chalicelib.domain.people import users
from chalicelib.domain.people.names import (
    LONGEST_EMAIL,
    LONGEST_FULL_NAME,
    LONGEST_NAME,
    email_problem,
    full_name_problem,
    tidied,
    trimmed,
    username_problem,
)
from chalicelib.domain.people.users import Role, User
from chalicelib.domain.tenants import TENANT_ID
from chalicelib.schemas.base import Body, InstantOut, Out, Paged, Patch, kept, left_out


def _checked(problem_of: Callable[[str], str | None]) -> Callable[[str], str]:
    """Refuse a text that the domain finds a problem in."""

    def check(text: str) -> str:
        problem = problem_of(text)
        if problem:
            raise ValueError(problem)
        return text

    return check


def _in_form(form: Callable[[str], str]) -> BeforeValidator:
    """Bring a text into a form before it is checked."""
    return BeforeValidator(lambda given: form(given) if isinstance(given, str) else given)


_Name = Annotated[str, Field(min_length=1, max_length=LONGEST_NAME), AfterValidator(_checked(username_problem))]
NewUsername = Annotated[_Name, _in_form(trimmed)]
Username = Annotated[_Name, _in_form(tidied)]
FullName = Annotated[str, Field(max_length=LONGEST_FULL_NAME), AfterValidator(_checked(full_name_problem))]
Email = Annotated[str, Field(max_length=LONGEST_EMAIL), AfterValidator(_checked(email_problem))]
TenantId = Annotated[str, Field(pattern=f"^{TENANT_ID}$")]
# Long enough for any passphrase; what bcrypt does not take is refused in its own words.
Secret = Annotated[str, Field(min_length=1, max_length=1024)]


class NewUser(Body):
    """Somebody to register; `tenant` only where one registers oneself."""

    beside = frozenset({"tenant"})

    username: NewUsername
    password: Secret
    full_name: FullName | None = None
    email: Email | None = None
    role: Role = Role.WORKER
    tenant: TenantId | None = None

    def payload(self) -> users.NewUser:
        """Make the payload."""
        return self.made_into(users.NewUser)


class ChangeUser(Patch):
    """What to change about somebody."""

    full_name: FullName | None = kept()
    email: Email | None = kept()
    active: bool = kept()

    def payload(self) -> users.ChangeUser:
        """Make the payload."""
        return self.made_into(users.ChangeUser)


class ChangeRole(Body):
    """What somebody does from now on."""

    role: Role


class ListUsers(Paged):
    """The filters of a list of people."""

    username: Username | None = None
    role: Role | None = None
    active: bool | None = None


class UserOut(Out):
    """A person, without anything secret."""

    id: str
    username: str
    full_name: str | None
    email: str | None
    role: Role
    active: bool
    must_change_password: bool
    created_at: InstantOut


class PasswordResetOut(UserOut):
    """A person with their one-time password, which is left out of a dry run and where the request is repeated."""

    one_time_password: str | None = left_out()


def user_out(user: User) -> UserOut:
    """Show a person."""
    return UserOut.model_validate(user)
