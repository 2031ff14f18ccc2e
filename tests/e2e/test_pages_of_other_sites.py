"""Pages of other sites in a real browser: what a page of an allowed origin can read, and that others read nothing."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx
import pytest
from playwright.sync_api import Browser, Page

from infra.deployment.gateway import GATEWAY_ANSWERS
from tests.e2e.conftest import ALLOWED_ORIGIN, Deployed

OTHER_ORIGIN = "http://127.0.0.1:5174"
# What a page reads of an answer: its status, its error code, and whether it sees the id of the request.
ASK = """async ([url, token]) => {
    const headers = { Authorization: `Bearer ${token}`, "Idempotency-Key": "k" };
    const answer = await fetch(url, { headers });
    const { error } = await answer.json();
    return [answer.status, error ? error.code : null, answer.headers.has("X-Request-Id")];
}"""


@contextmanager
def page_of(browser: Browser, origin: str) -> Iterator[Page]:
    """A page of a site, which answers with an empty page."""
    with browser.new_context() as context:
        page = context.new_page()
        page.route(f"{origin}/", lambda route: route.fulfill(body="<!doctype html>", content_type="text/html"))
        page.goto(f"{origin}/")
        yield page


@pytest.mark.parametrize(
    ("path", "read"),
    [
        ("/auth/me", [200, None, True]),
        ("/workorders/nowhere", [404, "ERR_ORDER_NOT_FOUND", True]),
        ("/nowhere/at/all", [404, "ERR_ROUTE_NOT_FOUND", True]),
    ],
)
def test_a_page_of_an_allowed_origin_reads_answers_also_those_of_the_gateway(
    deployed: Deployed, browser: Browser, path: str, read: list[Any]
) -> None:
    with page_of(browser, ALLOWED_ORIGIN) as page:
        assert page.evaluate(ASK, [deployed.url + path, deployed.token()]) == read


def test_a_page_of_another_origin_reads_nothing(deployed: Deployed, browser: Browser) -> None:
    with page_of(browser, OTHER_ORIGIN) as page:
        told = page.evaluate(f"args => ({ASK})(args).catch(fault => fault.message)", [f"{deployed.url}/auth/me", "t"])
    assert told == "Failed to fetch"


def test_every_answer_of_the_gateway_can_be_read_by_pages(deployed: Deployed) -> None:
    gateway = deployed.client("apigateway")
    (api,) = gateway.get_rest_apis()["items"]
    for answer in GATEWAY_ANSWERS:
        headers = gateway.get_gateway_response(restApiId=api["id"], responseType=answer)["responseParameters"]
        assert headers["gatewayresponse.header.Access-Control-Allow-Origin"] == "'*'"
    assert httpx.get(f"{deployed.url}/nowhere", timeout=30).headers["Access-Control-Allow-Origin"] == "*"


def test_a_bucket_takes_uploads_from_pages_of_the_same_origins(deployed: Deployed) -> None:
    store = deployed.client("s3")
    (bucket,) = [each["Name"] for each in store.list_buckets()["Buckets"] if "-local-files-" in each["Name"]]
    (rule,) = store.get_bucket_cors(Bucket=bucket)["CORSRules"]
    assert rule["AllowedOrigins"] == [ALLOWED_ORIGIN]
