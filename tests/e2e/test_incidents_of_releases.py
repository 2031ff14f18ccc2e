"""Incidents of docs/runbook.md in which people are refused: a bad release, lost keys, a table that throttles."""

import json
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from typing import Any
from uuid import uuid4

import httpx
import pytest
from botocore.awsrequest import AWSResponse
from botocore.compat import HTTPHeaders
from moto.core.botocore_stubber import MockRawResponse

from chalicelib import clock
from chalicelib.domain.errors import StorageUnavailable
from chalicelib.storage.items import Item
from functions.ingest_readings import ingest_readings
from infra.deployment.found import API, function_name
from infra.deployment.releasing import Rollout
from infra.deployment.signing_keys import parameter_name
from tests.e2e.conftest import ADMIN, ENVIRONMENT, Deployed
from tests.e2e.incidents import HOUR, Takip, goes_off, takip_on, written
from tests.e2e.people import Hire, Someone, order
from tests.e2e.test_releases import bring, change
from tests.floor import Plant
from tests.lambdas import LambdaContext

UNTRIED = Rollout(lambda _: None)
CALLS = 21  # more than the alarm needs

# The commands ask Takip's code in this process, which then needs its environment.
pytestmark = pytest.mark.usefixtures("floor")


@pytest.fixture
def takip(deployed: Deployed, monkeypatch: pytest.MonkeyPatch) -> Takip:
    return takip_on(deployed, monkeypatch)


def refused(deployed: Deployed, path: str, **asked: Any) -> set[int]:
    """The answers to as many requests as the alarm needs."""
    method = "POST" if asked else "GET"
    with httpx.Client(base_url=deployed.url, timeout=30) as client, ThreadPoolExecutor(4) as pool:
        return set(pool.map(lambda _: client.request(method, path, **asked).status_code, range(CALLS)))


def assert_errors_go_off(deployed: Deployed, since: datetime) -> None:
    calls, failures = (written(deployed, "api_handler", metric, since) for metric in ("Requests", "Failures"))
    assert failures >= CALLS
    assert goes_off("api-errors-critical", calls=calls, failures=failures, crashes=0)


def test_a_bad_release(deployed: Deployed, takip: Takip, hire: Hire, admin: Someone) -> None:
    worker = hire()
    stage = f"/stages/{order(admin, worker)['stages'][0]['id']}"
    queue, began = deployed.site.readings_queue, clock.now()
    bad = bring(deployed, UNTRIED, TAKIP_READINGS_QUEUE="takip-local-nowhere")
    try:
        assert refused(deployed, "/ready") == {503}
        worker.post(f"{stage}/start").raise_for_status()  # what the fault leaves alone goes on, and is kept
        assert_errors_go_off(deployed, began)
        serves = {each["serves"]: each["release"] for each in json.loads(takip("releases --json"))}
        assert serves["everything"] == bad
    finally:
        told = takip("rollback")
        change(deployed, bad, TAKIP_READINGS_QUEUE=queue)  # the next clone has no such fault

    assert "serves all of local" in told
    assert f"Release {bad} " not in told
    assert httpx.get(f"{deployed.url}/ready", timeout=30).is_success
    assert worker.get(stage)["status"] == "in_progress"


def test_lost_keys(deployed: Deployed, takip: Takip, admin: Someone) -> None:
    ssm, name, began = deployed.client("ssm"), parameter_name(ENVIRONMENT), clock.now()
    before = ssm.get_parameter(Name=name, WithDecryption=True)["Parameter"]["Value"]
    pair = httpx.post(f"{deployed.url}/auth/login", json=ADMIN, timeout=30).raise_for_status().json()["data"]
    try:
        ssm.delete_parameter(Name=name)
        bring(deployed, UNTRIED, (function_name(ENVIRONMENT, API),))  # who starts has no keys; others know theirs
        assert refused(deployed, "/ready") == {503}
        assert_errors_go_off(deployed, began)

        takip("keys replace --yes")
        (key,) = json.loads(takip("keys list --json"))
        assert key["now"] == "signing"
        assert httpx.get(f"{deployed.url}/ready", timeout=30).is_success
        renewed = httpx.post(f"{deployed.url}/auth/refresh", json={"refresh_token": pair["refresh_token"]}, timeout=30)
        with deployed.http(renewed.raise_for_status().json()["data"]["access_token"]) as api:
            assert api.get("/auth/me").json()["data"]["id"] == admin.id
    finally:
        ssm.put_parameter(Name=name, Value=before, Type="SecureString", Overwrite=True)
        bring(deployed, UNTRIED)  # the tokens of other tests are good again
    assert admin.get("/auth/me")["id"] == admin.id


class Throttling:
    """A table that refuses writes, as DynamoDB does where a partition gets too many; the emulator never does."""

    def __init__(self) -> None:
        self.refused, self.is_on = 0, True
        self.body = json.dumps({"__type": "com.amazonaws.dynamodb.v20120810#ProvisionedThroughputExceededException"})

    def answer(self, request: Any, event_name: str, **_: object) -> Any:
        if not self.is_on or not event_name.endswith(("PutItem", "TransactWriteItems", "BatchWriteItem")):
            return None
        self.refused += 1
        return AWSResponse(request.url, 400, HTTPHeaders(), MockRawResponse(self.body))


def test_a_table_that_throttles(floor: Plant, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(time, "sleep", lambda _: None)  # between the tries
    stage = f"/stages/{floor.order({'name': 'Montaj', 'assignee_ids': [floor.worker.id]})['stages'][0]['id']}"
    machine = f"M-{uuid4().hex[:8]}"
    assert floor.planner.post("/machines", {"id": machine, "name": "Press"}, key=machine).status == 201
    message = {"machine_id": machine, "readings": [{"type": "temperature", "value": 20, "at": HOUR}]}
    sent = {"messageId": "1", "body": json.dumps(message), "attributes": {"SentTimestamp": "1767607200000"}}
    throttling = Throttling()
    events = Item._get_connection().connection.client.meta.events
    events.register_first("before-send.dynamodb", throttling.answer)

    refused = floor.worker.post(f"{stage}/start", {}, key="one tap")
    assert (refused.status, refused.error["code"]) == (503, "ERR_STORAGE_UNAVAILABLE")
    assert int(refused.headers["Retry-After"]) > 0
    with pytest.raises(StorageUnavailable):  # so the queue keeps the message, and delivers it again
        ingest_readings({"Records": [sent]}, LambdaContext())
    assert goes_off("table-throttled", read=0, write=throttling.refused)

    throttling.is_on = False
    again = [floor.worker.post(f"{stage}/start", {}, key="one tap") for _ in range(2)]
    assert [each.status for each in again] == [200, 200]
    assert len(floor.worker.get(f"{stage}/sessions").items) + len(floor.worker.get(stage).data["open_sessions"]) == 1
    taken = ingest_readings({"Records": [sent]}, LambdaContext())
    assert (taken["readings"], taken["batchItemFailures"]) == (1, [])
    events.unregister("before-send.dynamodb", throttling.answer)
