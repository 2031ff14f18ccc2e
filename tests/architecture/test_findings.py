"""What Pydantic may find in a request has words of ours, and what it does not know yet too."""

from collections.abc import Iterator
from typing import Any

import pytest
from pydantic import BaseModel

from chalicelib.schemas.base import Body
from chalicelib.schemas.findings import FORMS, field_errors
from chalicelib.schemas.sync import OfflineCommand
from functions._commands import BODIES
from functions._rules import OLD_RULES, RULES
from infra.documents.derived import load_everything

# The types of errors that each kind of schema can give, by the keys of the schema that make them possible.
BY_KIND = {
    "str": {
        "": ["string_type", "string_unicode"],
        "min_length": ["string_too_short"],
        "max_length": ["string_too_long"],
        "pattern": ["string_pattern_mismatch"],
    },
    "int": {"": ["int_type", "int_parsing", "int_parsing_size", "int_from_float", "finite_number"]},
    "float": {"": ["float_type", "float_parsing"], "allow_inf_nan": ["finite_number"]},
    "decimal": {
        "max_digits": ["decimal_max_digits", "decimal_whole_digits"],
        "decimal_places": ["decimal_max_places"],
    },
    "bool": {"": ["bool_type", "bool_parsing"]},
    "literal": {"": ["literal_error"]},
    "enum": {"": ["enum"]},
    "tuple": {"": ["tuple_type"], "min_length": ["too_short"], "max_length": ["too_long"]},
    "dict": {"": ["dict_type"], "min_length": ["too_short"], "max_length": ["too_long"]},
    "model": {"": ["model_type", "model_attributes_type"]},
    "model-fields": {"": ["model_type", "model_attributes_type", "missing", "extra_forbidden"]},
}
BOUNDS = {"gt": "greater_than", "ge": "greater_than_equal", "le": "less_than_equal", "lt": "less_than"}
# These read nothing themselves, or what checks of ours have read before them.
SILENT = {
    "any",
    "date",
    "datetime",
    "default",
    "definition-ref",
    "definitions",
    "function-after",
    "function-before",
    "model-field",
    "no-info",
    "nullable",
    "union",
    "with-info",
}


def test_every_error_that_a_request_can_have_has_words_of_ours() -> None:
    load_everything()
    shapes: set[type[BaseModel]] = {shape for rule in (*RULES, *OLD_RULES) for shape in (rule.body, rule.query)} | {
        *BODIES.values(),
        OfflineCommand,
    }
    possible = set[str]()
    for shape in shapes:
        shape.model_rebuild(force=True)
        for schema in _schemas(shape.__pydantic_core_schema__):
            kind = schema["type"]
            assert kind in BY_KIND or kind in SILENT, f"{kind}: say which errors it can give"
            given = {key: errors for key, errors in BY_KIND.get(kind, {}).items() if not key or key in schema}
            possible |= {error for errors in given.values() for error in errors}
            possible |= {error for bound, error in BOUNDS.items() if bound in schema}

    assert possible == FORMS.keys()


@pytest.mark.parametrize("kind", ["date_past", "url_parsing", "frozen_field"])
def test_an_error_that_nobody_knows_yet_is_told_in_plain_words(kind: Any) -> None:
    finding: Any = {"type": kind, "loc": ("field",), "msg": "Input should be something", "input": 1}
    (error,) = field_errors([finding], Body)

    assert (error.field, error.code, error.message) == ("field", "invalid", "is not valid")


def test_what_a_library_raises_in_a_check_is_not_told() -> None:
    finding: Any = {
        "type": "value_error",
        "loc": ("day",),
        "msg": "Value error, Invalid isoformat string",
        "input": "x",
        "ctx": {"error": ValueError("Invalid isoformat string: 'x'")},
    }

    (error,) = field_errors([finding], Body)

    assert (error.code, error.message) == ("value_error", "is not valid")


def _schemas(part: Any) -> Iterator[dict[str, Any]]:
    """Every schema in a schema."""
    if isinstance(part, dict):
        if isinstance(part.get("type"), str):
            yield part
        for name, each in part.items():
            if name not in ("serialization", "metadata"):
                yield from _schemas(each)
    elif isinstance(part, list | tuple):
        for each in part:
            yield from _schemas(each)
