"""Credentials: the rules for passwords, and the login of a user."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from chalicelib.domain.errors import FieldError, Forbidden, Unauthenticated
from chalicelib.domain.people.names import trimmed
from chalicelib.domain.people.users import User
from chalicelib.domain.sentences import say
from chalicelib.domain.text import folded

# bcrypt uses at most this many bytes of a password.
MAX_BYTES = 72
# A one-time password is valid for a weekend.
GIVEN_PASSWORD_LASTS = timedelta(days=3)


@dataclass(frozen=True)
class Login:
    """The data that sign-in reads: the user, the hash of the password, and when a one-time password expires.

    `is_under_former_name` says that it is still stored under the `former_login_name` of its username.
    """

    user: User
    password_hash: str
    expires_at: datetime | None = None
    is_under_former_name: bool = False

    def changed(self, user: User) -> "Login":
        """The same login for the changed user, with the next version."""
        return replace(self, user=replace(user, version=self.user.version + 1))

    def with_password(self, password_hash: str, now: datetime) -> "Login":
        """The login with a password that the user chose. The user is signed out everywhere."""
        user = replace(self.user.without_devices(now), must_change_password=False)
        return replace(self.changed(user), password_hash=password_hash, expires_at=None)

    def with_given_password(self, password_hash: str, now: datetime) -> "Login":
        """The login with a one-time password, which the user must change. The user is signed out everywhere."""
        user = replace(self.user.without_devices(now), must_change_password=True)
        return replace(self.changed(user), password_hash=password_hash, expires_at=now + GIVEN_PASSWORD_LASTS)


class BadCredentials(Unauthenticated):
    """The username or the password is wrong. For security the answer does not say which."""

    code = "ERR_AUTH_BAD_CREDENTIALS"
    title = "Username or password is wrong"


class InactiveAccount(Forbidden):
    """The password is right, but the account is not active."""

    code = "ERR_AUTH_INACTIVE"
    title = "This account is not active"


class PasswordExpired(Forbidden):
    """The one-time password is right, but it was not changed within three days."""

    code = "ERR_AUTH_PASSWORD_EXPIRED"
    title = "The one-time password has expired"


def admit(login: Login, now: datetime) -> None:
    """Refuse a user whose password is right but who may not sign in. Raises InactiveAccount, PasswordExpired."""
    if not login.user.active:
        raise InactiveAccount(say("Ask an admin to activate it."))
    if login.expires_at is not None and login.expires_at <= now:
        raise PasswordExpired(say("Ask an admin for a new one-time password."))


def password_errors(password: str, username: str, shortest: int, field: str = "password") -> Iterator[FieldError]:
    """The field errors of a password. Length is checked in characters and in bytes of UTF-8."""
    if len(password) < shortest:
        yield FieldError(field, say("must have at least {least} characters", least=shortest), "too_short")
    if len(password.encode(errors="surrogatepass")) > MAX_BYTES:
        yield FieldError(field, say("must be at most {most} bytes in UTF-8", most=MAX_BYTES), "too_long")
    if "\0" in password:
        yield FieldError(field, say("must not contain the NUL character"), "contains_nul")
    if any("\ud800" <= character <= "\udfff" for character in password):
        yield FieldError(field, say("must be valid Unicode text, without half of a surrogate pair"), "not_text")
    if folded(trimmed(username)) in folded(password):
        yield FieldError(field, say("must not contain the username"), "contains_username")
