"""Checks that endpoints answer and refuse as they declare."""

import csv
import io
import json
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any
from unittest import mock

from chalice.app import Request, Response
from pydantic import ValidationError

from chalicelib.domain.errors import TakipError, Unavailable, Unreadable
from chalicelib.domain.numbers import catalogue
from chalicelib.schemas.base import Out
from chalicelib.schemas.problems import ProblemOut, Reader, problem_out
from chalicelib.services.idempotency import Answer
from functions import _endpoint, _response
from functions._response import EVERY_BODY, EVERY_DOOR, STATUS_OF, family_of
from functions._rules import WRITES, Rule
from tests.functions.contracted import breaches
from tests.functions.texts import mistakes_of_texts

NO_CONTENT, NOT_MODIFIED = 204, 304


@contextmanager
def watched(seconds: dict[str, list[float]]) -> Iterator[list[str]]:
    """Watch every door meanwhile; give what they answer or refuse without having declared it.

    `seconds` gets how long each request took, by its door.
    """
    undeclared: list[str] = []
    answered = _endpoint._answered

    def watch(request: Request, rule: Rule, door: Callable[..., Answer], places: Mapping[str, str]) -> Response:
        def watched_door(*visit: object, **ids: str) -> Answer:
            try:
                return door(*visit, **ids)
            except TakipError as refusal:
                undeclared.extend(mistakes_of_refusal(rule, refusal))
                raise

        began = time.perf_counter()
        response = answered(request, rule, watched_door, places)
        seconds.setdefault(rule.endpoint, []).append(time.perf_counter() - began)
        undeclared.extend(mistakes_of_response(rule, response.status_code, response.body))
        return response

    def watch_problem(error: TakipError, type_uri: str, reader: Reader) -> ProblemOut:
        undeclared.extend(mistakes_of_texts(error))
        return problem_out(error, type_uri, reader)

    with mock.patch.object(_endpoint, "_answered", watch), mock.patch.object(_response, "problem_out", watch_problem):
        yield undeclared


def mistakes_of_refusal(rule: Rule, refusal: TakipError) -> list[str]:
    """What is wrong with an error that the door itself raises."""
    family = family_of(type(refusal))
    if family in rule.families | {Unreadable, Unavailable}:
        return []
    return [f"{rule.name} does not declare {family.__name__}, and raises {refusal!r}"]


def mistakes_of_response(rule: Rule, status: int, body: str) -> list[str]:
    """What is wrong with a whole response, the refusals of the entry included."""
    if status in (NO_CONTENT, NOT_MODIFIED):
        return [] if rule.brief or status == NOT_MODIFIED else [f"{rule.name} answers with nothing"]
    if (rule.text_type or rule.is_page or (rule.page and body.startswith("<!doctype html>"))) and status < 400:
        return []
    if rule.is_export and status < 400:
        return [f"{rule.name} {each}" for each in mistakes_of_rows(rule, body)]
    if rule.old:
        return [f"{rule.name} {each}" for each in _mistakes_of_old(rule, status, json.loads(body))]
    return breaches(rule, status, body) or _mistakes_of_json(rule, status, json.loads(body))


def _mistakes_of_json(rule: Rule, status: int, told: Any) -> list[str]:
    """What is wrong with a response in the envelope, or with a problem document."""
    if status < 400:
        problems = [] if status in rule.statuses else [f"answers {status}, and declares {rule.statuses}"]
        problems += mistakes_of_answer(rule, told["data"]) + mistakes_of_metrics(told["data"])
        return [f"{rule.name} {problem}" for problem in problems]
    problems = _mistakes_of_refusing(rule, status)
    # The bare document of RFC 9457 has the status too.
    problem = told["error"] if "error" in told else {name: told[name] for name in told if name != "status"}
    return [f"{rule.name} {each}" for each in problems + _mistakes_of_shape(ProblemOut, problem)]


def _mistakes_of_old(rule: Rule, status: int, told: Any) -> list[str]:
    """What is wrong with a response to the old app: it is bare, and an error is one text."""
    if status >= 400:
        one_text = list(told) == ["detail"] and isinstance(told["detail"], str) and told["detail"]
        return _mistakes_of_refusing(rule, status) + ([] if one_text else [f"refuses with {told}"])
    problems = [] if status in rule.statuses else [f"answers {status}, and declares {rule.statuses}"]
    if not rule.is_list:
        return problems + _mistakes_of_shape(rule.shape, told)
    return problems + [problem for item in told for problem in _mistakes_of_shape(rule.shape, item)]


def _mistakes_of_refusing(rule: Rule, status: int) -> list[str]:
    """What is wrong with the status of a refusal."""
    families = {*rule.families, *EVERY_DOOR, *(EVERY_BODY if rule.method in WRITES else ())}
    return [] if status in {STATUS_OF[family] for family in families} else [f"does not declare {status}"]


def mistakes_of_rows(rule: Rule, body: str) -> list[str]:
    """What is wrong with the rows of an export: in NDJSON as in a list; in CSV as many cells as there are columns."""
    if body.startswith("{"):
        rows = (json.loads(line) for line in body.splitlines())
        return [problem for row in rows for problem in _mistakes_of_shape(rule.shape, row)]
    columns = len(rule.shape.model_fields)
    read = [list(csv.reader(io.StringIO(body, newline=""), delimiter=between)) for between in ",;"]
    wrong = [[f"answers a row {row}" for row in rows if len(row) != columns] for rows in read]
    return min(wrong, key=len)


def mistakes_of_answer(rule: Rule, data: Any) -> list[str]:
    """What is wrong with an answer: what does not come out the same when it is read as its shape and shown again."""
    if not rule.is_list:
        return _mistakes_of_shape(rule.shape, data)
    known = {"items", "next_cursor"} if rule.is_paged else {"items"}
    problems = [f"answers a list with {', '.join(sorted(set(data) - known))}"] if set(data) - known else []
    items = data.get("items")
    if not isinstance(items, list):
        return [*problems, "answers no list"]
    return problems + [problem for item in items for problem in _mistakes_of_shape(rule.shape, item)]


def mistakes_of_metrics(data: Any) -> list[str]:
    """What is wrong with the metrics of an answer, wherever they stand in it: what the catalogue does not hold."""
    if isinstance(data, list):
        return [problem for each in data for problem in mistakes_of_metrics(each)]
    if not isinstance(data, dict):
        return []
    metrics = data["metrics"] if isinstance(data.get("metrics"), dict) else {}
    mistakes = [name for name, metric in metrics.items() if not _catalogued(name, metric)]
    beside = [problem for each in data.values() for problem in mistakes_of_metrics(each)]
    return [f"answers {name}, which the catalogue of metrics does not hold so" for name in mistakes] + beside


def _catalogued(name: str, metric: Mapping[str, Any]) -> bool:
    entry = catalogue.BY_NAME.get(name)
    return (
        entry is not None
        and (metric["formula"], metric["unit"]) == (entry.formula, entry.unit)
        and metric["reason"] in (None, *entry.reasons)
        and metric["doubt"] in (None, *entry.doubts)
    )


def _mistakes_of_shape(shape: type[Out], data: Any) -> list[str]:
    try:
        again = shape.model_validate_json(json.dumps(data)).plain()
    except ValidationError as error:
        return [f"answers no {shape.__name__}: {error}"]
    return [] if again == data else [f"answers {data}, which as {shape.__name__} is {again}"]
