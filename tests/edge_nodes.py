"""Edge nodes for tests: their payloads, and the messages that the IoT topic rule makes of them."""

import json
from base64 import b64encode
from datetime import datetime, timedelta

from infra.sparkplug import INT32, Metric, Value, encode, topic
from tests.floor import MORNING

GROUP, EDGE = "default", "edge-1"
SEVEN = MORNING - timedelta(hours=1)
"""The hour in which edge nodes publish."""


def later(seconds: float) -> datetime:
    """So many seconds after seven."""
    return SEVEN + timedelta(seconds=seconds)


def published(payload: bytes, kind: str = "DDATA", device: str = "M1", group: str = GROUP) -> str:
    """The message that the topic rule puts on the queue."""
    of_device = device if kind[0] == "D" else None
    edge = EDGE if of_device else device
    return json.dumps({"sparkplug": b64encode(payload).decode(), "topic": topic(group, kind, edge, of_device)})


def data(at: float, *metrics: Metric, seq: int = 3, device: str = "M1", group: str = GROUP) -> str:
    """A message with data, sent so many seconds after seven."""
    return published(encode(later(at), metrics, seq), device=device, group=group)


def birth(at: float, names: dict[int, str], datatype: int = INT32, device: str = "M1", group: str = GROUP) -> str:
    """A birth, sent so many seconds after seven, that gives these names to aliases, with null values."""
    metrics = [Metric(None, later(at), datatype, name=name, alias=alias) for alias, name in names.items()]
    return published(encode(later(at), metrics, 0), "DBIRTH", device=device, group=group)


def aliased(alias: int, value: Value, at: float, datatype: int = INT32) -> Metric:
    """A metric with an alias only."""
    return Metric(value, later(at), datatype, alias=alias)


def named(name: str, value: Value, at: float, datatype: int = INT32) -> Metric:
    """A metric with a name only."""
    return Metric(value, later(at), datatype, name=name)
