"""What an older client would notice is told; what it would not is not."""

from collections.abc import Callable
from copy import deepcopy
from typing import Any

import pytest

from infra.documents.compatibility import breaking, may_break

Json = dict[str, Any]
REF = "#/components/schemas/"


THING: Json = {
    "type": "object",
    "properties": {
        "id": {"type": "string"},
        "count": {"type": "integer"},
        "state": {"$ref": REF + "State"},
        "note": {"anyOf": [{"type": "string"}, {"type": "null"}]},
        "parts": {"type": "array", "items": {"$ref": REF + "Thing"}},
        "sums": {"type": "object", "additionalProperties": {"type": "number"}},
    },
    "required": ["id", "count", "state"],
}
STATE: Json = {"type": "string", "enum": ["on", "off"]}
NEW: Json = {
    "type": "object",
    "additionalProperties": False,
    "properties": {
        "name": {"type": "string", "minLength": 1, "maxLength": 200, "pattern": "^x"},
        "amount": {"type": "number", "minimum": 0},
        "state": {"$ref": REF + "State"},
        "marks": {"type": "array", "items": {"type": "integer"}, "maxItems": 40},
    },
    "required": ["name"],
}


def contract() -> Json:
    """A small contract: a list with a filter, and a creation."""
    content = {"content": {"application/json": {"schema": {"$ref": REF + "Thing"}}}}
    kind = {"name": "state", "in": "query", "schema": {"$ref": REF + "State"}}
    return {
        "paths": {
            "/things": {
                "get": {"parameters": [kind], "responses": {"200": content, "404": {}}},
                "post": {
                    "requestBody": {
                        "required": True,
                        "content": {"application/json": {"schema": {"$ref": REF + "New"}}},
                    },
                    "responses": {"201": content},
                },
            }
        },
        "components": {
            "schemas": {
                "Thing": deepcopy(THING),
                "New": deepcopy(NEW),
                "State": {"type": "string", "enum": ["on", "off"]},
            }
        },
    }


def schema(document: Json, name: str) -> Json:
    found: Json = document["components"]["schemas"][name]
    return found


def operation(document: Json, method: str) -> Json:
    found: Json = document["paths"]["/things"][method]
    return found


def put(document: Json, name: str, field: str, value: Json) -> None:
    schema(document, name)["properties"][field] = value


BREAKING: dict[str, Callable[[Json], object]] = {
    "GET /things: is removed": lambda new: new["paths"]["/things"].pop("get"),
    "GET /things: state is removed": lambda new: operation(new, "get").update(parameters=[]),
    "GET /things: page is needed now": lambda new: operation(new, "get")["parameters"].append(
        {"name": "page", "in": "query", "required": True, "schema": {"type": "string"}}
    ),
    "GET /things: 200 is removed": lambda new: operation(new, "get")["responses"].pop("200"),
    "GET /things: application/json is removed": lambda new: operation(new, "get")["responses"]["200"].update(
        content={}
    ),
    "POST /things: takes no body any more": lambda new: operation(new, "post").pop("requestBody"),
    "POST /things: amount is removed": lambda new: schema(new, "New")["properties"].pop("amount"),
    "POST /things: amount is needed now": lambda new: schema(new, "New")["required"].append("amount"),
    "POST /things, name: minLength is 2 now": lambda new: schema(new, "New")["properties"]["name"].update(minLength=2),
    "POST /things, name: maxLength is 9 now": lambda new: schema(new, "New")["properties"]["name"].update(maxLength=9),
    "POST /things, name: the pattern is ^y now": lambda new: schema(new, "New")["properties"]["name"].update(
        pattern="^y"
    ),
    "POST /things, amount: integer, number comes where integer is read": lambda new: put(
        new, "New", "amount", {"type": "integer", "minimum": 0}
    ),
    "POST /things, amount: maximum is 5 now": lambda new: schema(new, "New")["properties"]["amount"].update(maximum=5),
    "POST /things, marks: maxItems is 20 now": lambda new: schema(new, "New")["properties"]["marks"].update(
        maxItems=20
    ),
    "POST /things, marks, []: integer comes where string is read": lambda new: schema(new, "New")["properties"][
        "marks"
    ].update(items={"type": "string"}),
    "POST /things, state: takes only on now": lambda new: put(new, "New", "state", {"type": "string", "enum": ["on"]}),
    "GET /things: note is removed": lambda new: schema(new, "Thing")["properties"].pop("note"),
    "GET /things: id may be missing now": lambda new: schema(new, "Thing")["required"].remove("id"),
    "GET /things, count: integer, number comes where integer is read": lambda new: put(
        new, "Thing", "count", {"type": "number"}
    ),
    "GET /things, count: null comes where integer is read": lambda new: put(
        new, "Thing", "count", {"anyOf": [{"type": "integer"}, {"type": "null"}]}
    ),
    "GET /things, sums, []: string comes where integer, number is read": lambda new: put(
        new, "Thing", "sums", {"type": "object", "additionalProperties": {"type": "string"}}
    ),
}

HARMLESS: dict[str, Callable[[Json], object]] = {
    "a new operation": lambda new: new["paths"].update({"/others": {"get": {"responses": {"200": {}}}}}),
    "a new parameter": lambda new: operation(new, "get")["parameters"].append(
        {"name": "page", "in": "query", "schema": {"type": "string"}}
    ),
    "a new field of a body": lambda new: put(new, "New", "note", {"type": "string"}),
    "a field of a body that may be null now": lambda new: put(
        new, "New", "amount", {"anyOf": [{"type": "number"}, {"type": "null"}]}
    ),
    "wider bounds": lambda new: schema(new, "New")["properties"]["name"].update(maxLength=300, minLength=0),
    "a new field of an answer": lambda new: put(new, "Thing", "colour", {"type": "string"}),
    "an answer that is always whole": lambda new: schema(new, "Thing")["required"].append("note"),
    "a new value of an enumeration": lambda new: schema(new, "State").update(enum=["on", "off", "gone"]),
    "another refusal": lambda new: operation(new, "get")["responses"].update({"409": {}}),
    "a refusal less": lambda new: operation(new, "get")["responses"].pop("404"),
}


@pytest.mark.parametrize("sentence", list(BREAKING))
def test_what_an_older_client_would_notice_is_told(sentence: str) -> None:
    after = contract()
    BREAKING[sentence](after)
    assert sentence in breaking(contract(), after)


@pytest.mark.parametrize("change", list(HARMLESS))
def test_what_it_would_not_notice_is_not(change: str) -> None:
    after = contract()
    HARMLESS[change](after)
    assert breaking(contract(), after) == []


def test_a_body_that_was_not_needed_before_is_told() -> None:
    before = contract()
    operation(before, "post")["requestBody"]["required"] = False
    assert breaking(before, contract()) == ["POST /things: a body is needed now"]
    operation(before, "post").pop("requestBody")
    assert breaking(before, contract()) == ["POST /things: a body is needed now"]


@pytest.mark.parametrize(
    ("before", "after", "may"),
    [
        ("1.4.2", "2.0.0", True),
        ("1.4.2", "1.5.0", False),
        ("0.1.0", "0.2.0", True),
        ("0.1.0", "0.1.9", False),
        ("0.9.0", "1.0.0", True),
        ("1.0.0", "1.10.0", False),
    ],
)
def test_a_version_says_whether_it_may_break_clients(before: str, after: str, *, may: bool) -> None:
    assert may_break(before, after) is may
