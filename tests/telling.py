"""Events on their way in tests: sweeping the outbox, and the queue of deliveries to webhooks."""

import json
from datetime import timedelta
from typing import Any

import boto3

from chalicelib import settings
from chalicelib.services.telling import sending
from chalicelib.services.telling.deliveries import Outcome, deliver, hand_out_due
from tests.conftest import SetClock
from tests.floor import MINUTE, Plant
from tests.machines import standing


def swept(time_left: timedelta = MINUTE) -> sending.Outcome:
    """Send what waits in the outbox for more than a minute."""
    return sending.sweep(lambda: time_left)


def handed_out() -> list[dict[str, Any]]:
    """Take the messages from the queue of deliveries."""
    sqs = boto3.client("sqs")
    url = sqs.get_queue_url(QueueName=settings.current().webhooks_queue)["QueueUrl"]
    messages = []
    while found := sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages", []):
        for message in found:
            sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
            messages.append(json.loads(message["Body"]))
    return messages


def delivered() -> list[Outcome]:
    """Try all deliveries that are handed out."""
    return [deliver(message) for message in handed_out()]


def retried(time_left: timedelta = MINUTE) -> int:
    """Hand out the deliveries that are due."""
    return hand_out_due(lambda: time_left)


def opened(plant: Plant, set_clock: SetClock, order_id: str = "WO-1") -> None:
    """Open an order, and send its event as far as the queue."""
    plant.order(id=order_id)
    set_clock.forward(2 * MINUTE)
    assert swept().failed == 0


def listed(plant: Plant, hook: str) -> Any:
    """The deliveries of a webhook, newest first."""
    return plant.admin.get(f"{hook}/deliveries").items


def written() -> list[Any]:
    """The images of the events that wait, as the table's stream has them."""
    return [{"dynamodb": {"NewImage": each.serialize()}} for each in standing("outgoing")]
