"""Every endpoint refuses the same mistakes in the same way, and every answer has the same headers: a walk over all."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from functions._response import ALLOWED_HEADERS, EXPOSED_HEADERS, SECURITY_HEADERS
from functions._rules import ID, READS, RULES, WRITES, Nothing, Rule
from tests.floor import Plant, Reply
from tests.functions.access import conditions
from tests.functions.things import NO_ID

DOORS = [rule for rule in RULES if not rule.is_page and not rule.text_type]
WITH_BODY = [rule for rule in DOORS if rule.method in WRITES]
TOO_LARGE = b'{"a": "' + b"x" * 256 * 1024 + b'"}'
PROBLEM = "application/problem+json"


def send(plant: Plant, rule: Rule, body: Any = None, query: str = "", **headers: str) -> Reply:
    """Send a request to a door as an admin. What its path names is not there: a mistake is told first."""
    path = ID.sub(NO_ID, rule.path)
    given = {} if body is None and rule.method in WRITES else body
    return plant.admin.call(rule.method, f"{path}{query}", given, **conditions(rule), **headers)


def unlike(replies: Iterator[tuple[Rule, Reply]], status: int, code: str) -> list[str]:
    """The doors that do not answer with this status and this code."""
    return [
        f"{rule.endpoint}: {reply.status} {reply.body.get('error', {}).get('code')}"
        for rule, reply in replies
        if (reply.status, reply.body.get("error", {}).get("code")) != (status, code)
    ]


def test_an_unknown_parameter_is_refused_by_its_name(plant: Plant) -> None:
    replies = [(rule, send(plant, rule, query="?colour=red")) for rule in DOORS]

    assert unlike(iter(replies), 400, "ERR_REQUEST_BAD_PARAMETER") == []
    assert [rule.path for rule, reply in replies if "colour" not in reply.fields()] == []


def test_an_unknown_field_is_refused_by_its_name(plant: Plant) -> None:
    # A message of a machine may have fields that Takip does not know (docs/readings.md).
    strict = [rule for rule in WITH_BODY if not rule.machines]
    replies = [(rule, send(plant, rule, {"colour": "red"})) for rule in strict]

    assert [rule.path for rule, reply in replies if reply.status != 422 or "colour" not in reply.fields()] == []


@pytest.mark.parametrize(
    ("body", "headers", "status", "code"),
    [
        (b"{", {}, 400, "ERR_REQUEST_BAD_JSON"),
        (b"[]", {}, 400, "ERR_REQUEST_BAD_JSON"),
        (b'{"a": 1, "a": 2}', {}, 400, "ERR_REQUEST_BAD_JSON"),
        (b"{}", {"Content_Type": "text/plain"}, 415, "ERR_REQUEST_NOT_JSON"),
        (TOO_LARGE, {}, 413, "ERR_REQUEST_TOO_LARGE"),
        (b"{}", {"Idempotency_Key": "ş"}, 400, "ERR_REQUEST_BAD_PARAMETER"),
    ],
)
def test_a_body_that_cannot_be_is_refused(
    plant: Plant, body: bytes, headers: dict[str, str], status: int, code: str
) -> None:
    assert unlike(((rule, send(plant, rule, body, **headers)) for rule in WITH_BODY), status, code) == []


def test_limits_and_cursors_are_checked_on_every_list_with_pages(plant: Plant) -> None:
    lists = [rule for rule in DOORS if rule.is_paged]
    for limit in ("0", "-1", "x", "1.5", ""):
        replies = ((rule, send(plant, rule, query=f"?limit={limit}")) for rule in lists)
        assert unlike(replies, 400, "ERR_REQUEST_BAD_PARAMETER") == []
    # The devices are those of somebody who is signed in on one; here nobody is.
    whole = [rule for rule in lists if "{" not in rule.path and not _needs(rule) and rule.path != "/auth/devices"]
    replies = ((rule, send(plant, rule, query="?cursor=eyJhIjogMX0")) for rule in whole)
    assert unlike(replies, 400, "ERR_REQUEST_BAD_CURSOR") == []


def _needs(rule: Rule) -> bool:
    return rule.query is not Nothing and any(field.is_required() for field in rule.query.model_fields.values())


def test_every_refusal_is_a_problem_document_for_who_asks_for_it(plant: Plant) -> None:
    for rule in DOORS:
        reply = send(plant, rule, query="?colour=red", Accept=PROBLEM, X_Request_Id="my-request")
        assert reply.headers["Content-Type"] == PROBLEM, rule.path
        assert reply.body["status"] == reply.status, rule.path
        assert reply.body["request_id"] == reply.headers["X-Request-Id"] == "my-request", rule.path


def test_every_answer_has_the_headers_of_security_caching_and_language(plant: Plant) -> None:
    for rule in DOORS:
        for reply in (send(plant, rule, query="?colour=red"), send(plant, rule)):
            assert reply.headers.items() >= SECURITY_HEADERS.items(), rule.path
            assert reply.headers["Cache-Control"] in ("no-store", "private, no-cache"), rule.path
            assert ("ETag" in reply.headers) == (reply.headers["Cache-Control"] != "no-store"), rule.path
            assert (reply.status < 400) or reply.headers["Content-Language"] == "en", rule.path
            assert reply.status < 500 or "Retry-After" in reply.headers, rule.path


def test_a_trailing_slash_is_the_same_resource_everywhere(plant: Plant) -> None:
    for rule in DOORS:
        if rule.method in READS and rule.path != "/":
            path = ID.sub(NO_ID, rule.path)
            assert plant.admin.get(f"{path}/").status == plant.admin.get(path).status, rule.path


def test_a_browser_may_read_the_headers_that_an_app_needs() -> None:
    needed = {"Date", "ETag", "Location", "Retry-After", "X-Request-Id", "Content-Language", "Deprecation", "Sunset"}
    assert needed <= set(EXPOSED_HEADERS.split(", "))


def test_the_page_for_app_writers_names_the_headers_that_a_browser_lets_through() -> None:
    page = (Path(__file__).parents[2] / "docs" / "api.md").read_text(encoding="utf-8")
    for headers in (ALLOWED_HEADERS, EXPOSED_HEADERS):
        assert ", ".join(f"`{name}`" for name in headers.split(", ")) in page
