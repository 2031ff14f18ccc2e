"""What can be refused, in the floor's words; each error says what is allowed instead.

An error's family (its base class here) tells what kind of refusal it is; doors translate families, not single errors.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar, TypeVar

Result = TypeVar("Result")


@dataclass(frozen=True)
class FieldError:
    """One thing wrong with one field: where it stands, what to do about it, and a stable code."""

    field: str
    message: str
    code: str


class TakipError(Exception):
    """The root of every refusal: a stable `code`, a short `title`, and a `detail` about this very case.

    `allowed` names the commands that would be legal now, `since` the moment the obstacle arose,
    `retry_after` the seconds after which trying again makes sense.
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
    """The request itself cannot be understood."""


class Unauthenticated(TakipError):
    """Nobody, or nobody we can believe."""


class Forbidden(TakipError):
    """Somebody, who may not."""


class NotFound(TakipError):
    """Not there, or not theirs to know of."""


class Conflict(TakipError):
    """Well-formed, but not as things stand."""


class Stale(TakipError):
    """Decided on a version that is no longer the newest."""


class Unversioned(TakipError):
    """Decided on nobody knows what."""


class Invalid(TakipError):
    """Well-formed, but wrong: every field error at once."""


class Throttled(TakipError):
    """Too often: after a while it is all right again."""


class Unavailable(TakipError):
    """Nobody's fault: try again a little later."""


# --- errors that no single subject owns -------------------------------------------------------------------------------


class InvalidFields(Invalid):
    """One or more fields hold something that cannot be accepted."""

    code = "ERR_REQUEST_INVALID"
    title = "Some fields are wrong"

    def __init__(self, errors: Sequence[FieldError]) -> None:
        super().__init__("; ".join(f"{error.field}: {error.message}" for error in errors), errors=errors)


def refuse(errors: Sequence[FieldError]) -> None:
    """Refuse what has field errors, all of them at once; let pass what has none. Raises InvalidFields."""
    if errors:
        raise InvalidFields(errors)


def together(check: Callable[[], None], act: Callable[[], Result]) -> Result:
    """Check and act, and tell the field errors of both at once. Raises InvalidFields, and what else `act` raises."""
    found: list[FieldError] = []
    try:
        check()
    except InvalidFields as wrong:
        found += wrong.errors
    try:
        result = act()
    except InvalidFields as wrong:
        raise InvalidFields([*found, *wrong.errors]) from None
    refuse(found)
    return result


class BadParameter(Unreadable):
    """A parameter that is unknown or holds something that cannot be."""

    code = "ERR_REQUEST_BAD_PARAMETER"
    title = "Some parameters are wrong"


class BadCursor(Unreadable):
    """A cursor that this list never gave out."""

    code = "ERR_REQUEST_BAD_CURSOR"
    title = "The cursor does not belong to this list"


class UnknownId(NotFound):
    """An id in a path that nothing can have."""

    code = "ERR_REQUEST_UNKNOWN_ID"
    title = "Nothing has this id"


class IdempotencyKeyReused(Invalid):
    """The same key came with something else before."""

    code = "ERR_IDEMPOTENCY_KEY_REUSED"
    title = "This Idempotency-Key was used for something else"


class LostRace(Conflict):
    """Others kept changing the same thing until the time was up."""

    code = "ERR_COMMAND_LOST_RACE"
    title = "Others are changing the same thing right now"


class StaleVersion(Stale):
    """The If-Match version is no longer the newest."""

    code = "ERR_COMMAND_STALE_VERSION"
    title = "It has changed since it was read"


class VersionRequired(Unversioned):
    """A change of a plan must say which version it was decided on."""

    code = "ERR_COMMAND_VERSION_REQUIRED"
    title = "Say which version this was decided on"


class StorageUnavailable(Unavailable):
    """The table cannot be reached or is throttled."""

    code = "ERR_STORAGE_UNAVAILABLE"
    title = "Storage is unavailable"
