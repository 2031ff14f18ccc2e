"""Every text that comes in is kept in one of the forms of the domain, or is named here with the reason."""

from collections.abc import Iterator
from typing import Any, get_args

import pytest
from pydantic import BaseModel, BeforeValidator
from pydantic.fields import FieldInfo

from chalicelib.schemas.base import Body, Filters
from chalicelib.schemas.values import NewId
from functions._rules import RULES, words_of_paths
from infra.documents.derived import load_everything

load_everything()

# Signed or sealed by Takip itself: what is not exactly as it was given is refused where it is opened. The payload of an
# offline command is read later, as the body of its own door.
EXCEPTIONS = {"refresh_token", "cursor", "payload"}


def _shapes(parent: type[BaseModel]) -> Iterator[type[BaseModel]]:
    for each in parent.__subclasses__():
        yield each
        yield from _shapes(each)


SHAPES = [*dict.fromkeys([*_shapes(Body), *_shapes(Filters)])]


def _texts(annotation: Any, metadata: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """What stands beside each `str` in a type."""
    if annotation is str:
        yield metadata
    for each in get_args(annotation):
        beside = annotation.__metadata__ if hasattr(annotation, "__metadata__") else ()
        yield from _texts(each, (*metadata, *beside) if each is get_args(annotation)[0] else ())


def _kept_in_a_form(metadata: tuple[Any, ...]) -> bool:
    patterns = [getattr(part, "pattern", None) for each in metadata for part in [each, *getattr(each, "metadata", ())]]
    return any(isinstance(each, BeforeValidator) for each in metadata) or any(patterns)


def _wrong(name: str, field: FieldInfo) -> bool:
    texts = _texts(field.annotation, tuple(field.metadata))
    return name not in EXCEPTIONS and not all(map(_kept_in_a_form, texts))


@pytest.mark.parametrize("shape", SHAPES)
def test_every_text_that_comes_in_has_one_form(shape: type[BaseModel]) -> None:
    assert [name for name, field in shape.model_fields.items() if _wrong(name, field)] == []


class Loose(Body):
    """A shape with texts that nobody looks at."""

    note: str
    names: tuple[str, ...] = ()
    maybe: str | None = None


def test_a_text_without_a_form_is_found() -> None:
    assert [name for name, field in Loose.model_fields.items() if _wrong(name, field)] == ["note", "names", "maybe"]


PLACES_OF_NEW_IDS = {
    "/workorders/{}",
    "/machines/{}",
}


def test_every_id_that_can_be_created_is_held_to_the_words_of_paths() -> None:
    places = {rule.location.replace("{id}", "{}") for rule in RULES if rule.location and "id" in rule.body.model_fields}
    held = {
        part.place
        for rule in RULES
        if rule.location and "id" in rule.body.model_fields
        for metadata in _texts(rule.body.model_fields["id"].annotation, tuple(rule.body.model_fields["id"].metadata))
        for part in metadata
        if isinstance(part, NewId)
    }
    assert held == places == PLACES_OF_NEW_IDS
    assert words_of_paths()["/machines/{}"] == {"quarantine", "stops"}
