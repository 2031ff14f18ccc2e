"""The fields of a machine's message, each read from plain JSON data or refused in words with a stable code."""

import math
import re
from collections.abc import Callable
from typing import TypeVar

from chalicelib.domain import instants
from chalicelib.domain.errors import FieldError
from chalicelib.domain.machines.readings import TYPES, SensorRanges, believable, microseconds

MAX_SEQ = 2**63 - 1

_IDENTIFIER = re.compile(r"[A-Za-z0-9_-]{1,64}")
_Read = TypeVar("_Read")
_Otherwise = TypeVar("_Otherwise")


class Wrong(ValueError):
    """A field cannot be read."""

    def __init__(self, message: str, code: str) -> None:
        super().__init__(message)
        self.message = message
        self.code = code


class Fields:
    """Reads one thing field by field and collects what is wrong, so that its sender sees every error at once."""

    def __init__(self, where: str = "") -> None:
        self._where = where
        self.problems: list[FieldError] = []

    def read(self, field: str, parse: Callable[[], _Read], otherwise: _Otherwise) -> _Read | _Otherwise:
        """What `parse` reads, or `otherwise` where it finds the field wrong."""
        try:
            return parse()
        except Wrong as wrong:
            self.refuse(field, wrong.message, wrong.code)
            return otherwise

    def refuse(self, field: str, message: str, code: str) -> None:
        """Note a problem with a field; the empty field is the thing itself."""
        place = ".".join(step for step in (self._where, field) if step)
        self.problems.append(FieldError(place, message, code))


def identifier(raw: object, default: str | None = None) -> str:
    """The id of a tenant, machine or sensor: 1–64 of letters, digits, `_` and `-`."""
    if raw is None and default is not None:
        return default
    if raw is None:
        raise Wrong("is required", "required")
    if not isinstance(raw, str) or not _IDENTIFIER.fullmatch(raw):
        raise Wrong("must be 1 to 64 letters, digits, _ or -", "bad_id")
    return raw


def reading_type(raw: object) -> str:
    """One of the types that Takip knows."""
    if raw is None:
        raise Wrong("is required", "required")
    if not isinstance(raw, str) or raw not in TYPES:
        raise Wrong(f"must be one of {', '.join(TYPES)}", "unknown_type")
    return raw


def instant(raw: object, earliest: int | None, latest: int) -> int:
    """An RFC 3339 instant as whole microseconds since 1970, finer digits cut; within `earliest` and `latest`.

    `latest` is near the server's time, so it keeps out every year after those that Takip takes.
    """
    if raw is None:
        raise Wrong("is required", "required")
    try:
        at = microseconds(instants.read(raw))
    except instants.NotAnInstant as wrong:
        raise Wrong(wrong.message, wrong.code) from None
    if at > latest:
        raise Wrong("is more than 5 minutes ahead of the server", "in_the_future")
    if earliest is not None and at < earliest:
        raise Wrong("is older than the retention that the tenant has set", "past_retention")
    if at < 0:
        raise Wrong("must be in the years 1970 to 2199; check the device's clock", "out_of_range")
    return at


def sequence(raw: object) -> int | None:
    """A device's own counter, if it has one."""
    if raw is None:
        return None
    if isinstance(raw, bool) or not isinstance(raw, int) or not 0 <= raw <= MAX_SEQ:
        raise Wrong("must be a whole number from 0 to 2^63 - 1", "bad_seq")
    return raw


def measured(raw: object, sensor: str, type_name: str, ranges: SensorRanges) -> float | str:
    """A value of its type: a believable float64 with −0 as 0, or one of the type's words."""
    if raw is None:
        raise Wrong("is required", "required")
    if type_name not in TYPES:
        return 0.0  # the type is the problem; without it nothing can be said about the value
    kind = TYPES[type_name]
    if kind.words:
        return _word(raw, kind.words)
    if isinstance(raw, bool) or not isinstance(raw, int | float):
        raise Wrong("must be a number", "not_a_number")
    if isinstance(raw, float) and not math.isfinite(raw):
        raise Wrong("must be finite", "not_finite")
    low, high = believable(sensor, type_name, ranges)
    if not low <= raw <= high:
        raise Wrong(f"must be between {low:.15g} and {high:.15g} {kind.unit}".rstrip(), "out_of_range")
    return float(raw) + 0.0  # −0 + 0 is 0


def _word(raw: object, words: tuple[str, ...]) -> str:
    if not isinstance(raw, str) or raw not in words:
        raise Wrong(f"must be one of {', '.join(words)}", "unknown_state")
    return raw
