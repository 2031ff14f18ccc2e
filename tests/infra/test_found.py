"""What is found in AWS of an environment, and what is somebody else's."""

import io
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from botocore.client import BaseClient

from infra import deployment, stack
from infra.aws import Aws
from infra.deployment import chalice
from infra.problem import Problem
from tests.infra.interruptions import quick_chalice
from tests.sampling import IS_FULL

__all__ = ["quick_chalice"]

TAG = {"aws-chalice": "version=1.34.0:stage=dev:app=takip"}
ADDRESS = "arn:aws:apigateway:eu-central-1:lambda:path/2015-03-31/functions/{}/invocations"


@pytest.fixture
def aws(emulated: Aws, quick_chalice: None, tmp_path: Path) -> Iterator[Aws]:
    """An account with dev, and nothing else of Takip."""
    account = Aws(emulated.region, emulated.endpoint, runs_functions_here=True)
    deployment.deploy(account, "dev", tmp_path)
    yield account
    account.client("dynamodb").update_table(TableName="takip-dev", DeletionProtectionEnabled=False)
    deployment.destroy(account, "dev", tmp_path)


def names(aws: Aws) -> list[str]:
    return [record["name"] for record in chalice.found(aws, "dev").records]


def a_function(aws: Aws, name: str, tags: dict[str, str]) -> str:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as packed:
        packed.writestr("empty.py", "")
    role = "arn:aws:iam::000000000000:role/somebody"
    code = {"Runtime": "python3.13", "Handler": "empty.x", "Code": {"ZipFile": content.getvalue()}}
    arn: str = aws.client("lambda").create_function(FunctionName=name, Role=role, Tags=tags, **code)["FunctionArn"]
    return arn


def an_api(aws: Aws, calls: str, *, answers: bool = False) -> str:
    """Make an API with the name of Takip's, as a deployment leaves it."""
    gateway = aws.client("apigateway")
    api: str = gateway.create_rest_api(name="takip")["id"]
    root = gateway.get_resources(restApiId=api)["items"][0]["id"]
    route: dict[str, Any] = {"restApiId": api, "resourceId": root, "httpMethod": "GET"}
    gateway.put_method(**route, authorizationType="NONE")
    gateway.put_integration(**route, type="AWS_PROXY", integrationHttpMethod="POST", uri=ADDRESS.format(calls))
    if answers:
        gateway.create_deployment(restApiId=api, stageName="v1")
    return api


def apis(aws: Aws) -> set[str]:
    return {api["id"] for api in aws.client("apigateway").get_rest_apis()["items"]}


def test_what_somebody_else_called_so_stays(aws: Aws, tmp_path: Path) -> None:
    of_dev, before = chalice.deployed(aws, "dev"), names(aws)
    a_function(aws, "takip-dev-slack", {"owner": "somebody"})
    a_function(aws, "takip-develop", TAG)
    theirs = an_api(aws, "arn:aws:lambda:eu-central-1:1:function:takip-prod", answers=True)
    assert (names(aws), chalice.deployed(aws, "dev")) == (before, of_dev)

    deployment.deploy(aws, "dev", tmp_path / "elsewhere")
    functions = {each["FunctionName"] for each in aws.client("lambda").list_functions()["Functions"]}
    assert {"takip-dev-slack", "takip-develop"} <= functions
    assert apis(aws) == {theirs, of_dev.api_id}
    aws.client("apigateway").delete_rest_api(restApiId=theirs)


def test_what_the_application_no_longer_has_is_deleted(aws: Aws, tmp_path: Path) -> None:
    before = set(names(aws))
    a_function(aws, "takip-dev-former", TAG)
    aws.client("events").put_rule(Name="takip-dev-former-event", ScheduleExpression="rate(1 minute)")
    assert set(names(aws)) == before | {"former", "former-event"}

    deployment.deploy(aws, "dev", tmp_path / "elsewhere")
    assert set(names(aws)) == before


@pytest.mark.parametrize("alias", ["", ":live"] if IS_FULL else [":live"])
def test_a_second_api_that_answers_nobody_is_deleted(aws: Aws, tmp_path: Path, alias: str) -> None:
    answering = apis(aws)
    an_api(aws, f"arn:aws:lambda:eu-central-1:000000000000:function:takip-dev{alias}")
    assert names(aws)[-2:] == ["rest_api", "rest_api-2"]

    deployment.deploy(aws, "dev", tmp_path / "elsewhere")
    assert apis(aws) == answering


def test_two_apis_that_answer_are_told_and_neither_is_deleted(aws: Aws, tmp_path: Path) -> None:
    (first,) = apis(aws)
    second = an_api(aws, "arn:aws:lambda:eu-central-1:000000000000:function:takip-dev", answers=True)

    with pytest.raises(Problem, match=r"More than one API(?s:.*)aws apigateway delete-rest-api") as told:
        deployment.deploy(aws, "dev", tmp_path / "elsewhere")
    assert (first in str(told.value), second in str(told.value), apis(aws)) == (True, True, {first, second})


def test_an_environment_of_another_region_is_left_alone(
    aws: Aws, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    client: Any = BaseClient
    real = client._make_api_call

    def used_elsewhere(self: Any, operation: str, parameters: dict[str, Any]) -> Any:
        answer = real(self, operation, parameters)
        if operation == "GetRole":
            answer["Role"]["RoleLastUsed"] = {"Region": "eu-west-1"}
        return answer

    before = names(aws)
    monkeypatch.setattr(stack, "put_stack", lambda *_: pytest.fail("something was made"))
    with monkeypatch.context() as patched:
        patched.setattr(client, "_make_api_call", used_elsewhere)
        for act in (deployment.deploy, deployment.destroy):
            with pytest.raises(Problem, match=r"in use in eu-west-1(?s:.*)AWS_DEFAULT_REGION=eu-west-1"):
                act(aws, "dev", tmp_path / "elsewhere")
    assert names(aws) == before


def test_where_no_api_is_it_is_told(emulated: Aws) -> None:
    with pytest.raises(Problem, match=r"There is no API of prod in eu-central-1"):
        deployment.site(emulated, "prod")


def test_what_cannot_be_deleted_keeps_the_table_and_the_keys(
    aws: Aws, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patched:
        patched.setattr(chalice, "_run", lambda *_: None)
        patched.setattr(chalice, "_SECONDS_BETWEEN_LOOKS", 0)
        patched.setattr(chalice, "_LOOKS", 2)
        with pytest.raises(Problem, match=r"still there(?s:.*)rest_api rest_api"):
            deployment.destroy(aws, "dev", tmp_path / "elsewhere")
    assert aws.client("ssm").get_parameters(Names=["/takip/dev/signing-keys"])["Parameters"]
    assert "takip-dev" in aws.client("dynamodb").list_tables()["TableNames"]
