"""The published contract is valid, as the code is, and breaks no client of the last release."""

import json
import re
from collections.abc import Callable
from copy import deepcopy
from http import HTTPStatus
from typing import Any

import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator

from chalicelib.domain import plain_json
from chalicelib.schemas.contract import schemas_of
from chalicelib.schemas.problems import ProblemOut
from functions import _request
from functions._openapi import document
from functions._response import EVERY_BODY, EVERY_DOOR, STATUS_OF
from functions._rules import RULES, WRITES, Nothing, Rule, words_of_paths
from infra.documents.compatibility import broken_promises
from infra.documents.derived import CONTRACT, DOCS, contract, load_everything

load_everything()
DOORS = [rule for rule in RULES if not rule.is_page]


def operation(rule: Rule) -> dict[str, Any]:
    found: dict[str, Any] = document()["paths"][rule.path][rule.method.lower()]
    return found


def test_the_written_contract_is_up_to_date() -> None:
    assert (DOCS / CONTRACT).read_text(encoding="utf-8") == contract(), "run: python takip.py openapi"


def test_the_contract_is_valid() -> None:
    assert list(OpenAPIV31SpecValidator(json.loads(contract())).iter_errors()) == []


RELEASED = DOCS / "released" / CONTRACT


def test_no_client_of_the_last_release_is_broken() -> None:
    found = broken_promises(json.loads(RELEASED.read_text(encoding="utf-8")), json.loads(contract()))
    assert found == [], "keep what was promised, or raise the version (docs/api.md)"


Removed = Callable[[dict[str, Any]], object]
BREAKS: dict[str, Removed] = {
    "an endpoint": lambda now: now["paths"].pop("/stages/{stage_id}/start"),
    "a field of an answer": lambda now: now["components"]["schemas"]["Order"]["properties"].pop("lot_no"),
    "a type of an answer": lambda now: now["components"]["schemas"]["Order"]["properties"].update(
        quantity={"type": "string"}
    ),
    "a value that is taken": lambda now: now["components"]["schemas"]["Flow"]["enum"].remove("streaming"),
    "a bound of a body": lambda now: now["components"]["schemas"]["NewOrder"]["properties"]["product_code"].update(
        maxLength=3
    ),
    "a field that may be missing": lambda now: now["components"]["schemas"]["NewOrder"]["required"].append("flow"),
}


@pytest.mark.parametrize("change", BREAKS.values(), ids=list(BREAKS))
def test_a_broken_promise_is_seen_in_the_contract_itself(change: Removed) -> None:
    before = json.loads(contract())
    after = deepcopy(before)
    change(after)
    assert broken_promises(before, after) != []
    after["info"]["version"] = "9.0.0"
    assert broken_promises(before, after) == []


def test_every_door_is_an_operation_with_a_name_of_its_own() -> None:
    operations = [each for path in document()["paths"].values() for each in path.values()]
    names = [rule.name for rule in DOORS]
    assert sorted(each["operationId"] for each in operations) == sorted(names)
    assert len(set(names)) == len(names)


@pytest.mark.parametrize("rule", DOORS, ids=lambda rule: rule.name)
def test_an_operation_has_what_its_door_declares(rule: Rule) -> None:
    shown = operation(rule)
    query = {each["name"] for each in shown["parameters"] if each.get("in") == "query" and "deprecated" not in each}
    families = {*rule.families, *EVERY_DOOR, *(EVERY_BODY if rule.method in WRITES else ())}
    refused = {int(status) for status in shown["responses"] if status >= "400"}
    assert query == {field.alias or name for name, field in rule.query.model_fields.items()}
    assert ("requestBody" in shown) == (rule.body is not Nothing)
    assert refused == {int(STATUS_OF[family]) for family in families}
    little = {204} if rule.brief and not rule.is_batch else set()
    assert {int(status) for status in shown["responses"] if status < "300"} == set(map(int, rule.statuses)) | little
    assert bool(shown["security"]) == (rule.action is not None)
    assert shown["summary"]


def test_no_two_shapes_share_a_name() -> None:
    """A shape for an answer loses its suffix `Out`: no other shape may have the name that is left."""
    shapes = {rule.shape for rule in DOORS} | {ProblemOut}
    bodies = {shape for rule in DOORS for shape in (rule.body, rule.query)} - {Nothing}
    _, references = schemas_of(bodies, shapes)
    assert len({each["$ref"] for each in references.values()}) == len(shapes | bodies)


def test_a_decimal_is_a_number_and_an_instant_says_its_format() -> None:
    schemas = document()["components"]["schemas"]
    assert schemas["NewOrder"]["properties"]["quantity"] == {"type": "number", "exclusiveMinimum": 0}
    assert schemas["Order"]["properties"]["quantity"] == {"type": "number"}
    assert schemas["Order"]["properties"]["planned_end"] == {"type": "string", "format": "date-time"}
    assert '"title"' not in json.dumps(schemas["Order"])


def linked(path: str) -> dict[str, dict[str, str]]:
    """Where a link of what was created on a path leads, and how it fills in the ids of the other path."""
    links = document()["paths"][path]["post"]["responses"]["201"]["links"]
    return {name: link["parameters"] for name, link in links.items()}


def test_links_lead_from_an_order_to_its_stages_sessions_and_issues() -> None:
    order, session = linked("/workorders"), linked("/stages/{stage_id}/sessions")
    issue = linked("/stages/{stage_id}/issue")

    assert order["hold_work_order"] == {"order_id": "$response.body#/data/id"}
    assert order["start_stage"] == order["book_session"] == {"stage_id": "$response.body#/data/stages/0/id"}
    assert order["replan_stage"]["header.If-Match"] == "$response.header.ETag"
    in_stage = {"stage_id": "$request.path.stage_id"}
    assert session == {"correct_session": in_stage | {"session_id": "$response.body#/data/id"}}
    assert issue["change_issue_of_stage"] == in_stage | {"issue_id": "$response.body#/data/id"}


def test_every_link_fills_in_all_ids_of_the_path_to_which_it_leads() -> None:
    places = {rule.name: set(re.findall(r"{(\w+)}", rule.path)) for rule in DOORS}
    for path in (rule.path for rule in DOORS if HTTPStatus.CREATED in rule.statuses):
        answer = document()["paths"][path]["post"]["responses"]["201"]
        for name, link in answer.get("links", {}).items():
            assert link["operationId"] == name
            assert set(link["parameters"]) - {"header.If-Match"} == places[name]


EXAMPLES = [
    (rule.body, example)
    for rule in DOORS
    for extra in [rule.body.model_config.get("json_schema_extra")]
    if isinstance(extra, dict)
    for example in extra["examples"]  # type: ignore[union-attr]
]


def test_an_example_is_a_body_that_is_taken() -> None:
    assert len({shape for shape, _ in EXAMPLES}) >= 10
    for shape, example in EXAMPLES:
        decoded = plain_json.decode(json.dumps(example), _request._fraction, _request._whole)
        shape.model_validate(decoded, context=words_of_paths())
