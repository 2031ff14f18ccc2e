"""The content of errors."""

import importlib
import pkgutil
import re
from collections.abc import Iterator

import pytest

from chalicelib import domain
from chalicelib.domain.errors import (
    Conflict,
    FieldError,
    Forbidden,
    Invalid,
    InvalidFields,
    LostRace,
    NotFound,
    Stale,
    TakipError,
    Unauthenticated,
    Unavailable,
    Unreadable,
    refuse,
)
from tests.domain.builders import MORNING

FAMILIES = (Unreadable, Unauthenticated, Forbidden, NotFound, Conflict, Stale, Invalid, Unavailable)

for module in pkgutil.iter_modules(domain.__path__, "chalicelib.domain."):
    importlib.import_module(module.name)


def descendants(error: type[TakipError]) -> Iterator[type[TakipError]]:
    for each in error.__subclasses__():
        yield each
        yield from descendants(each)


ERRORS = sorted(
    {
        error
        for family in FAMILIES
        for error in descendants(family)
        if error.__module__.startswith("chalicelib.domain.")
    },
    key=lambda error: error.__name__,
)


@pytest.mark.parametrize("error", ERRORS, ids=lambda error: error.__name__)
def test_every_refusal_has_a_code_of_its_own_and_a_title(error: type[TakipError]) -> None:
    assert re.fullmatch(r"ERR_[A-Z]+(_[A-Z]+)+", error.code)
    assert error.title
    assert not error.title.endswith(".")
    assert [other.__name__ for other in ERRORS if other.code == error.code] == [error.__name__]


def test_every_refusal_belongs_to_one_family() -> None:
    for error in ERRORS:
        assert sum(issubclass(error, family) for family in FAMILIES) == 1


def test_a_refusal_says_what_stands_in_the_way_and_what_is_possible() -> None:
    error = LostRace("Again.", allowed=["start"], since=MORNING, retry_after=1)
    assert (str(error), error.detail, error.errors) == ("Again.", "Again.", ())
    assert (error.allowed, error.since, error.retry_after) == (("start",), MORNING, 1)
    bare = LostRace("Again.")
    assert (bare.allowed, bare.since, bare.retry_after) == (None, None, None)


def test_that_nothing_is_allowed_is_something_else_than_that_nothing_is_said() -> None:
    assert LostRace("Again.", allowed=[]).allowed == ()


def test_all_field_errors_are_told_at_once() -> None:
    errors = [FieldError("a", "must be b", "not_b"), FieldError("c", "must be d", "not_d")]
    with pytest.raises(InvalidFields, match=re.escape("a: must be b; c: must be d")) as refusal:
        refuse(errors)
    assert refusal.value.errors == tuple(errors)
    refuse([])
