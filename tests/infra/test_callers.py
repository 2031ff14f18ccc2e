"""What calls the functions: once each, by their alias, and with the settings that their doors declare."""

import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError

from infra.aws import Aws
from infra.deployment import callers, releasing, versions
from infra.deployment.found import Found
from infra.deployment.live import let_call
from infra.deployment.patience import patiently
from tests.infra.lambdas import API, CLOCK, FUNCTIONS, INGEST, SENDER, delete, make

QUEUE = {"function": INGEST, "queue": "takip-dev-readings", "batch_size": 10, "window_seconds": 60, "at_once": 7}
RULE = f"{CLOCK}-event"
SCHEDULE = {"function": CLOCK, "rule": RULE, "expression": "rate(1 minute)"}
KEYS: Any = {
    "KeySchema": [{"AttributeName": "PK", "KeyType": "HASH"}],
    "AttributeDefinitions": [{"AttributeName": "PK", "AttributeType": "S"}],
    "BillingMode": "PAY_PER_REQUEST",
    "StreamSpecification": {"StreamEnabled": True, "StreamViewType": "NEW_AND_OLD_IMAGES"},
}


@pytest.fixture
def aws(emulated: Aws) -> Iterator[Aws]:
    """An account with the functions, the queue and the table of dev. Nothing calls a function."""
    make(emulated, *FUNCTIONS)
    queue = emulated.client("sqs").create_queue(QueueName=QUEUE["queue"])["QueueUrl"]
    emulated.client("dynamodb").create_table(TableName="takip-dev", **KEYS)
    yield emulated
    for each in callers.connections(emulated, FUNCTIONS):
        emulated.client("lambda").delete_event_source_mapping(UUID=each.id)
    for rule in emulated.client("events").list_rules()["Rules"]:
        emulated.client("events").remove_targets(Rule=rule["Name"], Ids=["1"])
        emulated.client("events").delete_rule(Name=rule["Name"])
    emulated.client("dynamodb").delete_table(TableName="takip-dev")
    emulated.client("sqs").delete_queue(QueueUrl=queue)
    delete(emulated, *FUNCTIONS)


@pytest.fixture
def released(aws: Aws) -> Aws:
    """The account after a first release."""
    published = versions.publish(aws, FUNCTIONS, API, 1, versions.Origin())
    versions.serve(aws, releasing.read(aws, "dev", FUNCTIONS), 1, published)
    return aws


def connect(aws: Aws, folder: Path, *declared: dict[str, Any]) -> None:
    noted = folder / "callers.jsonl"
    noted.write_text("".join(f"{json.dumps(each)}\n" for each in declared))
    rules = [rule["Name"] for rule in aws.client("events").list_rules()["Rules"]]
    callers.connect(aws, noted, FUNCTIONS, rules, {SENDER: "takip-dev"})


def mapped(aws: Aws) -> dict[str, dict[str, Any]]:
    """The connections by the function that they call, with its alias."""
    found = aws.client("lambda").list_event_source_mappings()["EventSourceMappings"]
    by_function = {each["FunctionArn"].split(":function:")[1]: each for each in found}
    assert len(by_function) == len(found)
    return by_function


def targets(aws: Aws) -> list[str]:
    return [each["Arn"] for each in aws.client("events").list_targets_by_rule(Rule=RULE)["Targets"]]


def permissions(aws: Aws, function: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(aws.client("lambda").get_policy(FunctionName=function)["Policy"])[
        "Statement"
    ]
    return found


def test_the_alias_is_called_by_queue_stream_and_clock_and_again_is_the_same(released: Aws, tmp_path: Path) -> None:
    connect(released, tmp_path, QUEUE, SCHEDULE)
    first = mapped(released)
    assert first.keys() == {f"{INGEST}:live", f"{SENDER}:live"}
    queue, stream = first[f"{INGEST}:live"], first[f"{SENDER}:live"]
    assert (queue["BatchSize"], queue["MaximumBatchingWindowInSeconds"]) == (10, 60)
    assert queue["ScalingConfig"] == {"MaximumConcurrency": 7}
    assert queue["FunctionResponseTypes"] == ["ReportBatchItemFailures"]
    assert stream["StartingPosition"] == "LATEST"
    events, others = (each["Pattern"] for each in stream["FilterCriteria"]["Filters"])
    assert ("OUTBOX#" in events, "unheard" in others) == (True, True)
    assert [arn.rpartition(":")[2] for arn in targets(released)] == ["live"]
    (permission,) = permissions(released, CLOCK)
    assert permission["Resource"].endswith(":live")

    connect(released, tmp_path, QUEUE | {"batch_size": 20}, SCHEDULE)
    again = mapped(released)
    assert {name: each["UUID"] for name, each in again.items()} == {name: each["UUID"] for name, each in first.items()}
    assert again[f"{INGEST}:live"]["BatchSize"] == 20
    assert len(permissions(released, CLOCK)) == 1


def test_what_a_brake_stopped_stays_stopped(released: Aws, tmp_path: Path) -> None:
    connect(released, tmp_path, QUEUE, SCHEDULE)
    for each in callers.connections(released, FUNCTIONS):
        released.client("lambda").update_event_source_mapping(UUID=each.id, Enabled=False)
    released.client("events").disable_rule(Name=RULE)
    connect(released, tmp_path, QUEUE, SCHEDULE)
    assert [each.is_on for each in callers.connections(released, FUNCTIONS)] == [False, False]
    assert released.client("events").describe_rule(Name=RULE)["State"] == "DISABLED"


def test_what_is_declared_no_more_and_what_is_there_twice_is_deleted(released: Aws, tmp_path: Path) -> None:
    connect(released, tmp_path, QUEUE, SCHEDULE)
    twice = mapped(released)[f"{INGEST}:live"]["EventSourceArn"]
    released.client("lambda").create_event_source_mapping(FunctionName=INGEST, EventSourceArn=twice)
    connect(released, tmp_path, QUEUE, SCHEDULE)
    assert mapped(released).keys() == {f"{INGEST}:live", f"{SENDER}:live"}
    connect(released, tmp_path)
    assert mapped(released).keys() == {f"{SENDER}:live"}
    assert released.client("events").list_rules()["Rules"] == []


def test_the_stream_of_an_earlier_table_is_let_go(released: Aws, tmp_path: Path) -> None:
    connect(released, tmp_path)
    before = mapped(released)[f"{SENDER}:live"]["EventSourceArn"]
    released.client("dynamodb").delete_table(TableName="takip-dev")
    released.client("dynamodb").create_table(TableName="takip-dev", **KEYS)
    connect(released, tmp_path)
    assert mapped(released)[f"{SENDER}:live"]["EventSourceArn"] != before
    callers.disconnect(released, SENDER)
    assert mapped(released) == {}


def test_an_environment_without_releases_moves_where_it_is_and_what_serves_goes_on(aws: Aws) -> None:
    functions, events = aws.client("lambda"), aws.client("events")
    queue = f"arn:aws:sqs:{aws.region}:{aws.account()}:takip-dev-readings"
    made = functions.create_event_source_mapping(FunctionName=INGEST, EventSourceArn=queue, BatchSize=3)["UUID"]
    events.put_rule(Name=RULE, ScheduleExpression="rate(1 minute)")
    events.put_targets(
        Rule=RULE, Targets=[{"Id": "1", "Arn": f"arn:aws:lambda:{aws.region}:{aws.account()}:function:{CLOCK}"}]
    )
    records = [{"name": "api", "resource_type": "rest_api", "rest_api_id": "api"}]
    records += [{"name": "f", "resource_type": "lambda_function", "lambda_arn": f"a:{name}"} for name in FUNCTIONS]
    records += [{"name": "r", "resource_type": "cloudwatch_event", "rule_name": RULE}]

    assert releasing.keep_serving(aws, "dev", Found(tuple(records), ())) == 1
    assert mapped(aws).keys() == {INGEST}  # an API that nobody can ask yet serves nothing
    for _ in range(2):
        assert releasing.keep_serving(aws, "dev", Found(tuple(records), ("api",))) == 2
        (moved,) = mapped(aws).values()
        assert moved["FunctionArn"].endswith(f":{INGEST}:live")
        assert (moved["UUID"], moved["BatchSize"], moved["FunctionResponseTypes"]) == (made, 3, [])
        assert [arn.rpartition(":")[2] for arn in targets(aws)] == ["live"]
    (permission,) = permissions(aws, API)
    assert "/api/" not in permission["Resource"]
    assert json.dumps(permission).count(":api/*") == 1


def test_another_api_gets_the_permission_of_the_one_before(released: Aws) -> None:
    for source in ("arn:aws:execute-api:r:1:first/*", "arn:aws:execute-api:r:1:second/*"):
        let_call(released, API, "apigateway", source)
        (permission,) = permissions(released, API)
        assert source in json.dumps(permission)


@pytest.mark.parametrize(
    ("code", "times", "tried"),
    [
        ("InvalidParameterValueException", 9, 10),
        ("ResourceInUseException", 10, 10),
        ("AccessDeniedException", 1, 1),
    ],
)
def test_what_is_too_early_is_tried_again_for_half_a_minute(
    code: str, times: int, tried: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(time, "sleep", lambda _seconds: None)
    tries: list[int] = []

    def make_it() -> None:
        tries.append(1)
        if len(tries) <= times:
            raise ClientError({"Error": {"Code": code}}, "CreateEventSourceMapping")

    if times == tried:
        with pytest.raises(ClientError, match=code):
            patiently(make_it, callers._NOT_YET)
    else:
        patiently(make_it, callers._NOT_YET)
    assert len(tries) == tried
