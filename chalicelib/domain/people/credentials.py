"""Credentials: what a password must be, and what sign-in needs to know of a person."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from chalicelib.domain.errors import FieldError, Forbidden, Unauthenticated
from chalicelib.domain.people.names import trimmed
from chalicelib.domain.people.users import User
from chalicelib.domain.text import folded

# bcrypt looks at no more than this.
MAX_BYTES = 72
# A password that somebody was given is good for one weekend.
GIVEN_PASSWORD_LASTS = timedelta(days=3)


@dataclass(frozen=True)
class Login:
    """What sign-in needs in one read: the person, the hash of their password, and when that expires if it was given.

    `is_under_former_name` tells that it is still kept under the `former_login_name` of its username.
    """

    user: User
    password_hash: str
    expires_at: datetime | None = None
    is_under_former_name: bool = False

    def changed(self, user: User) -> "Login":
        """The same login of the person as they are now, a version later."""
        return replace(self, user=replace(user, version=self.user.version + 1))

    def with_password(self, password_hash: str, now: datetime) -> "Login":
        """The login with a password that the person chose; it signs them out everywhere."""
        user = replace(self.user.without_devices(now), must_change_password=False)
        return replace(self.changed(user), password_hash=password_hash, expires_at=None)

    def with_given_password(self, password_hash: str, now: datetime) -> "Login":
        """The login with a password that the person was given and must change; it signs them out everywhere."""
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
    """Refuse somebody who knows the password and may still not come in. Raises InactiveAccount, PasswordExpired."""
    if not login.user.active:
        raise InactiveAccount("Ask an admin to activate it.")
    if login.expires_at is not None and login.expires_at <= now:
        raise PasswordExpired("Ask an admin for a new one-time password.")


def password_errors(password: str, username: str, shortest: int, field: str = "password") -> Iterator[FieldError]:
    """What is wrong with a password, in characters and in bytes of UTF-8."""
    if len(password) < shortest:
        yield FieldError(field, f"must have at least {shortest} characters", "too_short")
    if len(password.encode(errors="surrogatepass")) > MAX_BYTES:
        yield FieldError(field, f"must be at most {MAX_BYTES} bytes in UTF-8", "too_long")
    if "\0" in password:
        yield FieldError(field, "must not contain the NUL character", "contains_nul")
    if any("\ud800" <= character <= "\udfff" for character in password):
        yield FieldError(field, "must be valid Unicode text, without half of a surrogate pair", "not_text")
    if folded(trimmed(username)) in folded(password):
        yield FieldError(field, "must not contain the username", "contains_username")
