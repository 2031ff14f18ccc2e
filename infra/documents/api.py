"""The tables of endpoints and shapes, made from the declarations of the doors."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from chalicelib.domain.people.permissions import PERMISSIONS
from chalicelib.schemas.base import Out
from chalicelib.schemas.problems import ProblemOut
from functions._response import EVERY_BODY, EVERY_DOOR, STATUS_OF
from functions._rules import RULES, Family, Rule, Shape

SHAPES_ARE = """## Shapes
The fields of each shape. An answer holds its shape under `data`; a list holds one shape per item under `items`.
An error has the shape `problem`. `?`: may be null or missing. `[]`: a list. `{}`: an object, with its fields or the
name of its shape. `*`: any name."""


def endpoints_and_shapes() -> str:
    """The derived part of the API's document."""
    return f"{_beside()}\n\n{endpoints_table(RULES)}\n{SHAPES_ARE}\n\n{shapes_table()}"


def endpoints_table(rules: Iterable[Rule]) -> str:
    """Endpoints: method and path, roles, input, answer, errors, description."""
    lines = ["| endpoint | roles | parameters | body | answer | errors | |", "|---|---|---|---|---|---|---|"]
    for rule in sorted(rules, key=lambda rule: (rule.path, rule.method)):
        cells = [
            f"`{rule.endpoint}`",
            _roles(rule),
            _fields(rule.query),
            _fields(rule.body),
            _answer(rule),
            _statuses(rule.families),
            rule.says,
        ]
        lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines) + "\n"


def shapes_table() -> str:
    """The shape of every answer, and the shape of an error."""
    shapes = sorted({rule.shape for rule in RULES} | {ProblemOut}, key=shape_name)
    named = {shape.__name__: shape_name(shape) for shape in shapes}
    lines = ["| shape | fields |", "|---|---|"]
    for shape in shapes:
        schema = shape.model_json_schema(mode="serialization")
        members = _Schema(schema.get("$defs", {}), named).members(schema)
        fields = ", ".join(f"`{member}`" for member in members) or "–"
        lines.append(f"| {shape_name(shape)} | {fields} |")
    return "\n".join(lines) + "\n"


def shape_name(shape: type[Out]) -> str:
    """The name of a shape in text: `SignedInOut` is `signed in`."""
    return re.sub(r"(?<!^)(?=[A-Z])", " ", shape.__name__.removesuffix("Out")).lower()


def _answer(rule: Rule) -> str:
    """The statuses of a success and the shape of its answer."""
    statuses = ", ".join(str(int(status)) for status in rule.statuses)
    if rule.text_type:
        return f"{statuses} text, {rule.text_type}"
    if rule.is_page:
        return f"{statuses} for a browser"
    return f"{statuses} {'list of ' if rule.is_list else ''}{shape_name(rule.shape)}"


def _statuses(families: Iterable[Family]) -> str:
    return ", ".join(str(status) for status in sorted({int(STATUS_OF[family]) for family in families})) or "–"


def _roles(rule: Rule) -> str:
    if rule.action is None:
        return "everybody"
    return ", ".join([*sorted(PERMISSIONS[rule.action]), *(["a machine with its key"] if rule.machines else [])])


def _fields(shape: Shape) -> str:
    names = (
        f"`{field.alias or name}`" + ("" if field.is_required() else "?") for name, field in shape.model_fields.items()
    )
    return ", ".join(names) or "–"


def _beside() -> str:
    """What is the same for every endpoint."""
    return (
        f"Every endpoint can also answer {_statuses(EVERY_DOOR)}. 412 means that If-Match is not an ETag. "
        f"An endpoint with a body can also answer {_statuses(EVERY_BODY)}."
    )


@dataclass(frozen=True)
class _Schema:
    """The JSON schema of a shape, its definitions, and the names of the shapes that have their own row."""

    definitions: dict[str, Any]
    named: dict[str, str]

    def members(self, schema: dict[str, Any]) -> Iterator[str]:
        """The fields: `[]` after a list, `{}` around the fields of an object, `?` after a field that may be missing."""
        for name, field in schema.get("properties", {}).items():
            options = field.get("anyOf", [field])
            values = [option for option in options if option.get("type") != "null"]
            several = "[]" if any("items" in value for value in values) else ""
            held = filter(None, (self._held(value.get("items", value)) for value in values))
            yield f"{name}{several}{' or '.join(held)}{'' if values == options else '?'}"

    def _held(self, value: dict[str, Any]) -> str:
        """The fields of an object, in braces; empty for any other value."""
        if "additionalProperties" in value:
            further = value["additionalProperties"]
            return f"{{*{self._held(further) if isinstance(further, dict) else ''}}}"
        definition = value.get("$ref", "").rpartition("/")[2]
        if definition in self.named:
            return f"{{{self.named[definition]}}}"
        members = " ".join(self.members(self.definitions.get(definition, {})))
        return f"{{{members}}}" if members else ""
