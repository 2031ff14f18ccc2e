"""Errors of the domain: what is refused, why, and what is allowed instead.

The family of an error (its base class here) is its kind. Doors translate families to HTTP statuses, never single
errors.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar, TypeVar

from chalicelib.domain.sentences import ONE_OF, say

Result = TypeVar("Result")

MOST_TOLD = 20


@dataclass(frozen=True)
class FieldError:
    """One error of one field: the path of the field, a message with the way out, and a stable code."""

    field: str
    message: str
    code: str


class TakipError(Exception):
    """The base of every domain error: a stable `code`, a short `title`, and a `detail` about this case.

    `allowed` names the commands that are legal now. `since` is the instant at which the obstacle began. `retry_after`
    is the number of seconds after which to try again.
    """

    code: ClassVar[str]
    title: ClassVar[str]

    def __init__(
        self,
        detail: str,
        *,
        errors: Sequence[FieldError] = (),
        allowed: Sequence[str] | None = None,
        since: datetime | None = None,
        retry_after: int | None = None,
    ) -> None:
        super().__init__(detail)
        self.detail = detail
        self.errors = tuple(errors)
        self.allowed = None if allowed is None else tuple(allowed)
        self.since = since
        self.retry_after = retry_after


# --- families ---------------------------------------------------------------------------------------------------------


class Unreadable(TakipError):
    """The request cannot be read, or a parameter or header is wrong."""


class Unauthenticated(TakipError):
    """The request carries no valid credentials."""


class Forbidden(TakipError):
    """The caller is known but may not do this."""


class NotFound(TakipError):
    """The resource does not exist, or the caller may not see it."""


class Conflict(TakipError):
    """The request is well-formed, but the present state does not allow it."""


class Stale(TakipError):
    """The version in If-Match is no longer the newest."""


class Unversioned(TakipError):
    """The request lacks If-Match."""


class Invalid(TakipError):
    """The request is well-formed, but its values are not accepted; all field errors are listed."""


class Outdated(TakipError):
    """The app is too old to be served."""


class Throttled(TakipError):
    """There were too many attempts; wait, then try again."""


class Unavailable(TakipError):
    """Something that Takip needs cannot be reached; try again a little later."""


# --- errors that no single subject owns -------------------------------------------------------------------------------


class InvalidFields(Invalid):
    """One or more fields have a value that is not accepted."""

    code = "ERR_REQUEST_INVALID"
    title = "Some fields are wrong"

    def __init__(self, errors: Sequence[FieldError]) -> None:
        super().__init__(told(errors), errors=errors)


def told(errors: Sequence[FieldError], worded: Callable[[str], str] = str) -> str:
    """The first errors of fields in one line, each message worded for its reader."""
    return "; ".join(f"{error.field}: {worded(error.message)}" for error in errors[:MOST_TOLD])


def unlisted(field: str, code: str | None, codes: Sequence[str]) -> list[FieldError]:
    """Field errors for a code that is not on the plant's list."""
    if code is None or code in codes:
        return []
    return [FieldError(field, say(ONE_OF, allowed=codes), "unknown")]


def refuse(errors: Sequence[FieldError]) -> None:
    """Raise all field errors together; do nothing if there are none. Raises InvalidFields."""
    if errors:
        raise InvalidFields(errors)


def together(check: Callable[[], None], act: Callable[[], Result]) -> Result:
    """Check and act, and raise the field errors of both together. Raises InvalidFields, and what else `act` raises."""
    errors: list[FieldError] = []
    try:
        check()
    except InvalidFields as wrong:
        errors += wrong.errors
    try:
        result = act()
    except InvalidFields as wrong:
        raise InvalidFields([*errors, *wrong.errors]) from None
    refuse(errors)
    return result


class BadParameter(Unreadable):
    """A query parameter or a header is unknown, or its value is not allowed."""

    code = "ERR_REQUEST_BAD_PARAMETER"
    title = "Some parameters are wrong"


class BadCursor(Unreadable):
    """The cursor was not returned by this list."""

    code = "ERR_REQUEST_BAD_CURSOR"
    title = "The cursor does not belong to this list"


class UnknownId(NotFound):
    """The id in the path is too long to be an id."""

    code = "ERR_REQUEST_UNKNOWN_ID"
    title = "No resource can have this id"


class IdempotencyKeyReused(Invalid):
    """The same Idempotency-Key was sent before with a different request."""

    code = "ERR_IDEMPOTENCY_KEY_REUSED"
    title = "This Idempotency-Key was used for a different request"


class LostRace(Conflict):
    """Other requests kept changing the same data until the time limit."""

    code = "ERR_COMMAND_LOST_RACE"
    title = "Other requests are changing the same data right now"


class StaleVersion(Stale):
    """The If-Match version is no longer the newest."""

    code = "ERR_COMMAND_STALE_VERSION"
    title = "It has changed since it was read"


class VersionRequired(Unversioned):
    """The request changes an order, a stage or a machine and lacks the header If-Match."""

    code = "ERR_COMMAND_VERSION_REQUIRED"
    title = "The header If-Match is required"


class StorageUnavailable(Unavailable):
    """The table cannot be reached, or it throttles requests."""

    code = "ERR_STORAGE_UNAVAILABLE"
    title = "Storage is unavailable"
