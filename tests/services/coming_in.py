"""Helpers for tests of sign-in: a user signs in and refreshes; what the table keeps of it."""

from chalicelib.domain.people.credentials import BadCredentials, Login
from chalicelib.domain.people.devices import Source
from chalicelib.refresh_tokens import RefreshTokenInvalid
from chalicelib.services.people import devices
from chalicelib.services.people.sign_in import SignedIn, sign_in
from chalicelib.storage.people import users
from tests.machines import standing
from tests.phones import PASSWORD

HERE = Source("10.0.0.1", "phone")
TENANT, NEW = "default", "staple battery horse"

Checks = list[tuple[str, int]]


def come_in(password: str = PASSWORD, name: str = "zeynep") -> SignedIn:
    return sign_in(TENANT, name, password, HERE)


def is_let_in(password: str) -> bool:
    try:
        come_in(password)
    except BadCredentials:
        return False
    return True


def refreshed(token: str) -> str:
    return devices.refresh(token, HERE).refresh_token


def is_signed_in(token: str) -> bool:
    try:
        refreshed(token)
    except RefreshTokenInvalid:
        return False
    return True


def kept() -> Login:
    found = users.find_login(TENANT, "zeynep")
    assert found is not None
    return found


def kinds() -> list[str]:
    return [each.data["kind"] for each in sorted(standing("security_event"), key=lambda each: each.SK)]
