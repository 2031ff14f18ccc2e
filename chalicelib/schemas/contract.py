"""The JSON schemas of shapes, as the published contract shows them."""

from collections.abc import Iterable, Mapping
from typing import Any

from pydantic import BaseModel, GetCoreSchemaHandler
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaMode, models_json_schema
from pydantic_core import core_schema

from chalicelib.schemas.base import OLD_NAMES, Body, Filters

Json = dict[str, Any]
Shape = type[BaseModel]

PLACE = "#/components/schemas/"
SHOWN = "shown"


class Shown:
    """Says in the contract what is expected of a value that is checked later, on its own: it has this shape."""

    def __init__(self, shape: Shape) -> None:
        self._shape = shape

    def __get_pydantic_core_schema__(self, _: object, __: GetCoreSchemaHandler) -> core_schema.CoreSchema:
        """Any value, which remembers the shape."""
        return core_schema.any_schema(metadata={SHOWN: self._shape})


class _Plain(GenerateJsonSchema):
    """JSON schemas without what only repeats the name of a field. A decimal is a JSON number, never a text."""

    def field_title_should_be_set(self, schema: Any) -> bool:  # noqa: ARG002  as Pydantic calls it
        """No field has a title of its own."""
        return False

    def any_schema(self, schema: core_schema.AnySchema) -> Json:
        """Any value; or the shape that is expected of it."""
        shape = schema.get("metadata", {}).get(SHOWN)
        return self.generate_inner(shape.__pydantic_core_schema__) if shape else super().any_schema(schema)

    def model_schema(self, schema: core_schema.ModelSchema) -> Json:
        """A shape. Its optional fields that may also have their former name have it too, deprecated."""
        shown = super().model_schema(schema)
        if self.mode == "validation" and issubclass(schema["cls"], Body | Filters):
            own, needed = shown.get("properties", {}), shown.get("required", ())
            former = {OLD_NAMES[name]: own[name] for name in own if name in OLD_NAMES and name not in needed}
            own |= {name: {**member, "deprecated": True} for name, member in former.items()}
        return shown

    def decimal_schema(self, schema: core_schema.DecimalSchema) -> Json:
        """A number with the bounds of the decimal."""
        bounds = {"minimum": schema.get("ge"), "exclusiveMinimum": schema.get("gt"), "maximum": schema.get("le")}
        return {"type": "number"} | {name: int(bound) for name, bound in bounds.items() if bound is not None}


def schemas_of(taken: Iterable[Shape], given: Iterable[Shape]) -> tuple[Json, Mapping[Shape, Json]]:
    """The schemas of what Takip takes and gives, by name, and a reference to that of each shape.

    An answer's shape loses the suffix `Out`.
    """
    modes: list[tuple[Shape, JsonSchemaMode]] = [
        *((shape, "validation") for shape in dict.fromkeys(taken)),
        *((shape, "serialization") for shape in dict.fromkeys(given)),
    ]
    references, whole = models_json_schema(modes, ref_template=PLACE + "{model}", schema_generator=_Plain)
    named = _renamed(
        {"schemas": whole["$defs"], "of": {shape.__name__: each for (shape, _), each in references.items()}}
    )
    return named["schemas"], {shape: named["of"][_short(shape.__name__)] for shape, _ in modes}


def _renamed(value: Any) -> Any:
    """The same with short names in references and of schemas, and without titles, which only repeat them."""
    if isinstance(value, dict):
        return {
            _short(name): PLACE + _short(each.removeprefix(PLACE)) if name == "$ref" else _renamed(each)
            for name, each in value.items()
            if name != "title" or isinstance(each, dict)  # a field may be called so
        }
    return [_renamed(each) for each in value] if isinstance(value, list) else value


def _short(name: str) -> str:
    return name.removesuffix("Out") if name[:1].isupper() else name


def members_of(schemas: Json, reference: Json) -> tuple[Json, frozenset[str]]:
    """The fields of a schema, by name, and the names of those that must be there."""
    schema = schemas[reference["$ref"].removeprefix(PLACE)]
    return schema.get("properties", {}), frozenset(schema.get("required", ()))
