"""Dead letters: messages that a function died of, or could not take, and putting them back on their queue."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Any

from infra.aws import Aws
from infra.problem import Problem
from infra.replay.readings_queue import batches

if TYPE_CHECKING:
    from mypy_boto3_sqs.client import SQSClient

SUFFIX = "-dead"
_A_REQUEST = 10
# A message that is received is hidden for so long; one that was not moved can be received again then.
_HIDDEN_SECONDS = 60


@dataclass(frozen=True)
class DeadQueue:
    """A queue of dead letters, its short name (`readings`), the queue that they came from, and about how many wait."""

    name: str
    url: str
    source_url: str
    waiting: int


def every(aws: Aws, environment: str) -> list[DeadQueue]:
    """All queues of dead letters of an environment, by name."""
    client: SQSClient = aws.client("sqs")
    prefix = f"takip-{environment}-"
    pages = client.get_paginator("list_queues").paginate(QueueNamePrefix=prefix)
    urls = [url for page in pages for url in page.get("QueueUrls", []) if url.endswith(SUFFIX)]
    return [_described(client, url, prefix) for url in sorted(urls)]


def redrive(aws: Aws, dead: DeadQueue, most: int) -> Iterator[int]:
    """Put at most so many messages back on the queue that they came from, and yield how many were, request by request.

    A message is deleted here only when it is there. If this breaks off, a message may come twice; none is lost. Raises
    Problem if the queue refuses some.
    """
    client: SQSClient = aws.client("sqs")
    left = min(most, dead.waiting)  # those that die again meanwhile are not moved again
    while left > 0:
        wanted = min(left, _A_REQUEST)
        received = client.receive_message(
            QueueUrl=dead.url,
            MaxNumberOfMessages=wanted,
            VisibilityTimeout=_HIDDEN_SECONDS,
            WaitTimeSeconds=2,
            MessageAttributeNames=["All"],
        ).get("Messages", [])
        if not received:
            return
        _move(client, dead, received)
        left -= len(received)
        yield len(received)


def _move(client: "SQSClient", dead: DeadQueue, messages: Sequence[Any]) -> None:
    """Move messages that were received together, in as many requests as their bytes need."""
    left = iter(messages)
    for bodies in batches([each["Body"] for each in messages]):
        _move_at_once(client, dead, list(islice(left, len(bodies))))


def _move_at_once(client: "SQSClient", dead: DeadQueue, messages: Sequence[Any]) -> None:
    entries: Any = [
        {"Id": str(n), "MessageBody": each["Body"], "MessageAttributes": each.get("MessageAttributes", {})}
        for n, each in enumerate(messages)
    ]
    refused = client.send_message_batch(QueueUrl=dead.source_url, Entries=entries).get("Failed", [])
    stay = {int(failure["Id"]) for failure in refused}
    moved: Any = [
        {"Id": str(n), "ReceiptHandle": each["ReceiptHandle"]} for n, each in enumerate(messages) if n not in stay
    ]
    if moved:
        client.delete_message_batch(QueueUrl=dead.url, Entries=moved)
    if refused:
        why = refused[0].get("Message", refused[0]["Code"])
        raise Problem(
            f"The queue {dead.name} refuses {len(refused)} messages: {why}.\nThey stay with the dead letters."
        )


def _described(client: "SQSClient", url: str, prefix: str) -> DeadQueue:
    attributes = client.get_queue_attributes(QueueUrl=url, AttributeNames=["ApproximateNumberOfMessages"])
    name = url.rpartition("/")[2].removeprefix(prefix).removesuffix(SUFFIX)
    return DeadQueue(name, url, url.removesuffix(SUFFIX), int(attributes["Attributes"]["ApproximateNumberOfMessages"]))
