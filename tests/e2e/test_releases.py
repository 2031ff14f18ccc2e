"""Releases of a deployed system: the old one serves until the new one has proved itself, and the way back."""

from collections.abc import Iterator
from contextlib import nullcontext
from dataclasses import replace
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import httpx
import pytest
from botocore.client import BaseClient

from chalicelib import clock
from chalicelib.domain.tenants import PROBE
from infra import deployment, rollout
from infra.deployment import chalice, releasing
from infra.deployment.found import API, function_name
from infra.deployment.releasing import Rollout
from infra.deployment.versions import Known
from infra.problem import Problem
from infra.rollout import careful, prove_live
from infra.usage import usage
from tests.e2e.conftest import ENVIRONMENT, Deployed

FUNCTIONS = tuple(function_name(ENVIRONMENT, each) for each in chalice.configured(ENVIRONMENT))
ALARM = f"takip-{ENVIRONMENT}-unhealthy"


@pytest.fixture
def called(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What is called of AWS, in its order."""
    names: list[str] = []
    call = BaseClient._make_api_call  # type: ignore[attr-defined]

    def noted(client: BaseClient, name: str, given: Any) -> Any:
        names.append(name)
        return call(client, name, given)

    monkeypatch.setattr(BaseClient, "_make_api_call", noted)
    return names


@pytest.fixture
def minute(monkeypatch: pytest.MonkeyPatch, deployed: Deployed) -> Iterator[list[str]]:
    """The states that the alarm takes while a release is watched, of which each look takes one; no time passes."""
    states: list[str] = []
    looks: list[int] = []

    def sleep(_seconds: float) -> None:
        looks.append(60)
        state(deployed, states.pop() if states else "OK")

    quiet = {"Namespace": "Takip", "MetricName": "None", "Statistic": "Sum", "Period": 60, "EvaluationPeriods": 1}
    deployed.client("cloudwatch").put_metric_alarm(  # the emulator has no alarm of alarms
        AlarmName=ALARM, ComparisonOperator="GreaterThanThreshold", Threshold=1, **quiet
    )
    monkeypatch.setattr(rollout, "time", SimpleNamespace(sleep=sleep, monotonic=lambda: sum(looks)))
    yield states
    deployed.client("cloudwatch").delete_alarms(AlarmNames=[ALARM])


def state(deployed: Deployed, value: str) -> None:
    deployed.client("cloudwatch").set_alarm_state(AlarmName=ALARM, StateValue=value, StateReason="as the test wants")


def change(deployed: Deployed, number: int, names: tuple[str, ...] = FUNCTIONS, **more: str) -> None:
    """Give functions another environment, as the code of another clone would be deployed."""
    functions = deployed.client("lambda")
    for name in names:
        known = functions.get_function_configuration(FunctionName=name)["Environment"]["Variables"]
        variables = known | {"TAKIP_RELEASE": str(number)} | more
        functions.update_function_configuration(FunctionName=name, Environment={"Variables": variables})


def bring(deployed: Deployed, how: Rollout, names: tuple[str, ...] = FUNCTIONS, **more: str) -> int:
    """Let a release serve as `takip.py deploy` does. Returns its number."""
    number = releases(deployed).last + 1
    change(deployed, number, names, **more)
    releasing.bring(deployed.aws, ENVIRONMENT, names, number, lambda _: nullcontext(), how)
    return number


def releases(deployed: Deployed) -> Known:
    return deployment.releases(deployed.aws, ENVIRONMENT)


def serving(deployed: Deployed) -> set[int | None]:
    """The release of every alias, while people are answered."""
    assert httpx.get(f"{deployed.url}/ready", timeout=30).is_success
    now = releases(deployed)
    return {now.serving(function) for function in FUNCTIONS}


def test_a_release_serves_when_it_has_proved_itself_and_the_way_back_is_one_call(
    deployed: Deployed, minute: list[str], called: list[str]
) -> None:
    table, how = deployed.site.table, careful(deployed.aws, ENVIRONMENT, 1)
    (first,) = serving(deployed)
    with pytest.raises(Problem, match=rf"The probe: Nobody could be made(?s:.*)Release {first} serves everything"):
        bring(deployed, how, TAKIP_TABLE="a-table-that-is-nowhere")
    assert serving(deployed) == {first}

    minute.append("ALARM")
    with pytest.raises(Problem, match=f"{ALARM} rings"):
        bring(deployed, replace(how, prove=lambda _: None), TAKIP_TABLE=table)
    assert serving(deployed) == {first}
    state(deployed, "OK")

    second = bring(deployed, how)
    assert serving(deployed) == {second}
    assert environment(deployed)["TAKIP_RELEASE"] == str(second)

    called.clear()
    assert deployment.roll_back(deployed.aws, ENVIRONMENT, None, lambda _: None).number == first
    assert called.count("UpdateAlias") == len(FUNCTIONS)
    assert serving(deployed) == {first}
    assert environment(deployed)["TAKIP_RELEASE"] == str(first)


def environment(deployed: Deployed) -> Any:
    """The environment of what serves the API."""
    serves = {"FunctionName": function_name(ENVIRONMENT, API), "Qualifier": "live"}
    return deployed.client("lambda").get_function_configuration(**serves)["Environment"]["Variables"]


def test_what_serves_is_tried_and_what_was_used_is_counted(deployed: Deployed) -> None:
    prove_live(deployed.aws, ENVIRONMENT)
    items = deployed.client("dynamodb").query(
        TableName=deployed.site.table,
        KeyConditionExpression="PK = :users",
        ExpressionAttributeValues={":users": {"S": f"T#{PROBE}#USERS"}},
    )["Items"]
    assert all("expires_at" in item for item in items)
    assert items
    now = clock.now()
    counted = {each.thing: each.amount for each in usage(deployed.aws, ENVIRONMENT, now - timedelta(days=1), now)}
    assert counted["function aggregate_bucket"]
