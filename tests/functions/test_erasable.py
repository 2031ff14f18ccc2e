"""Every text that a request may hold is known to the erasing of people: sentences are searched, names of things not."""

from collections.abc import Iterator
from typing import Any

from pydantic import BaseModel

from app import app
from chalicelib.domain.people.erasing import TEXTS
from chalicelib.schemas import values
from functions._rules import OLD_RULES, RULES

assert app.routes  # its doors are declared

# Texts of one line that name things or reasons, and which numbers are grouped by. A person's name in them stays.
NOUNS = {
    "customer",
    "line",
    "location",
    "machine_type",
    "material",
    "pause_reason",
    "reading_type",
    "scrap_reason",
    "type",
}
# Ids and words of the contract.
IDS = {
    "cause_code",
    "code",
    "command",
    "lot_no",
    "number",
    "product_code",
    "stage_ids",
    "stage_names",
    "states",
    "tag",
    "target",
    "unit",
    "up_to",
}
# Names of things of people are searched, others are nouns: NAMED in erasing.py. Devices are deleted.
NAMES = {"name", "device"}


def test_every_sentence_that_a_body_may_hold_is_searched() -> None:
    found = fields_that_read(values.Text, values.Note, values.LongText)
    assert {"note", "reason", "description"} <= found
    assert found <= TEXTS


def test_every_line_that_a_body_may_hold_is_searched_or_known_to_name_a_thing() -> None:
    found = fields_that_read(values.Line)
    assert {"name", "customer"} <= found
    assert found <= TEXTS | NOUNS | IDS | NAMES


def fields_that_read(*types: Any) -> set[str]:
    """The names of the fields of all bodies that are read as one of these types."""
    readers = [each.__metadata__[-1] for each in types]
    return {name for shape in shapes() for name, field in shape.model_fields.items() if reads(field, readers)}


def shapes() -> set[type[BaseModel]]:
    """The bodies of all doors, and what is in them."""
    found: set[type[BaseModel]] = set()
    waiting = [rule.body for rule in (*RULES, *OLD_RULES)]
    while waiting:
        shape = waiting.pop()
        if shape not in found:
            found.add(shape)
            inner = (part for field in shape.model_fields.values() for part in parts(field.annotation))
            waiting += [each for each in inner if isinstance(each, type) and issubclass(each, BaseModel)]
    return found


def parts(annotation: Any) -> Iterator[Any]:
    """A type, and the types in it."""
    yield annotation
    for each in getattr(annotation, "__args__", ()):
        yield from parts(each)


def reads(field: Any, readers: list[Any]) -> bool:
    """Whether one of these reads a field."""
    inner = [each for part in parts(field.annotation) for each in getattr(part, "__metadata__", ())]
    return any(each in readers for each in [*inner, *field.metadata])
