"""Kept fields: in a change, a field that is absent stays as it is; a field that is None is cleared."""

from enum import Enum
from typing import Any, Final, TypeVar

Value = TypeVar("Value")


class Kept(Enum):
    """The type of `KEPT`, the value of a field that a change leaves as it is."""

    KEPT = "kept"


KEPT: Final = Kept.KEPT


def given(payload: object, *names: str) -> dict[str, Any]:
    """The fields with these names that the payload sets, with their values. Fields that are KEPT are left out."""
    return {name: value for name in names if not isinstance(value := getattr(payload, name), Kept)}


def value_after(before: Value, wanted: Value | Kept) -> Value:
    """The value of a field after a change."""
    return before if isinstance(wanted, Kept) else wanted
