"""The queues: readings over HTTP, buckets of markers, confirmed uploads, and deliveries to webhooks."""

import json
from collections.abc import Iterable
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from botocore.exceptions import BotoCoreError, ClientError

from chalicelib import aws, remembered, settings
from chalicelib.domain.andon.attachments import FilesUnavailable
from chalicelib.domain.machines.messages import ReadingsUnavailable
from chalicelib.domain.sentences import say
from chalicelib.domain.telling.deliveries import Delivery
from chalicelib.observability import logger, requests
from chalicelib.outbound.files import Place

if TYPE_CHECKING:
    from mypy_boto3_sqs.client import SQSClient

RETRY_AFTER_SECONDS = 2


def send(body: str) -> None:
    """Put a message on the readings queue. Raises ReadingsUnavailable."""
    try:
        _put(settings.current().readings_queue, body)
    except (BotoCoreError, ClientError) as error:
        raise ReadingsUnavailable(
            say("Send the readings again in a moment."), retry_after=RETRY_AFTER_SECONDS
        ) from error


def ask() -> None:
    """Check that the readings queue is there. Raises ReadingsUnavailable."""
    try:
        _client().get_queue_url(QueueName=settings.current().readings_queue)
    except (BotoCoreError, ClientError) as error:
        raise ReadingsUnavailable(say("Try again in a moment."), retry_after=RETRY_AFTER_SECONDS) from error


def hand_out(buckets: Iterable[str]) -> None:
    """Put buckets on the workers' queue, one message for each.

    Errors of AWS are raised as they are: the clock tries again within a minute.
    """
    for bucket in buckets:
        _put(settings.current().aggregates_queue, json.dumps({"bucket": bucket}))


def deliver(delivery: Delivery) -> None:
    """Put a delivery to a webhook on its queue. If the queue does not take it, the clock hands it out in some minutes.

    The group lets SQS give others their turn while a tenant's receivers are slow ("fair queues").
    """
    tenant = delivery.event.tenant
    message = {
        "tenant": tenant,
        "webhook_id": delivery.webhook_id,
        "delivery_id": delivery.id,
        "version": delivery.version,
    }
    try:
        _put(settings.current().webhooks_queue, json.dumps(message), MessageGroupId=tenant)
    except (BotoCoreError, ClientError):
        logger().warning("a delivery must wait for the clock", extra=message, exc_info=True)


def is_anything_handed_out() -> bool:
    """Whether a bucket is on the workers' queue that no worker has begun; SQS counts approximately."""
    queue = _url(settings.current().aggregates_queue)
    answer = _client().get_queue_attributes(QueueUrl=queue, AttributeNames=["ApproximateNumberOfMessages"])
    return int(answer["Attributes"]["ApproximateNumberOfMessages"]) > 0


def hand_over(upload: Place) -> None:
    """Ask for the copy of a confirmed upload. Raises FilesUnavailable."""
    try:
        _put(settings.current().pictures_queue, json.dumps(asdict(upload)))
    except (BotoCoreError, ClientError) as error:
        raise FilesUnavailable(say("Confirm it again in a moment."), retry_after=RETRY_AFTER_SECONDS) from error


def _put(queue_name: str, body: str, **others: Any) -> None:
    """Put a message on a queue, with the ids of the requests for which it is sent."""
    if requests():
        others["MessageAttributes"] = {"request_ids": {"DataType": "String", "StringValue": ",".join(requests())}}
    _client().send_message(QueueUrl=_url(queue_name), MessageBody=body, **others)


@remembered.cached
def _client() -> "SQSClient":
    made: SQSClient = aws.client("sqs")
    return made


@remembered.cached
def _url(queue_name: str) -> str:
    return _client().get_queue_url(QueueName=queue_name)["QueueUrl"]
