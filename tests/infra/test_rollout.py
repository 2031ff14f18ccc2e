"""What is looked at while a release has a share of the calls."""

import json
from dataclasses import replace
from datetime import UTC, datetime
from io import BytesIO
from types import SimpleNamespace
from typing import Any

import pytest

from infra import rollout
from infra.aws import Aws
from infra.deployment.versions import Origin, Release
from infra.problem import Problem

RELEASE = Release(7, Origin(), datetime(2026, 1, 5, tzinfo=UTC), {"takip-dev": "12", "takip-dev-ingest_readings": "9"})


class CloudWatch:
    """An alarm with a state for each look, the last one for all that follow, and failed runs."""

    def __init__(self, *states: str, failed: tuple[float, ...] = (), kind: str = "MetricAlarms") -> None:
        self.states, self.failed, self.kind = list(states), failed, kind
        self.looks = 0
        self.queries: list[Any] = []

    def describe_alarms(self, AlarmNames: list[str], **_: Any) -> dict[str, Any]:  # noqa: N803  as boto3 names it
        assert AlarmNames == ["takip-dev-unhealthy"]
        state = self.states[min(self.looks, len(self.states) - 1)] if self.states else None
        self.looks += 1
        return {self.kind: [{"StateValue": state, "StateReason": "too many errors"}]} if state else {}

    def get_metric_data(self, MetricDataQueries: list[Any], **_: Any) -> dict[str, Any]:  # noqa: N803
        self.queries = MetricDataQueries
        return {"MetricDataResults": [{"Values": list(self.failed)}, {"Values": []}]}


@pytest.fixture
def waited(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The seconds that were waited, on a clock that only waiting moves."""
    seconds: list[float] = []
    passing = SimpleNamespace(sleep=seconds.append, monotonic=lambda: sum(seconds))
    monkeypatch.setattr(rollout, "time", passing)
    return seconds


def watch(cloudwatch: CloudWatch, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Aws, "client", lambda *_: cloudwatch)
    rollout.watch(Aws("eu-central-1"), "dev", RELEASE, 5)


def test_a_quiet_alarm_is_watched_for_all_the_minutes(waited: list[float], monkeypatch: pytest.MonkeyPatch) -> None:
    cloudwatch = CloudWatch("OK", "INSUFFICIENT_DATA", failed=(1, 2))
    watch(cloudwatch, monkeypatch)
    assert sum(waited) == 300
    asked = [
        {each["Name"]: each["Value"] for each in query["MetricStat"]["Metric"]["Dimensions"]}
        for query in cloudwatch.queries
    ]
    assert asked[0] == {"FunctionName": "takip-dev", "Resource": "takip-dev:live", "ExecutedVersion": "12"}


@pytest.mark.parametrize("kind", ["MetricAlarms", "CompositeAlarms"])
def test_an_alarm_that_begins_to_ring_ends_it(waited: list[float], kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(Problem, match="takip-dev-unhealthy rings: too many errors"):
        watch(CloudWatch("OK", "OK", "ALARM", kind=kind), monkeypatch)
    assert len(waited) == 2


@pytest.mark.usefixtures("waited")
def test_failed_runs_of_any_function_end_it(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(Problem, match=r"4 runs of release 7 failed"):
        watch(CloudWatch("OK", failed=(3, 1)), monkeypatch)


@pytest.mark.parametrize(("states", "told"), [(("ALARM",), "rings already(?s:.*)--watch 0"), ((), "There is no alarm")])
def test_an_alarm_that_can_tell_nothing_is_told_at_once(
    waited: list[float], states: tuple[str, ...], told: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(Problem, match=told):
        watch(CloudWatch(*states), monkeypatch)
    assert waited == []


def test_without_minutes_a_release_is_only_tried() -> None:
    assert rollout.careful(Aws("eu-central-1"), "dev", 0).watch is None
    assert rollout.careful(Aws("eu-central-1"), "dev", 5).watch is not None


class Functions:
    """Functions that can be called: which was, with what, and what it answers."""

    def __init__(self, answer: dict[str, Any], **more: str) -> None:
        self.answer, self.more = answer, more
        self.called: list[tuple[str, str, Any]] = []

    def invoke(self, FunctionName: str, Qualifier: str, Payload: bytes) -> dict[str, Any]:  # noqa: N803
        self.called.append((FunctionName, Qualifier, json.loads(Payload)["detail"]))
        return {"Payload": BytesIO(json.dumps(self.answer).encode()), **self.more}


def prove(functions: Functions, monkeypatch: pytest.MonkeyPatch, release: Release | None = None) -> None:
    monkeypatch.setattr(Aws, "client", lambda *_, **__: functions)
    aws = Aws("eu-central-1")
    if release:
        rollout.careful(aws, "dev", 0).prove(release)
    else:
        rollout.prove_live(aws, "dev")


def test_what_serves_is_tried_by_the_alias_of_the_probe(monkeypatch: pytest.MonkeyPatch) -> None:
    functions = Functions({"wrong": None})
    prove(functions, monkeypatch)
    assert functions.called == [("takip-dev-probe_plant", "live", {})]


def test_a_release_is_tried_by_its_own_probe_with_its_own_functions(monkeypatch: pytest.MonkeyPatch) -> None:
    functions, versions = Functions({"wrong": None}), {**RELEASE.versions, "takip-dev-probe_plant": "5"}
    prove(functions, monkeypatch, replace(RELEASE, versions=versions))
    assert functions.called == [("takip-dev-probe_plant", "5", {"versions": versions})]


@pytest.mark.parametrize(
    ("functions", "told"),
    [
        (Functions({"wrong": "the reading is lost"}), "The probe: the reading is lost"),
        (Functions({"errorMessage": "out of memory"}, FunctionError="Unhandled"), "probe_plant failed: out of memory"),
    ],
)
def test_what_is_wrong_is_told(functions: Functions, told: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(Problem, match=told):
        prove(functions, monkeypatch)
