"""How a simulated plant sends: to the queue, over HTTP, or over MQTT in one of three conventions."""

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from http import HTTPStatus
from uuid import uuid4

from infra.aws import Aws
from infra.mqtt import Publisher
from infra.replay import readings_queue
from infra.replay.api import Api, Refused
from infra.replay.target import Target
from infra.simulate.messages import Message

Send = Callable[[Sequence[Message]], int]
"""Sends messages, in order. Returns how many were refused at once. Raises Problem."""


@contextmanager
def road(name: str, target: Target, api: Api) -> Iterator[Send]:
    """The sender of a road."""
    aws = Aws(target.region, target.endpoint)
    if name == "sqs":
        yield _Queue(aws, target.queue_url)
    elif name == "http":
        yield HttpRoad(api)
    else:
        with Publisher(aws) as publisher:
            yield _Mqtt(publisher)


class _Queue:
    def __init__(self, aws: Aws, url: str) -> None:
        self._sqs, self._url = aws.client("sqs"), url

    def __call__(self, messages: Sequence[Message]) -> int:
        readings_queue.send(self._sqs, self._url, [message.body.decode() for message in messages], lambda _: None)
        return 0


class HttpRoad:
    """Sends each message with a key of its own, so that a repeated one is taken in again."""

    def __init__(self, api: Api) -> None:
        self._api = api

    def __call__(self, messages: Sequence[Message]) -> int:
        """Send messages."""
        return sum(map(self._is_refused, messages))

    def _is_refused(self, message: Message) -> bool:
        body = json.loads(message.body) if message.readings else {"readings": message.body.decode()}
        try:
            self._api.post(f"/machines/{message.machine}/readings", body, uuid4().hex)
        except Refused as refused:
            if refused.status != HTTPStatus.UNPROCESSABLE_ENTITY:
                raise
            return True
        return False


class _Mqtt:
    def __init__(self, publisher: Publisher) -> None:
        self._publisher = publisher

    def __call__(self, messages: Sequence[Message]) -> int:
        for message in messages:
            self._publisher.publish(message.topic, message.body)
        self._publisher.settle()
        return 0
