"""Sends messages to the queue in the way of an edge gateway: many in a request."""

import time
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING

from infra.problem import Problem

if TYPE_CHECKING:
    from mypy_boto3_sqs.client import SQSClient

MESSAGES_A_REQUEST = 10
BYTES_A_REQUEST = 256 * 1024
ATTEMPTS = 5


def batches(bodies: Sequence[str]) -> Iterator[list[str]]:
    """Message bodies, in order, in as few requests as the queue's limits on count and bytes allow."""
    batch: list[str] = []
    size = 0
    for body in bodies:
        length = len(body.encode())
        if batch and (len(batch) == MESSAGES_A_REQUEST or size + length > BYTES_A_REQUEST):
            yield batch
            batch, size = [], 0
        batch.append(body)
        size += length
    if batch:
        yield batch


def send(client: "SQSClient", queue_url: str, bodies: Sequence[str], sent: Callable[[int], None]) -> None:
    """Send all messages, and report their number to `sent`. Raises Problem if the queue refuses some repeatedly."""
    for batch in batches(bodies):
        _send_batch(client, queue_url, batch)
        sent(len(batch))


def _send_batch(client: "SQSClient", queue_url: str, batch: Sequence[str]) -> None:
    """Send one batch, and send again what the queue refused. Sending twice is harmless: readings have an identity."""
    waiting = dict(enumerate(batch))
    why = ""
    for attempt in range(ATTEMPTS):
        entries = [{"Id": str(number), "MessageBody": body} for number, body in waiting.items()]
        answer = client.send_message_batch(QueueUrl=queue_url, Entries=entries)  # type: ignore[arg-type]
        refused = answer.get("Failed", [])
        if not refused:
            return
        why = refused[0].get("Message", refused[0]["Code"])
        waiting = {int(failure["Id"]): waiting[int(failure["Id"])] for failure in refused}
        time.sleep(0.2 * 2**attempt)
    raise Problem(f"The queue keeps refusing {len(waiting)} messages: {why}.")
