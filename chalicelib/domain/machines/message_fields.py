"""Reads the fields of a machine's message from plain JSON data. Each error has a message and a stable code."""

import math
import re
from collections.abc import Callable
from typing import TypeVar

from chalicelib.domain import instants
from chalicelib.domain.errors import FieldError
from chalicelib.domain.machines.readings import TYPES, ReadingType, microseconds
from chalicelib.domain.sentences import ONE_OF, say

MAX_SEQ = 2**63 - 1
_AHEAD = say("is more than {minutes} minutes ahead of the server", minutes=instants.CLOCK_GRACE.seconds // 60)
_NUMBERS = (int, float)  # a tuple, because a union would be made anew for each reading
_IDENTIFIER = re.compile(r"[A-Za-z0-9_-]{1,64}")
_Read = TypeVar("_Read")
_Otherwise = TypeVar("_Otherwise")


class Wrong(ValueError):
    """A field has an invalid value."""

    def __init__(self, message: str, code: str) -> None:
        super().__init__(message)
        self.message = message
        self.code = code


class Fields:
    """Reads the fields of a record and collects every error, so that the sender sees all of them at once."""

    def __init__(self, where: str = "") -> None:
        self._where = where
        self.problems: list[FieldError] = []

    def read(self, field: str, parse: Callable[[], _Read], otherwise: _Otherwise) -> _Read | _Otherwise:
        """The result of `parse`, or `otherwise` if the field is invalid. Then its error is collected."""
        try:
            return parse()
        except Wrong as wrong:
            self.refuse(field, wrong.message, wrong.code)
            return otherwise

    def refuse(self, field: str, message: str, code: str) -> None:
        """Add the error of a field. An empty field name means the record itself."""
        place = ".".join(step for step in (self._where, field) if step)
        self.problems.append(FieldError(place, message, code))


def identifier(raw: object, default: str | None = None) -> str:
    """The id of a tenant, machine or sensor: 1 to 64 letters, digits, `_` and `-`. Raises Wrong."""
    if raw is None and default is not None:
        return default
    if raw is None:
        raise Wrong(say("is required"), "required")
    if not isinstance(raw, str) or not _IDENTIFIER.fullmatch(raw):
        raise Wrong(say("must be {least} to {most} letters, digits, _ or -", least=1, most=64), "bad_id")
    return raw


def reading_type(raw: object) -> str:
    """A known type of readings. Raises Wrong."""
    if raw is None:
        raise Wrong(say("is required"), "required")
    if not isinstance(raw, str) or raw not in TYPES:
        raise Wrong(say(ONE_OF, allowed=list(TYPES)), "unknown_type")
    return raw


def instant(raw: object, earliest: int | None, latest: int) -> int:
    """An RFC 3339 instant as whole microseconds since 1970. Finer digits are cut. Raises Wrong.

    It must lie between `earliest` (None: no limit) and `latest`. `latest` is near the server's time, so years after
    2199 need no check.
    """
    if raw is None:
        raise Wrong(say("is required"), "required")
    try:
        at = microseconds(instants.read(raw))
    except instants.NotAnInstant as wrong:
        raise Wrong(wrong.message, wrong.code) from None
    if at > latest:
        raise Wrong(_AHEAD, "in_the_future")
    if earliest is not None and at < earliest:
        raise Wrong(say("is older than the retention that the tenant has set"), "past_retention")
    if at < 0:
        raise Wrong(
            say("must be in the years {least} to {most}; check the device's clock", least=1970, most=2199),
            "out_of_range",
        )
    return at


def sequence(raw: object) -> int | None:
    """The number that a device gives its reading, or None. Raises Wrong."""
    if raw is None:
        return None
    if isinstance(raw, bool) or not isinstance(raw, int) or not 0 <= raw <= MAX_SEQ:
        raise Wrong(say("must be a whole number from {least} to {most}", least=0, most="2^63 - 1"), "bad_seq")
    return raw


def measured(raw: object, kind: ReadingType, low: float, high: float) -> float | str:
    """A value of its type: a float64 from `low` to `high`, with −0 as 0, or one of the type's words. Raises Wrong."""
    if raw is None:
        raise Wrong(say("is required"), "required")
    if kind.words:
        return _word(raw, kind.words)
    if isinstance(raw, bool) or not isinstance(raw, _NUMBERS):
        raise Wrong(say("must be a number"), "not_a_number")
    if low <= raw <= high:
        return raw + 0.0  # a float64, and −0 + 0 is 0
    if isinstance(raw, float) and not math.isfinite(raw):
        raise Wrong(say("must be finite"), "not_finite")
    if kind.unit:
        message = say("must be between {least} and {most} {unit}", least=low, most=high, unit=kind.unit)
    else:
        message = say("must be between {least} and {most}", least=low, most=high)
    raise Wrong(message, "out_of_range")


def _word(raw: object, words: tuple[str, ...]) -> str:
    if not isinstance(raw, str) or raw not in words:
        raise Wrong(say(ONE_OF, allowed=words), "unknown_state")
    return raw
