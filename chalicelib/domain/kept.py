"""Kept fields: what a change does not give stays as it is; what it gives as None is cleared."""

from enum import Enum
from typing import Any, Final, TypeVar

Value = TypeVar("Value")


class Kept(Enum):
    """The type of `KEPT`, which stands where a change gives no value: the field stays as it is."""

    KEPT = "kept"


KEPT: Final = Kept.KEPT


def given(payload: object, *names: str) -> dict[str, Any]:
    """The fields of these names that a payload gives, with their values; a field that is kept is not among them."""
    return {name: value for name in names if not isinstance(value := getattr(payload, name), Kept)}


def value_after(before: Value, wanted: Value | Kept) -> Value:
    """The value that a field has after a change."""
    return before if isinstance(wanted, Kept) else wanted
