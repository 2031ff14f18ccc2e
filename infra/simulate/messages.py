"""Batches as messages of each road, and what Takip must do with each of them."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import cycle

from infra import sparkplug
from infra.replay.plan import wire
from infra.simulate.plant import STATES, TAGS, WRONG, Look, Reading
from infra.simulate.schedule import Batch

TENANT = "default"
CLOCK_GRACE = timedelta(minutes=5)
EDGE = "simulator"
SEQUENCE = 256
ALIASES = {type_name: number for number, type_name in enumerate(TAGS, start=1)}
DATATYPES = {"temperature": sparkplug.DOUBLE, "cycle_count": sparkplug.INT64, "state": sparkplug.INT32}


@dataclass(frozen=True)
class Message:
    """A message to send `due` seconds after the start: where (a topic; empty for the queue and HTTP) and what.

    `good` are its readings that must count. If it `is_wrong`, it must be in quarantine, or refused where the sender is
    told at once.
    """

    due: float
    machine: str
    topic: str
    body: bytes
    readings: int
    good: tuple[Reading, ...]
    is_wrong: bool


def messages(road: str, start: datetime, batches: Sequence[Batch]) -> list[Message]:
    """All batches as messages of a road. A repeated batch is the same message again."""
    made: dict[tuple[object, ...], list[tuple[str, bytes, Sequence[Look]]]] = {}
    encode = ROADS[road]
    found = []
    for batch in batches:
        known = batch.machine, batch.looks, batch.poison
        if known not in made:
            made[known] = [*encode(batch, start + timedelta(seconds=batch.due), len(made))]
        found += [_judged(batch, start, *message) for message in made[known]]
    return found


def _judged(batch: Batch, start: datetime, topic: str, body: bytes, held: Sequence[Look]) -> Message:
    latest = start + timedelta(seconds=batch.due) + CLOCK_GRACE
    readings = [reading for look in held for reading in look]
    good = tuple(reading for reading in readings if reading.value != WRONG and reading.at <= latest)
    return Message(
        due=batch.due,
        machine=batch.machine,
        topic=topic,
        body=body,
        readings=len(readings),
        good=good,
        is_wrong=len(good) < len(readings) or not readings,
    )


Encoded = Iterator[tuple[str, bytes, Sequence[Look]]]
Encode = Callable[[Batch, datetime, int], Encoded]


def _plain(batch: Batch, _now: datetime, _number: int) -> Encoded:
    """Takip's own JSON."""
    topic = f"takip/{TENANT}/machines/{batch.machine}/readings"
    if batch.poison is not None:
        yield topic, _poison(batch), ()
        return
    parts = [{"type": each.type, "value": each.value, "at": wire(each.at)} for look in batch.looks for each in look]
    yield topic, _json({"machine_id": batch.machine, "readings": parts}), batch.looks


def _hub(batch: Batch, _now: datetime, _number: int) -> Encoded:
    """The convention of the United Manufacturing Hub: each look is a message."""
    topic = f"umh/v1/{TENANT}/plant/hall1/{batch.machine}/_historian"
    if batch.poison is not None:
        yield topic, _poison(batch), ()
    for look in batch.looks:
        values: dict[str, object] = {TAGS[each.type]: _as_controllers_do(each) for each in look}
        yield topic, _json({"timestamp_ms": _milliseconds(look[0].at)} | values), (look,)


def _edge_node(batch: Batch, now: datetime, number: int) -> Encoded:
    """Sparkplug B, with aliases."""
    topic = sparkplug.topic(TENANT, "DDATA", EDGE, batch.machine)
    metrics = [_metric(each) for look in batch.looks for each in look]
    payload = sparkplug.encode(now, metrics, number % SEQUENCE)
    yield topic, payload if batch.poison is None else _poison(batch), batch.looks


def births(start: datetime, machine_ids: Sequence[str], late_by: float = 0.0) -> list[Message]:
    """The births that say the names and the types of the aliases. They have no values.

    That of every third machine comes `late_by` seconds late: until then, what it sent must wait.
    """
    metrics = [
        sparkplug.Metric(None, start, DATATYPES[type_name], name=TAGS[type_name], alias=ALIASES[type_name])
        for type_name in TAGS
    ]
    payload = sparkplug.encode(start, metrics, 0)
    return [
        Message(late, machine, sparkplug.topic(TENANT, "DBIRTH", EDGE, machine), payload, 0, (), is_wrong=False)
        for machine, late in zip(machine_ids, cycle((0.0, 0.0, late_by)), strict=False)
    ]


def _metric(reading: Reading) -> sparkplug.Metric:
    value = _as_controllers_do(reading)
    datatype = sparkplug.STRING if value == WRONG else DATATYPES[reading.type]
    return sparkplug.Metric(value, reading.at, datatype, alias=ALIASES[reading.type])


def _as_controllers_do(reading: Reading) -> float | str:
    """A value as a controller sends it: whole numbers for counters and states."""
    if reading.type == "state":
        return STATES[str(reading.value)]
    return int(reading.value) if isinstance(reading.value, float) and reading.type == "cycle_count" else reading.value


def _milliseconds(at: datetime) -> int:
    return (at - sparkplug.EPOCH) // timedelta(milliseconds=1)


def _poison(batch: Batch) -> bytes:
    """Something that nobody can read."""
    return f"poison {batch.poison} of {batch.machine} {{".encode()


def _json(body: Mapping[str, object]) -> bytes:
    return json.dumps(body, separators=(",", ":")).encode()


ROADS: Mapping[str, Encode] = {"sqs": _plain, "http": _plain, "mqtt": _plain, "umh": _hub, "sparkplug": _edge_node}
