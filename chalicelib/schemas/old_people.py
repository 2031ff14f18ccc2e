"""The shapes of people for the app of the old system."""

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field

from chalicelib.domain.people import users
from chalicelib.domain.people.users import Role, User
from chalicelib.domain.tenants import DEFAULT_TENANT, unnamable
from chalicelib.schemas.base import Out
from chalicelib.schemas.old_app import MayBeEmpty, OldBody
from chalicelib.schemas.users import Email, FullName, NewUsername, Phone, Secret

LONGEST_SIGN_IN = 200


def _role(given: object) -> object:
    """A role in any case of letters. The old system called a planner a manager."""
    role = given.lower() if isinstance(given, str) else given
    return Role.PLANNER if role == "manager" else role


OldRole = Annotated[Role, BeforeValidator(_role)]


class OldSignIn(OldBody):
    """Username and password. The name may begin with that of the tenant: `acme/ayse`."""

    username: Annotated[str, Field(min_length=1, max_length=LONGEST_SIGN_IN)]
    password: Secret

    @property
    def whose(self) -> tuple[str, str]:
        """The tenant and the username."""
        tenant, slash, name = self.username.partition("/")
        return (tenant, name) if slash and not unnamable(tenant) else (DEFAULT_TENANT, self.username)


class OldRegister(OldBody):
    """A user to register."""

    username: NewUsername
    password: Secret
    role: OldRole = Role.WORKER
    email: MayBeEmpty[Email] = None
    phone: MayBeEmpty[Phone] = None

    def payload(self) -> users.NewUser:
        """The fields of the user."""
        return users.NewUser(self.username, self.password, email=self.email, phone=self.phone, role=self.role)


class OldChangeMe(OldBody):
    """The fields of the caller to change. An empty text clears a field."""

    full_name: MayBeEmpty[FullName] = None
    email: MayBeEmpty[Email] = None
    phone: MayBeEmpty[Phone] = None

    def payload(self) -> users.ChangeUser:
        """The fields that were sent; the others stay."""
        return users.ChangeUser(**{name: getattr(self, name) for name in self.model_fields_set})


class OldChangePassword(OldBody):
    """The present password and the new one."""

    current_password: Secret
    new_password: Secret


class OldChangeRole(OldBody):
    """The new role of a user."""

    role: OldRole


class OldUserOut(Out):
    """A user. `name` is the full name, or the username."""

    id: int
    username: str
    name: str
    full_name: str | None
    email: str | None
    phone: str | None
    role: Role


class OldSignedInOut(Out):
    """An access token, and the user it is for."""

    access_token: str
    token_type: Literal["bearer"] = "bearer"  # noqa: S105  the name of a scheme
    expires_in: int
    user: OldUserOut


class OldRegisteredOut(Out):
    """A user who was registered. They sign in themselves, so there is no token of theirs."""

    ok: bool = True
    access_token: None = None
    user: OldUserOut


def old_user_out(user: User, numbers: Mapping[str, int]) -> OldUserOut:
    """Show a user with their number."""
    return OldUserOut(
        id=numbers[user.id],
        username=user.username,
        name=user.name,
        full_name=user.full_name,
        email=user.email,
        phone=user.phone,
        role=user.role,
    )
