"""The bounds of the API's stage, and the one role with which API Gateway writes logs, for the whole account."""

import json
import time
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError
from moto import mock_aws

from infra.aws import Aws
from infra.deployment import bounds

ROLE = "takip-api-gateway-logs"


class Gateway:
    """API Gateway's settings of the account, which moto does not have. It refuses a new role as often as told."""

    def __init__(self, role: str | None = None, refusals: int = 0, code: str = "BadRequestException") -> None:
        self.role, self.refusals, self.code = role, refusals, code

    def get_account(self) -> dict[str, Any]:
        return {"cloudwatchRoleArn": self.role} if self.role else {}

    def update_account(self, patchOperations: list[dict[str, str]]) -> None:  # noqa: N803  as boto3 names it
        if self.refusals:
            self.refusals -= 1
            raise ClientError({"Error": {"Code": self.code}}, "UpdateAccount")
        (operation,) = patchOperations
        assert operation["path"] == "/cloudwatchRoleArn"
        self.role = operation["value"]


@pytest.fixture
def allow(monkeypatch: pytest.MonkeyPatch, environment: None) -> Any:
    """Lets an account's API Gateway write logs; IAM is moto's."""
    monkeypatch.setattr(time, "sleep", lambda _seconds: None)

    def run(gateway: Gateway) -> Gateway:
        made = boto3.client
        monkeypatch.setattr(Aws, "client", lambda _aws, service: gateway if service == "apigateway" else made(service))
        bounds.allow_logs(Aws("eu-central-1"))
        return gateway

    with mock_aws():
        yield run


def test_an_account_without_a_role_gets_one(allow: Any) -> None:
    role = boto3.client("iam").get_role
    assert allow(Gateway()).role == (made := role(RoleName=ROLE)["Role"])["Arn"]
    assert "apigateway.amazonaws.com" in json.dumps(made["AssumeRolePolicyDocument"])
    policy = boto3.client("iam").get_role_policy(RoleName=ROLE, PolicyName="write-logs")["PolicyDocument"]
    assert "logs:PutLogEvents" in policy["Statement"][0]["Action"]


def test_a_role_of_somebody_else_stays(allow: Any) -> None:
    assert allow(Gateway("arn:aws:iam::1:role/ours")).role == "arn:aws:iam::1:role/ours"
    assert boto3.client("iam").list_roles()["Roles"] == []


def test_a_role_that_was_made_but_not_set_is_set(allow: Any) -> None:
    with pytest.raises(ClientError, match="AccessDenied"):
        allow(Gateway(refusals=1, code="AccessDenied"))
    assert allow(Gateway()).role.endswith(ROLE)


def test_a_new_role_that_is_refused_for_some_seconds_is_tried_again(allow: Any) -> None:
    assert allow(Gateway(refusals=11)).role.endswith(ROLE)


def test_a_role_that_is_refused_for_a_minute_is_an_error(allow: Any) -> None:
    with pytest.raises(ClientError, match="BadRequest"):
        allow(Gateway(refusals=12))


class Stage(Gateway):
    """A stage of an API with these method settings, and the changes that it was asked for, in requests."""

    def __init__(self, *bounded: str) -> None:
        super().__init__("arn:aws:iam::1:role/ours")
        self.bounded, self.asked = bounded, list[list[dict[str, str]]]()

    def get_stage(self, **_: str) -> dict[str, Any]:
        return {"methodSettings": {name: {} for name in self.bounded}}

    def update_stage(self, patchOperations: list[dict[str, str]], **_: str) -> None:  # noqa: N803
        self.asked.append(patchOperations)

    def describe_log_groups(self, logGroupNamePrefix: str) -> dict[str, Any]:  # noqa: N803
        return {"logGroups": [{"logGroupName": logGroupNamePrefix, "arn": "arn:aws:logs:::access:*"}]}


@pytest.mark.parametrize("gone", ["~1gone~1{id}/POST", "/gone/{id}/POST"])  # as AWS and as the emulator name it
def test_the_bound_of_a_method_that_is_gone_is_taken_away(gone: str, monkeypatch: pytest.MonkeyPatch) -> None:
    stage = Stage("*/*", "~1auth~1login/POST", gone)
    monkeypatch.setattr(Aws, "client", lambda *_: stage)
    bounds.bound_api(Aws("eu-central-1"), "abc", "v1", "dev", traced=True)
    asked = [each for some in stage.asked for each in some]
    assert [each["path"] for each in asked if each["op"] == "remove"] == ["/~1gone~1{id}/POST"]
    assert {"op": "replace", "path": "/~1auth~1login/POST/throttling/rateLimit", "value": "20"} in asked
    assert {"op": "replace", "path": "/*/*/throttling/rateLimit", "value": "500"} in asked
    assert max(map(len, stage.asked)) <= 20
