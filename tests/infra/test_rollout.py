"""What is looked at while a release has a share of the calls."""

from contextlib import nullcontext
from datetime import UTC, datetime
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


@pytest.mark.parametrize("works", [True, False])
def test_what_serves_is_tried_by_its_alias_and_the_outcome_is_a_metric(
    monkeypatch: pytest.MonkeyPatch, *, works: bool
) -> None:
    told: list[dict[str, Any]] = []
    tried: list[dict[str, str]] = []

    def prove(_aws: Aws, _environment: str, versions: dict[str, str]) -> None:
        tried.append(versions)
        if not works:
            raise Problem("wrong")

    monkeypatch.setattr(rollout, "_prove", prove)
    monkeypatch.setattr(Aws, "client", lambda *_: SimpleNamespace(put_metric_data=lambda **data: told.append(data)))
    with nullcontext() if works else pytest.raises(Problem, match="wrong"):
        rollout.prove_live(Aws("eu-central-1"), "dev")
    assert (tried[0]["takip-dev"], tried[0]["takip-dev-aggregate_bucket"]) == ("live", "live")
    (data,) = told
    assert data["Namespace"] == "Takip"
    assert data["MetricData"] == [
        {
            "MetricName": "ProbeFailed",
            "Dimensions": [{"Name": "service", "Value": "takip-dev"}],
            "Value": int(not works),
        }
    ]
