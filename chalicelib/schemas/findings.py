"""What Pydantic finds wrong with a request, as errors of fields in Takip's own words."""

import re
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from pydantic import AliasChoices, BaseModel
from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails

from chalicelib.domain import plain_json
from chalicelib.domain.errors import FieldError
from chalicelib.domain.sentences import ONE_OF, Named, Sentence, said, say

INVALID = "invalid"
_TEXT, _WHOLE, _NUMBER = "must be a text", "must be a whole number", "must be a number"
_LIST, _OBJECT, _YES_OR_NO = "must be a list", "must be an object", "must be true or false"
# The form of the message of each of Pydantic's types of errors. Since the first release the types are codes of fields.
# A form names what Pydantic says beside an error, such as `max_length`.
FORMS: Mapping[str, str] = {
    "bool_parsing": _YES_OR_NO,
    "bool_type": _YES_OR_NO,
    "decimal_max_digits": "must have at most {max_digits} digits",
    "decimal_max_places": "must have at most {decimal_places} decimal places",
    "decimal_whole_digits": "must have at most {whole_digits} digits before the decimal point",
    "dict_type": _OBJECT,
    "enum": ONE_OF,
    "extra_forbidden": "is unknown",
    "finite_number": "must be a finite number",
    "float_parsing": _NUMBER,
    "float_type": _NUMBER,
    "greater_than": "must be greater than {gt}",
    "greater_than_equal": "must be at least {ge}",
    "int_from_float": _WHOLE,
    "int_parsing": _WHOLE,
    "int_parsing_size": _WHOLE,
    "int_type": _WHOLE,
    "less_than_equal": "must be at most {le}",
    "literal_error": ONE_OF,
    "missing": "is required",
    "model_attributes_type": _OBJECT,
    "model_type": _OBJECT,
    "string_pattern_mismatch": "must match the pattern {pattern}",
    "string_too_long": "must have at most {max_length} characters",
    "string_too_short": "must have at least {min_length} characters",
    "string_type": _TEXT,
    "string_unicode": "must be a text in valid Unicode",
    "too_long": "must have at most {max_length} items",
    "too_short": "must have at least {min_length} items",
    "tuple_type": _LIST,
}
_CODE = re.compile(r"'([^']*)'")


def field_errors(findings: list[ErrorDetails], shape: type[BaseModel]) -> list[FieldError]:
    """Pydantic's findings as field errors. A list is not told to be too short if only its wrong items are missing."""
    within = {finding["loc"][:depth] for finding in findings for depth in range(len(finding["loc"]))}
    shown = (finding for finding in findings if finding["type"] != "too_short" or finding["loc"] not in within)
    return [_field_error(finding, shape) for finding in shown]


def accepted(shape: type[BaseModel]) -> Mapping[str, FieldInfo]:
    """The fields of a shape by each accepted name, new and old."""
    return {
        str(accepted): field
        for name, field in shape.model_fields.items()
        for accepted in (
            field.validation_alias.choices
            if isinstance(field.validation_alias, AliasChoices)
            else [field.alias or name]
        )
    }


def _field_error(finding: ErrorDetails, shape: type[BaseModel]) -> FieldError:
    """One of Pydantic's findings as a field error."""
    path = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in finding["loc"]).lstrip(".")
    known = finding["type"] in FORMS or _own(finding) is not None
    message = _message(finding, path, shape) if known else say("is not valid")
    return FieldError(path or "body", message, finding["type"] if known else INVALID)


def _own(finding: ErrorDetails) -> Sentence | None:
    """What a check of ours said; None if the check is Pydantic's."""
    beside = finding.get("ctx", {})
    return said(beside["error"]) if "error" in beside else beside.get("said")


def _message(finding: ErrorDetails, path: str, shape: type[BaseModel]) -> Sentence:
    if finding["type"] == "extra_forbidden" and len(finding["loc"]) == 1:
        known = [field.alias or name for name, field in shape.model_fields.items()]
        return say("is unknown; known fields are: {known}", known=known or ["none"])
    if isinstance(finding.get("input"), plain_json.Ambiguous):
        return say("must be a JSON object in which no name stands twice")
    if finding.get("input", path) is None:
        field = accepted(shape).get(path)
        needed = field is None or field.is_required()
        return say("must not be null") if needed else say("must not be null; leave it out")
    own = _own(finding)
    if own is not None:
        return own
    beside = _named(finding.get("ctx", {}))
    if beside.get("min_length") == 1:
        return say("must not be empty", **beside)
    return say(FORMS[finding["type"]], **beside)


def _named(beside: Mapping[str, Any]) -> dict[str, Named | Decimal]:
    """What Pydantic says beside an error, in the types of JSON. Codes that are expected are a list, as `allowed`."""
    named = {name: _plain(value) for name, value in beside.items()}
    if "expected" in named:
        named["allowed"] = _CODE.findall(str(named.pop("expected")))
    return named


def _plain(value: Any) -> Named | Decimal:
    if isinstance(value, date):
        return value.isoformat()
    return value if isinstance(value, int | float | Decimal) else str(value)
