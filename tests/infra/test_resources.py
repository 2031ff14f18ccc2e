"""The resources of `infra/resources.yaml` on the emulator: the table, the queues, and the topic rules."""

import base64
import json
from collections.abc import Iterator
from typing import Any

import pytest

from infra.aws import Aws
from infra.deployment import watching
from infra.stack import delete_stack, put_stack

TOPIC = "takip/default/machines/M1/readings"
READINGS = [{"type": "temperature", "value": 81.5, "at": "2026-01-05T10:00:00.250Z", "sensor": "spindle"}]


@pytest.fixture
def stack(emulated: Aws) -> Iterator[Aws]:
    """The resources of the local environment, new for each test."""
    put_stack(emulated, "local")
    yield emulated
    delete_stack(emulated, "local")


def publish(aws: Aws, payload: bytes | str, topic: str = TOPIC) -> None:
    aws.client("iot-data").publish(topic=topic, qos=1, payload=payload)


def arrived(aws: Aws, queue: str) -> list[dict[str, Any]]:
    sqs = aws.client("sqs")
    url = sqs.get_queue_url(QueueName=queue)["QueueUrl"]
    received = sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10, WaitTimeSeconds=2)
    return [json.loads(message["Body"]) for message in received.get("Messages", [])]


def test_the_table_has_both_indexes_with_everything_in_them_and_a_stream(stack: Aws) -> None:
    table = stack.client("dynamodb").describe_table(TableName="takip-local")["Table"]
    indexes = {index["IndexName"]: index["Projection"]["ProjectionType"] for index in table["GlobalSecondaryIndexes"]}
    assert indexes == {"GSI1": "ALL", "GSI2": "ALL"}
    assert table["StreamSpecification"]["StreamViewType"] == "NEW_AND_OLD_IMAGES"
    assert table["BillingModeSummary"]["BillingMode"] == "PAY_PER_REQUEST"


@pytest.mark.parametrize(("environment", "is_protected"), [("local", False), ("dev", True), ("prod", True)])
def test_the_table_is_protected_everywhere_but_local(emulated: Aws, environment: str, *, is_protected: bool) -> None:
    put_stack(emulated, environment)
    table = emulated.client("dynamodb").describe_table(TableName=f"takip-{environment}")["Table"]
    assert table["DeletionProtectionEnabled"] is is_protected


def test_putting_the_same_stack_again_changes_nothing(stack: Aws) -> None:
    publish(stack, json.dumps({"readings": READINGS}))
    put_stack(stack, "local")
    assert len(arrived(stack, "takip-local-readings")) == 1


def test_a_device_speaks_for_itself_only_whatever_its_payload_claims(stack: Aws) -> None:
    publish(stack, json.dumps({"tenant": "rival", "machine_id": "M2", "readings": READINGS}))
    assert arrived(stack, "takip-local-readings") == [{"tenant": "default", "machine_id": "M1", "readings": READINGS}]


@pytest.mark.parametrize(
    "payload", [b"81.5 degrees", b"\xff\x00", b'{"type": "temperature", "value": 81.5}', b"[1, 2]", b""]
)
def test_what_holds_no_readings_arrives_whole_for_quarantine(stack: Aws, payload: bytes) -> None:
    publish(stack, payload)
    original = base64.b64encode(payload).decode()
    assert arrived(stack, "takip-local-readings") == [{"tenant": "default", "machine_id": "M1", "unreadable": original}]


def test_other_topics_do_not_reach_the_queue(stack: Aws) -> None:
    publish(stack, json.dumps({"readings": READINGS}), topic="takip/default/machines/M1/state")
    publish(stack, json.dumps({"readings": READINGS}))
    assert len(arrived(stack, "takip-local-readings")) == 1


def test_what_the_queue_does_not_take_goes_to_the_dead_letters(stack: Aws) -> None:
    sqs = stack.client("sqs")
    sqs.delete_queue(QueueUrl=sqs.get_queue_url(QueueName="takip-local-readings")["QueueUrl"])
    payload = json.dumps({"readings": READINGS})
    publish(stack, payload)
    (dead,) = arrived(stack, "takip-local-readings-dead")
    assert dead["topic"] == TOPIC
    assert base64.b64decode(dead["base64OriginalPayload"]).decode() == payload


def test_a_message_nobody_can_take_ends_among_the_dead_letters(stack: Aws) -> None:
    sqs = stack.client("sqs")
    url = sqs.get_queue_url(QueueName="takip-local-readings")["QueueUrl"]
    sqs.send_message(QueueUrl=url, MessageBody=json.dumps({"readings": READINGS}))
    for _ in range(6):
        sqs.receive_message(QueueUrl=url, VisibilityTimeout=0)
    assert arrived(stack, "takip-local-readings-dead") == [{"readings": READINGS}]


def test_what_watches_is_made_keeps_who_is_told_and_is_deleted(emulated: Aws) -> None:
    alarms, topics = emulated.client("cloudwatch"), emulated.client("sns")
    assert "to nobody" in watching.who_is_told(emulated, "dev")
    watching.put(emulated, "dev", watching.Wishes("ada@example.com"))
    watching.put(emulated, "dev")
    assert watching.who_is_told(emulated, "dev") == "are told to ada@example.com"
    (found,) = alarms.describe_alarms(AlarmNames=["takip-dev-dead-letters-readings-dead"])["MetricAlarms"]
    topic = found["AlarmActions"][0]
    told = topics.list_subscriptions_by_topic(TopicArn=topic)["Subscriptions"]
    assert [each["Endpoint"] for each in told] == ["ada@example.com"]
    shown = {each["DashboardName"] for each in alarms.list_dashboards()["DashboardEntries"]}
    assert shown == {"takip-dev-operations", "takip-dev-plant"}
    for _ in range(2):
        watching.delete(emulated, "dev")
    assert (alarms.describe_alarms()["MetricAlarms"], alarms.list_dashboards()["DashboardEntries"]) == ([], [])
