"""Sends the messages of a road: to the queue, over HTTP, or over MQTT."""

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from uuid import uuid4

from botocore.exceptions import BotoCoreError, ClientError

from infra.aws import Aws
from infra.mqtt import Publisher
from infra.problem import Problem
from infra.replay import readings_queue
from infra.replay.api import Api
from infra.replay.progress import Progress
from infra.replay.roads import Message
from infra.replay.target import Target

ON_THE_WAY = 100
"""So many messages are published before the broker must have taken them all."""
Send = Callable[[Sequence[Message]], None]
"""Sends messages, in order. Raises Problem."""


@contextmanager
def sender(via: str, target: Target, api: Api, progress: Progress) -> Iterator[Send]:
    """The sender of a road, which tells its progress. Raises Problem if the road is not there."""
    if via == "queue":
        yield _to_the_queue(target, progress)
    elif via == "http":
        yield _over_http(api, progress)
    elif target.endpoint is None:
        raise Problem(f"--via {via} publishes without a certificate, which only the local broker allows.")
    else:
        with Publisher(Aws(target.region, target.endpoint)) as publisher:
            yield _published(publisher, progress)


def _to_the_queue(target: Target, progress: Progress) -> Send:
    sqs = Aws(target.region, target.endpoint).client("sqs")

    def send(messages: Sequence[Message]) -> None:
        try:
            bodies = [message.body.decode() for message in messages]
            readings_queue.send(sqs, target.queue_url, bodies, progress.advance)
        except (BotoCoreError, ClientError) as error:
            raise Problem(f"The readings queue {target.queue_url} did not take the readings: {error}") from error

    return send


def _over_http(api: Api, progress: Progress) -> Send:
    def send(messages: Sequence[Message]) -> None:
        for message in messages:
            body = json.loads(message.body)
            api.post(f"/machines/{body['machine_id']}/readings", body, uuid4().hex)
            progress.advance()

    return send


def _published(publisher: Publisher, progress: Progress) -> Send:
    def send(messages: Sequence[Message]) -> None:
        for start in range(0, len(messages), ON_THE_WAY):
            together = messages[start : start + ON_THE_WAY]
            for message in together:
                publisher.publish(message.topic, message.body)
            publisher.settle()
            progress.advance(len(together))

    return send
