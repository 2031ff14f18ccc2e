"""What calls the functions beside the API: queues, the clock and the table's stream. All of them call the alias `live`.

Chalice knows no alias, no filter and no partial answers. The doors declare their callers to Chalice all the same;
`chalice_program.py` writes down what they declare, and here it is made.
"""

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from infra.aws import Aws
from infra.deployment.live import LIVE, let_call, live
from infra.deployment.patience import patiently

# Events that were just written. Without the filter every write to the table would start the function.
NEW_EVENTS = {"eventName": ["INSERT"], "dynamodb": {"Keys": {"PK": {"S": [{"prefix": "OUTBOX#"}]}}}}
# What no event tells of: the field `unheard` is stored where it is true only (chalicelib/storage/telling/unheard.py).
UNHEARD = {"dynamodb": {"NewImage": {"data": {"M": {"unheard": {"BOOL": [{"exists": True}]}}}}}}
_STREAM: Mapping[str, Any] = {
    "BatchSize": 25,
    "MaximumBatchingWindowInSeconds": 0,
    # What cannot be handed over is not tried for long: the sweep sends it a minute later.
    "MaximumRetryAttempts": 1,
    "MaximumRecordAgeInSeconds": 60,
    "FilterCriteria": {"Filters": [{"Pattern": json.dumps(each)} for each in (NEW_EVENTS, UNHEARD)]},
}
_TARGET = "1"  # `chalice delete` removes the target with this id
# AWS takes some seconds until a new role may read, and until a changed connection can be changed again.
_NOT_YET = {"InvalidParameterValueException", "ResourceInUseException"}


@dataclass(frozen=True)
class Connection:
    """An event source mapping of Lambda: its id, the ARN of the queue or the stream, and the function that it calls."""

    id: str
    source: str
    function: str
    is_live: bool
    is_on: bool


def connections(aws: Aws, functions: Collection[str]) -> list[Connection]:
    """The connections of these functions with queues and streams, whatever version they call."""
    found = []
    for page in aws.client("lambda").get_paginator("list_event_source_mappings").paginate():
        for each in page["EventSourceMappings"]:
            function, _, qualifier = each["FunctionArn"].split(":function:")[1].partition(":")
            if function in functions and each["State"] != "Deleting":
                is_on = each["State"] not in {"Disabled", "Disabling"}
                found.append(Connection(each["UUID"], each["EventSourceArn"], function, qualifier == LIVE, is_on))
    return found


def name_live(aws: Aws, functions: Collection[str], rules: Collection[str]) -> None:
    """Let what calls these functions and has another name for them call their alias. Its settings stay.

    Each is changed where it is: no message is lost or comes twice. `rules` are the schedules that are there.
    """
    change = aws.client("lambda").update_event_source_mapping
    for each in connections(aws, functions):
        if not each.is_live:
            patiently(partial(change, UUID=each.id, FunctionName=live(each.function)), _NOT_YET)
    for rule in rules:
        _aim(aws, rule, rule.removesuffix("-event"), aws.client("events").describe_rule(Name=rule)["Arn"])


def connect(
    aws: Aws, declared: Path, functions: Collection[str], rules: Collection[str], stream: dict[str, str]
) -> None:
    """Make what calls the functions as a deployment declared it, and delete what it does not declare any more.

    `rules` are the schedules that are there; `stream` names the table of a function that its stream calls. What a brake
    has stopped stays stopped.
    """
    callers = [json.loads(line) for line in declared.read_text(encoding="utf-8").splitlines()]
    queues = f"arn:aws:sqs:{aws.region}:{aws.account()}:"
    wanted = {(function, _stream_of(aws, table)): dict(_STREAM) for function, table in stream.items()}
    wanted |= {(each["function"], f"{queues}{each['queue']}"): _of_queue(each) for each in callers if "queue" in each}
    _connect_all(aws, connections(aws, functions), wanted)
    schedules = {each["rule"]: each for each in callers if "rule" in each}
    for rule in set(rules) - schedules.keys():
        aws.client("events").remove_targets(Rule=rule, Ids=[_TARGET])
        aws.client("events").delete_rule(Name=rule)
    for rule, each in schedules.items():
        _schedule(aws, rule, each["expression"], each["function"], is_there=rule in rules)


def follow(aws: Aws, function: str, table: str) -> bool:
    """Let the stream of a table call a function instead of the stream of another one. False if it does already.

    A function that no stream calls stays so, and one whose stream a brake has stopped stays stopped.
    """
    there = [each for each in connections(aws, {function}) if ":dynamodb:" in each.source]
    if not there or [each.source.split("/")[1] for each in there] == [table]:
        return False
    is_on = any(each.is_on for each in there)
    _connect_all(aws, there, {(function, _stream_of(aws, table)): dict(_STREAM, Enabled=is_on)})
    return True


def noted_beside(archive: Path) -> Path:
    """The file in which the callers of a deployment are written down, one in a line."""
    return archive.with_name("callers.jsonl")


def disconnect(aws: Aws, function: str) -> None:
    """Delete the connections of a function. AWS keeps them when it deletes the function."""
    for each in connections(aws, {function}):
        aws.client("lambda").delete_event_source_mapping(UUID=each.id)


def _connect_all(aws: Aws, there: list[Connection], wanted: dict[tuple[str, str], dict[str, Any]]) -> None:
    """Bring connections to the wanted settings, by function and source. Each is there once.

    What is not wanted goes last: interrupted in between, a function has one that calls, and the next run goes on.
    """
    client = aws.client("lambda")
    kept = {(each.function, each.source): each.id for each in there}
    for (function, source), settings in wanted.items():
        if known := kept.get((function, source)):
            change = partial(client.update_event_source_mapping, UUID=known)
        else:
            begins = {"StartingPosition": "LATEST"} if ":dynamodb:" in source else {}
            change = partial(client.create_event_source_mapping, EventSourceArn=source, **begins)
        patiently(partial(change, FunctionName=live(function), **settings), _NOT_YET)
    for each in there:
        if (each.function, each.source) not in wanted or kept[each.function, each.source] != each.id:
            client.delete_event_source_mapping(UUID=each.id)


def _of_queue(caller: dict[str, Any]) -> dict[str, Any]:
    """The settings of a queue's connection. A function may answer which messages of a batch must come again."""
    return {
        "BatchSize": caller["batch_size"],
        "MaximumBatchingWindowInSeconds": caller["window_seconds"],
        "ScalingConfig": {"MaximumConcurrency": caller["at_once"]},
        "FunctionResponseTypes": ["ReportBatchItemFailures"],
    }


def _schedule(aws: Aws, rule: str, expression: str, function: str, *, is_there: bool) -> None:
    """Let the clock call a function. A rule that is stopped stays stopped."""
    events = aws.client("events")
    state = events.describe_rule(Name=rule)["State"] if is_there else "ENABLED"
    arn = events.put_rule(Name=rule, ScheduleExpression=expression, State=state)["RuleArn"]
    _aim(aws, rule, function, arn)


def _aim(aws: Aws, rule: str, function: str, arn: str) -> None:
    """Let a rule call the alias of a function, and nothing else. One target replaces the other at once."""
    called = let_call(aws, function, "events", arn)
    aws.client("events").put_targets(Rule=rule, Targets=[{"Id": _TARGET, "Arn": called}])


def _stream_of(aws: Aws, table: str) -> str:
    arn: str = aws.client("dynamodb").describe_table(TableName=table)["Table"]["LatestStreamArn"]
    return arn
