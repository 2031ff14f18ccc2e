"""The tables of the columns of exports, made from the declarations of the doors."""

from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any, Literal, get_args, get_origin

from chalicelib.schemas.exports import RowOut
from functions._rules import RULES, Rule

WORDS = {
    datetime: "instant",
    date: "day",
    Decimal: "number",
    int: "whole number",
    bool: "true, false",
    str: "text",
    dict: "`name=value`, with spaces between",
    list: "texts, with spaces between",
    type(None): "",
}


def columns_tables() -> str:
    """A table for each export: its columns, their values, and the formulas of those that are computed."""
    exports = sorted((rule for rule in RULES if rule.is_export), key=lambda rule: rule.path)
    return "\n".join(map(_table, exports))


def _table(rule: Rule) -> str:
    """The columns of an export."""
    shape = rule.shape
    formulas = shape.formula_ids() if issubclass(shape, RowOut) else {}
    lines = [f"## {rule.endpoint}", rule.says, "", "| column | values | formula |", "|---|---|---|"]
    for column, field in shape.model_fields.items():
        words = list(_words(field.annotation))
        values = ", ".join(filter(None, words)) + ("?" if "" in words else "")
        lines.append(f"| `{column}` | {values} | {f'`{formulas[column]}`' if column in formulas else ''} |")
    return "\n".join(lines) + "\n"


def _words(annotation: Any) -> Iterator[str]:
    """The types of a column in words; an empty one if its cells may be empty."""
    if annotation in WORDS or get_origin(annotation) in WORDS:
        yield WORDS[get_origin(annotation) or annotation]
    elif get_origin(annotation) is Literal:
        yield ", ".join(get_args(annotation))
    elif isinstance(annotation, type) and issubclass(annotation, StrEnum):
        yield ", ".join(annotation)
    else:
        for each in get_args(annotation):
            yield from _words(each)
