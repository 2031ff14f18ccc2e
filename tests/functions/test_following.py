"""A request is followed: whatever is done for it later, by other functions, has its id in its log lines."""

import json
from typing import Any

import boto3
import pytest

from chalicelib import settings
from chalicelib.observability import MOST_REQUESTS
from chalicelib.storage import markers
from functions.aggregate_bucket import aggregate_bucket
from functions.deliver_webhook import deliver_webhook
from functions.ingest_readings import ingest_readings
from functions.retry_webhooks import retry_webhooks
from functions.send_events import send_events
from tests.conftest import SetClock, Told
from tests.floor import HOUR, MINUTE, Plant, new_order
from tests.lambdas import LambdaContext, every_minute, handed_out
from tests.machines import READINGS, part, sent
from tests.receivers import receiving, says
from tests.telling import written


def records(queue: str) -> dict[str, Any]:
    """The event that Lambda makes of the messages on a queue."""
    sqs = boto3.client("sqs")
    url = sqs.get_queue_url(QueueName=queue)["QueueUrl"]
    found = sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10, MessageAttributeNames=["All"])["Messages"]
    for each in found:
        sqs.delete_message(QueueUrl=url, ReceiptHandle=each["ReceiptHandle"])
    return {
        "Records": [
            {
                "messageId": each["MessageId"],
                "body": each["Body"],
                "attributes": {"SentTimestamp": "1767600000000"},
                "messageAttributes": {
                    name: {"stringValue": value["StringValue"], "dataType": "String"}
                    for name, value in each.get("MessageAttributes", {}).items()
                },
            }
            for each in found
        ]
    }


def test_a_command_is_followed_to_its_webhook_and_to_its_numbers(plant: Plant, set_clock: SetClock, told: Told) -> None:
    with receiving() as receiver:
        receiver.answer = says("503 Busy")
        plant.admin.post("/webhooks", {"url": receiver.url, "events": ["order.opened"]})
        told()
        plant.planner.post("/workorders", new_order(), X_Request_Id="command-1")
        send_events({"Records": written()}, LambdaContext())
        deliver_webhook(records(settings.current().webhooks_queue), LambdaContext())
        aggregate_bucket(handed_out(*markers.BUCKETS), LambdaContext())
        of_first_try = [(line["message"], line.get("request_id")) for line in told()]
        set_clock.forward(2 * MINUTE)
        retry_webhooks(every_minute(), LambdaContext())
        deliver_webhook(records(settings.current().webhooks_queue), LambdaContext())
    assert of_first_try == [
        (message, "command-1") for message in ("request", "events sent", "webhook tried", "aggregated")
    ]
    # The clock begins its runs for nobody. What it hands out is for the request.
    assert [(line["message"], line.get("request_id")) for line in told()] == [
        ("webhooks handed out", None),
        ("webhook tried", "command-1"),
    ]


def test_readings_are_followed_to_their_rollup(floor: Plant, set_clock: SetClock, told: Told) -> None:
    told()
    for n in range(2):
        floor.planner.post(READINGS, sent(part(n)), X_Request_Id=f"reading-{n}")
    ingest_readings(records(settings.current().readings_queue), LambdaContext())
    set_clock.forward(HOUR)
    aggregate_bucket(handed_out(*markers.BUCKETS), LambdaContext())
    aggregate_bucket(handed_out(*markers.BUCKETS), LambdaContext())
    lines = [(line["message"], line.get("request_id") or line.get("request_ids")) for line in told()]
    both = ["reading-0", "reading-1"]
    assert lines == [
        *(("request", each) for each in both),
        ("ingested", both),
        ("aggregated", both),
        ("aggregated", None),
    ]


@pytest.mark.usefixtures("table", "set_clock")
def test_of_many_requests_the_first_are_followed_and_nonsense_is_not(told: Told) -> None:
    def record(named: str) -> dict[str, Any]:
        attributes = {"request_ids": {"stringValue": named, "dataType": "String"}}
        return {
            "messageId": "m",
            "body": "{}",
            "attributes": {"SentTimestamp": "1767600000000"},
            "messageAttributes": attributes,
        }

    known = [f"r-{n}" for n in range(MOST_REQUESTS + 1)]
    for named, expected in ((["no id\n", ""], None), (known, known[:-1])):
        ingest_readings(json.loads(json.dumps({"Records": [record(each) for each in named]})), LambdaContext())
        assert [line.get("request_ids") for line in told() if line["message"] == "ingested"] == [expected]
