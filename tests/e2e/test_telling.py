"""Telling others: who subscribes to the topic, and who has a webhook, hears of a command."""

import json
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest
from cloudevents.core.formats.json import JSONFormat
from standardwebhooks.webhooks import Webhook as Verifier

from tests.e2e.conftest import Deployed
from tests.e2e.test_machines import until
from tests.floor import new_order
from tests.receivers import receiving


@pytest.fixture
def heard(deployed: Deployed) -> Iterator[Any]:
    """A queue that hears of opened orders only, and a function that reads what came."""
    sns, sqs = deployed.client("sns"), deployed.client("sqs")
    (topic,) = [each["TopicArn"] for each in sns.list_topics()["Topics"] if each["TopicArn"].endswith("-local-events")]
    url = sqs.create_queue(QueueName=f"heard-{uuid4().hex[:8]}")["QueueUrl"]
    arn = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    rules = {"RawMessageDelivery": "true", "FilterPolicy": json.dumps({"event": ["order.opened"]})}
    made = sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=arn, Attributes=rules, ReturnSubscriptionArn=True)
    ids: list[str] = []

    def read() -> list[str]:
        """The subjects of the events that came, oldest first."""
        for message in sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages", []):
            event = JSONFormat().read(None, message["Body"])
            assert event.get_type() == "dev.takip.order.opened"
            ids.append(str(event.get_subject()))
            sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
        return ids

    yield read
    sns.unsubscribe(SubscriptionArn=made["SubscriptionArn"])
    sqs.delete_queue(QueueUrl=url)


def test_who_subscribes_hears_of_a_command_at_once(deployed: Deployed, heard: Any) -> None:
    order_id = f"WO-{uuid4().hex[:8]}"
    with deployed.http() as api:
        body = new_order(id=order_id, stages=[{"name": "Montaj"}])
        opened = api.post("/workorders", json=body).raise_for_status().json()["data"]
        api.post(f"/stages/{opened['stages'][0]['id']}/start").raise_for_status()

    until([order_id], lambda: [each for each in heard() if each == order_id])  # others opened orders a moment ago

    # The clock finds nothing left: what was sent is deleted.
    def waiting() -> int:
        found = deployed.client("dynamodb").scan(
            TableName=deployed.site.table,
            FilterExpression="begins_with(PK, :outbox)",
            ExpressionAttributeValues={":outbox": {"S": "OUTBOX#"}},
        )
        return int(found["Count"])

    until(0, waiting)


def test_a_webhook_hears_of_an_issue_signed(deployed: Deployed) -> None:
    with receiving() as receiver, deployed.http() as api:
        wanted = {"url": receiver.url, "events": ["issue.reported"]}
        hook = api.post("/webhooks", json=wanted).raise_for_status().json()["data"]
        opened = api.post("/workorders", json=new_order()).raise_for_status().json()["data"]
        issue = {"type": "quality", "description": "Çizik var."}
        answer = api.post(f"/stages/{opened['stages'][0]['id']}/issue", json=issue).raise_for_status()
        reported = answer.json()["data"]

        until(1, lambda: len(receiver.requests))

        (request,) = receiver.requests
        event = Verifier(hook["secret"]).verify(request.body, request.headers)
        assert (event["type"], event["subject"]) == ("dev.takip.issue.reported", reported["id"])
        assert event["data"]["description"] == "Çizik var."
        path = f"/webhooks/{hook['id']}"
        until("delivered", lambda: api.get(f"{path}/deliveries").json()["data"]["items"][0]["status"])
        on_the_way = ["api_handler", "send_events", "deliver_webhook"]  # numbers are made beside it, at any time
        worked = deployed.worked_for
        until(on_the_way, lambda: [each for each in worked(answer.headers["X-Request-Id"]) if each in on_the_way][:3])
        assert deployed.invoke("retry_webhooks") == {"deliveries": 0}
        api.delete(path).raise_for_status()
