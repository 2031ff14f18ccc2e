"""The roads of readings, each with the messages that a machine sends by it."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import islice

from infra import sparkplug
from infra.replay.plan import Machine, Reading, wire

READINGS_A_MESSAGE = 60
TENANT = "default"
EDGE = "replay"
SEQUENCE = 256


@dataclass(frozen=True)
class Message:
    """A message, and the topic on which it is published over MQTT; by the queue and by HTTP it has none."""

    body: bytes
    topic: str = ""


def messages(road: str, machine: Machine, readings: Sequence[Reading]) -> list[Message]:
    """Readings of a machine as messages of a road, in order; by Sparkplug the birth is first."""
    return list(ROADS[road](machine, readings))


def _plain(machine: Machine, readings: Sequence[Reading]) -> Iterator[bytes]:
    """Takip's own JSON, 60 readings in each message."""
    for chosen in _by_sixty(readings):
        body = [{"type": r.type, "value": r.value, "at": wire(r.at), "sensor": r.sensor} for r in chosen]
        yield _json({"machine_id": machine.id, "readings": body})


def _to_a_queue(machine: Machine, readings: Sequence[Reading]) -> Iterator[Message]:
    return map(Message, _plain(machine, readings))


def _published(machine: Machine, readings: Sequence[Reading]) -> Iterator[Message]:
    topic = f"takip/{TENANT}/machines/{machine.id}/readings"
    return (Message(body, topic) for body in _plain(machine, readings))


def _of_a_hub(machine: Machine, readings: Sequence[Reading]) -> Iterator[Message]:
    """The convention of the United Manufacturing Hub: one message for neighbours of one instant, each with its tag."""
    topic = f"umh/v1/{TENANT}/replay/{machine.id}/_historian"
    values: dict[str, float] = {}
    for reading, following in zip(readings, [*readings[1:], None], strict=True):
        values[reading.sensor] = reading.value
        if following is None or following.at != reading.at or following.sensor in values:
            at = (reading.at - sparkplug.EPOCH) // timedelta(milliseconds=1)
            yield Message(_json({"timestamp_ms": at, **values}), topic)
            values = {}


def _of_an_edge_node(machine: Machine, readings: Sequence[Reading]) -> Iterator[Message]:
    """Sparkplug B: a birth that says what the aliases are, then 60 metrics with aliases in each payload."""
    aliases = {sensor.sensor: alias for alias, sensor in enumerate(machine.sensors)}
    born = min(reading.at for reading in readings)
    names = [sparkplug.Metric(None, born, name=sensor, alias=alias) for sensor, alias in aliases.items()]
    yield Message(sparkplug.encode(born, names, 0), sparkplug.topic(TENANT, "DBIRTH", EDGE, machine.id))
    topic = sparkplug.topic(TENANT, "DDATA", EDGE, machine.id)
    for number, chosen in enumerate(_by_sixty(readings), start=1):
        metrics = [sparkplug.Metric(r.value, r.at, alias=aliases[r.sensor]) for r in chosen]
        sent = max(reading.at for reading in chosen)
        yield Message(sparkplug.encode(sent, metrics, number % SEQUENCE), topic)


def _by_sixty(readings: Sequence[Reading]) -> Iterator[list[Reading]]:
    remaining = iter(readings)
    while chosen := list(islice(remaining, READINGS_A_MESSAGE)):
        yield chosen


def _json(body: Mapping[str, object]) -> bytes:
    return json.dumps(body, separators=(",", ":")).encode()


ROADS: Mapping[str, Callable[[Machine, Sequence[Reading]], Iterator[Message]]] = {
    "queue": _to_a_queue,
    "http": _to_a_queue,
    "mqtt": _published,
    "umh": _of_a_hub,
    "sparkplug": _of_an_edge_node,
}
