"""The published contract over HTTP, and how an answer that breaks it is seen."""

import json
import re
from http import HTTPStatus

from functions._openapi import document
from functions._response import ALLOWED_HEADERS, EXPOSED_HEADERS
from functions._rules import RULES, Rule
from tests.floor import Plant
from tests.functions.contracted import breaches


def rule_of(name: str) -> Rule:
    return next(rule for rule in RULES if rule.name == name)


def test_everybody_reads_the_contract_as_it_is(plant: Plant) -> None:
    reply = plant.stranger.get("/openapi.json")
    assert (reply.status, reply.headers["Content-Type"], reply.body) == (200, "application/json", document())
    assert reply.headers["Cache-Control"] == "no-cache"


def test_the_contract_names_the_headers_of_requests_and_answers() -> None:
    said = json.dumps(document())
    # What HTTP itself gives every answer, and the link that says in another way what Next-Cursor says.
    elsewhere = {"Content-Type", "Date", "Link"}
    named = {*ALLOWED_HEADERS.split(", "), *EXPOSED_HEADERS.split(", ")} - elsewhere
    assert [name for name in sorted(named) if name not in said] == []


def test_a_contract_that_is_known_is_not_sent_again(plant: Plant) -> None:
    tag = plant.stranger.get("/openapi.json").headers["ETag"]
    assert plant.worker.get("/openapi.json", If_None_Match=tag).status == HTTPStatus.NOT_MODIFIED
    assert plant.worker.get("/openapi.json", If_None_Match='"another"').status == HTTPStatus.OK


def test_an_answer_that_breaks_the_contract_is_seen() -> None:
    health = {"status": "healthy", "version": "1", "timestamp": "2026-01-05T08:00:00.000Z"}
    rule = rule_of("tell_health")
    assert breaches(rule, 200, json.dumps({"status": "success", "data": health})) == []
    assert len(breaches(rule, 200, json.dumps({"status": "success", "data": health | {"timestamp": "today"}}))) == 1
    assert len(breaches(rule, 200, json.dumps({"status": "success", "data": {}}))) == 3
    assert len(breaches(rule, 503, json.dumps({"status": "error", "error": {}}))) == 5
    assert len(breaches(rule, 503, json.dumps({"code": "ERR_STORAGE_UNAVAILABLE"}))) == 4


def test_the_names_of_the_contract_are_words_that_a_generated_client_can_have() -> None:
    assert [name for name in document()["components"]["schemas"] if not re.fullmatch("[A-Z][A-Za-z]+", name)] == []


def test_the_contract_says_what_a_command_of_a_batch_is() -> None:
    schemas = document()["components"]["schemas"]
    assert schemas["Synchronise"]["properties"]["commands"]["items"] == {"$ref": "#/components/schemas/OfflineCommand"}
    assert schemas["ImportOrders"]["properties"]["rows"]["items"] == {"$ref": "#/components/schemas/NewOrder"}
