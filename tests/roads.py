"""Roads of readings for tests: what a machine sends by each, and what the IoT topic rules make of it.

That the rules really do so, the tests of the deployed system show.
"""

import json
from base64 import b64encode
from collections.abc import Sequence
from random import Random

from infra.replay.plan import Machine, Reading
from infra.replay.roads import Message, messages

MANNERS = ("in order", "shuffled", "three times")


def sent(road: str, manner: str, machine: Machine, readings: Sequence[Reading]) -> list[Message]:
    """The messages of a machine by a road, in a manner; "three times" is shuffled too."""
    if manner == "in order":
        return messages(road, machine, readings)
    random = Random(manner)  # noqa: S311 - it must repeat, not surprise
    times = 3 if manner == "three times" else 1
    shuffled = messages(road, machine, random.sample(readings, len(readings))) * times
    return random.sample(shuffled, len(shuffled))


def as_queued(road: str, message: Message) -> str:
    """A message as it reaches the queue."""
    if not message.topic:
        return message.body.decode()
    if road == "mqtt":
        _, tenant, _, machine_id, _ = message.topic.split("/")
        parts = json.loads(message.body)["readings"]
        return json.dumps({"readings": parts, "tenant": tenant, "machine_id": machine_id})
    return json.dumps({road: b64encode(message.body).decode(), "topic": message.topic})
