"""Alarms and dashboards: everything that runs has its alarms, and each looks at a metric that somebody writes."""

import ast
import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from cfnlint.api import lint  # type: ignore[import-untyped]

from chalicelib.domain.telling.deliveries import DeliveryStatus
from infra import stack
from infra.bench import costs
from infra.deployment.found import API, function_name
from infra.deployment.watching import watched
from infra.deployment.watching.alarms import OWN, Alarm, alarms
from infra.deployment.watching.dashboards import dashboards
from infra.deployment.watching.template import MOST_BYTES, templates, unhealthy
from tests.architecture.deployment import ENVIRONMENTS, WATCHING, functions, variables
from tests.architecture.sources import PROJECT

ALL = alarms(watched("prod"))
NAMES = {alarm.name for alarm in ALL}
# What AWS writes: the metrics of each namespace, and their dimension.
AWS_METRICS = {
    "AWS/Lambda": ("FunctionName", {"Invocations", "Errors", "Throttles", "Duration", "ConcurrentExecutions"}),
    "AWS/SQS": ("QueueName", {"ApproximateAgeOfOldestMessage", "ApproximateNumberOfMessagesVisible"}),
    "AWS/DynamoDB": (
        "TableName",
        {"ConsumedReadCapacityUnits", "ConsumedWriteCapacityUnits", "ReadThrottleEvents", "WriteThrottleEvents"},
    ),
}
# What comes of a run of these doors: its failures are a metric.
TOLD = {"Aggregation", "Events", "Timers"}
# The ends of a delivery to a webhook: each is a metric.
DELIVERED = {*DeliveryStatus, "dropped"}


def emitted() -> set[str]:
    """The metrics that the code writes."""
    written = {f"{prefix}Failed" for prefix in TOLD} | {f"Webhooks{status.title()}" for status in DELIVERED}
    for path in (PROJECT / "functions").glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "add_metric":
                written |= {str(node.args[0].value)} if isinstance(node.args[0], ast.Constant) else set()
    return written


WRITTEN = emitted()


def of_names(environment: str) -> dict[str, set[str]]:
    """The values that each dimension may have."""
    return {
        "FunctionName": {function_name(environment, name) for name in functions()},
        "QueueName": set(stack.queue_names(environment)),
        "TableName": {variables(environment)["TAKIP_TABLE"]},
        "service": {variables(environment)["POWERTOOLS_SERVICE_NAME"]},
    }


def unknown(environment: str, namespace: str, name: str, dimensions: Mapping[str, str]) -> bool:
    """Whether nobody writes this metric."""
    dimension, names = ("service", WRITTEN) if namespace == OWN else AWS_METRICS[namespace]
    if name not in names or dimensions.keys() != {dimension}:
        return True
    return dimensions[dimension] not in of_names(environment)[dimension]


def shown(environment: str) -> Iterator[list[Any]]:
    """The lines of all dashboards that show a metric."""
    for page in dashboards(watched(environment)).values():
        for widget in page["widgets"]:
            yield from (line for line in widget["properties"]["metrics"] if isinstance(line[0], str))


def test_every_function_and_every_door_has_its_alarms() -> None:
    wanted = {f"{kind}-{name}" for name in functions() for kind in ("throttled", "near-timeout")}
    wanted |= {f"door-errors-{name}" for name in functions() - {API}}
    wanted |= {"api-errors-critical", "api-errors-warning", "api-slow-critical", "api-slow-warning"}
    assert wanted <= NAMES


def test_every_queue_has_its_alarm() -> None:
    queues = [name.removeprefix("takip-prod-") for name in stack.queue_names("prod")]
    assert {f"{'dead-letters' if name.endswith('-dead') else 'waiting'}-{name}" for name in queues} <= NAMES


@pytest.mark.parametrize("environment", ENVIRONMENTS)
def test_every_alarm_and_every_line_of_a_dashboard_is_of_a_metric_that_is_written(environment: str) -> None:
    looked_at = [metric for alarm in alarms(watched(environment)) for metric in alarm.metrics.values()]
    assert [each for each in looked_at if unknown(environment, each.namespace, each.name, each.dimensions)] == []
    lines = list(shown(environment))
    assert lines
    assert [line for line in lines if unknown(environment, line[0], line[1], {line[2]: line[3]})] == []


def test_names_are_different_and_formulas_hold_their_metrics() -> None:
    assert len(NAMES) == len(ALL)
    for alarm in ALL:
        used = set(re.findall(r"[a-z]+", alarm.formula))
        assert used == (set(alarm.metrics) if alarm.formula else set())
        assert len(alarm.metrics) == 1 or alarm.formula


def test_thresholds_are_those_that_were_chosen() -> None:
    by_name = {alarm.name: alarm for alarm in ALL}

    def of(name: str) -> tuple[float | None, int, int]:
        alarm: Alarm = by_name[name]
        return alarm.above if alarm.below is None else alarm.below, alarm.points, alarm.looks

    assert of("api-errors-critical") == (5, 3, 5)
    assert of("api-errors-warning") == (1, 3, 5)
    assert of("api-slow-critical") == (1000, 3, 5)
    assert of("api-slow-warning") == (500, 3, 5)
    assert of("waiting-readings") == (900, 3, 5)
    assert of("dead-letters-readings-dead") == (0, 1, 1)
    assert of("aggregation-late") == (600, 3, 5)
    assert of("near-timeout-api_handler") == (27_550, 1, 1)
    assert "calls > 20" in by_name["api-errors-warning"].formula


def test_the_runbook_has_a_section_for_every_alarm_and_none_spare() -> None:
    text = (PROJECT / "docs" / "runbook.md").read_text(encoding="utf-8")
    sections = re.findall(r"^### (\S+)$", text, re.MULTILINE)
    assert sorted(sections) == sorted({alarm.kind for alarm in ALL} | {"unhealthy", "budget"})
    parts = re.split(r"^### \S+$", text, flags=re.MULTILINE)[1:]
    for part in parts:
        assert re.findall(r"\*\*(.+?)\*\*", part)[:4] == ["Means.", "Look.", "Do.", "Wake somebody."], part


def test_what_is_unhealthy_is_one_alarm_that_names_others() -> None:
    rule = WATCHING["Unhealthy"]["Properties"]["AlarmRule"]
    named = set(re.findall(r'ALARM\("takip-prod-([^"]+)"\)', rule))
    assert unhealthy("prod") == WATCHING["Unhealthy"]["Properties"]["AlarmName"] == "takip-prod-unhealthy"
    assert {"api-errors-critical", "aggregation-stalled", "door-errors-ingest_readings"} <= named <= NAMES
    assert "dead-letters-readings-dead" not in named  # they stay for days, and would stop every release


def test_a_service_of_aws_may_write_to_the_topic_for_this_account_only() -> None:
    (statement,) = WATCHING["AlarmsTopicPolicy"]["Properties"]["PolicyDocument"]["Statement"]
    assert statement["Condition"] == {"StringEquals": {"aws:SourceAccount": {"Ref": "AWS::AccountId"}}}
    assert "KmsMasterKeyId" not in WATCHING["AlarmsTopic"]["Properties"]


def test_the_budget_tells_at_half_at_four_fifths_at_all_and_ahead() -> None:
    notes = WATCHING["MonthlyBudget"]["Properties"]["NotificationsWithSubscribers"]
    told = [(each["Notification"]["NotificationType"], each["Notification"]["Threshold"]) for each in notes]
    assert told == [("ACTUAL", 50), ("ACTUAL", 80), ("ACTUAL", 100), ("FORECASTED", 100)]


def wrong(template: str) -> list[str]:
    """The rules of cfn-lint that a template breaks. Those that begin with an I only inform."""
    return [found.rule.id for found in lint(template, None, ["eu-central-1"]) if not found.rule.id.startswith("I")]


def test_what_an_environment_has_to_watch_it_is_what_costs_count() -> None:
    assert sum(len(alarm.metrics) for alarm in ALL) == costs.ALARMS
    assert len(WRITTEN - {"WebhooksDropped"}) == costs.METRICS
    assert len(dashboards(watched("prod"))) == costs.DASHBOARDS


def test_cloudformation_understands_the_templates_and_takes_them() -> None:
    for template in templates(watched("prod")).values():
        assert len(template.encode()) < MOST_BYTES
        assert wrong(template) == []
    broken = json.loads(templates(watched("prod"))["alarms"])
    broken["Resources"]["AggregationLate"]["Properties"]["Periods"] = 1
    assert wrong(json.dumps(broken)) == ["E3002"]
