"""Checks that answers keep the published contract: each against the schema that a client generates its code from."""

import json
from functools import cache
from typing import Any

import jsonschema_rs

from functions._openapi import JSON, document
from functions._response import PROBLEM
from functions._rules import Rule


def breaches(rule: Rule, status: int, body: str) -> list[str]:
    """Where a JSON answer breaks the contract. Nothing if the contract has no such status, or other media types."""
    problem = status >= 400 and "error" not in json.loads(body)
    validator = _validator(rule.method, rule.path, str(status), PROBLEM if problem else JSON)
    if validator is None:
        return []
    found = validator.iter_errors(json.loads(body))
    return [f"{rule.name} breaks the contract at {each.instance_path}: {each.message[:200]}" for each in found]


@cache
def _contract() -> Any:
    """The contract, made once: a function forgets it between tests."""
    return document()


@cache
def _validator(method: str, path: str, status: str, media_type: str) -> Any:
    contract = _contract()
    operation = contract["paths"].get(path, {}).get(method.lower(), {"responses": {}})
    response = operation["responses"].get(status, {})
    if "$ref" in response:
        response = contract["components"]["responses"][response["$ref"].rpartition("/")[2]]
    content = response.get("content", {})
    if media_type not in content:
        return None
    schema, schemas = content[media_type]["schema"], contract["components"]["schemas"]
    needed = {name: schemas[name] for name in _reached(schema, schemas)}
    whole = {**schema, "components": {"schemas": needed}}
    return jsonschema_rs.Draft202012Validator(whole, validate_formats=True)


def _reached(schema: Any, schemas: dict[str, Any]) -> set[str]:
    """The names of the schemas to which references lead from here. The others would only cost time."""
    found: set[str] = set()
    waiting = [schema]
    while waiting:
        each = waiting.pop()
        if isinstance(each, dict):
            name = str(each.get("$ref", "")).rpartition("/")[2]
            if name and name not in found:
                found.add(name)
                waiting.append(schemas[name])
            waiting += each.values()
        elif isinstance(each, list):
            waiting += each
    return found
