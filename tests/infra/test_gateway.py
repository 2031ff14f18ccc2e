"""The quota of API Gateway: one CreateDeployment in 5 seconds, and Chalice has just made one."""

import time

import pytest

from infra.aws import Aws
from infra.deployment import gateway
from tests.infra.scripted_server import Answer, Asked, serving_by

QUOTA_SECONDS = 5
TOO_MANY = Answer(429, {"message": "Too Many Requests"}, {"x-amzn-ErrorType": "TooManyRequestsException"})


def test_the_second_deployment_waits_out_the_quota(monkeypatch: pytest.MonkeyPatch) -> None:
    waited: list[float] = []
    monkeypatch.setattr(time, "sleep", waited.append)

    def answer(asked: Asked) -> Answer:
        if asked.path.endswith("/deployments") and sum(waited) < QUOTA_SECONDS:
            return TOO_MANY
        return Answer(201, {})

    with serving_by(answer) as server:
        gateway.shape_answers(Aws("eu-central-1", f"http://127.0.0.1:{server.server_port}"), "api", "v1")

    assert server.asked[-1].body["stageName"] == "v1"
    assert sum(waited) >= QUOTA_SECONDS


def test_a_browser_may_read_the_clock_and_the_id_of_every_answer() -> None:
    with serving_by(lambda _: Answer(201, {})) as server:
        gateway.shape_answers(Aws("eu-central-1", f"http://127.0.0.1:{server.server_port}"), "api", "v1")

    shaped = [asked.body["responseParameters"] for asked in server.asked if "/gatewayresponses/" in asked.path]
    exposed = "gatewayresponse.header.Access-Control-Expose-Headers"
    assert [each[exposed] for each in shaped] == ["'Date, Retry-After, X-Request-Id'"] * len(gateway.GATEWAY_ANSWERS)
