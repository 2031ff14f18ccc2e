"""Machines for tests: their messages, their items, and AWS calls that are counted or made to fail."""

import json
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any
from unittest.mock import patch

import boto3
from botocore.client import BaseClient
from botocore.exceptions import ClientError

from chalicelib import clock, settings
from chalicelib.domain.machines.latest import Latest, LatestValue
from chalicelib.domain.machines.machines import Machine
from chalicelib.domain.machines.readings import Reading, moment
from chalicelib.domain.machines.rollups import HourRollup
from chalicelib.domain.tenants import DEFAULT_TENANT
from chalicelib.services.machines.groups import Arrived
from chalicelib.services.machines.ingest import ingest
from chalicelib.services.numbers.aggregation import aggregate
from chalicelib.storage import table
from chalicelib.storage.items import Item
from chalicelib.storage.machines import machines

AT = "2026-01-05T07:10:00Z"
READINGS, ROLLUPS, QUARANTINE = "/machines/M1/readings", "/machines/M1/rollups", "/machines/quarantine"

Hook = Callable[[str, dict[str, Any]], dict[str, Any] | None]


def install(*machine_ids: str, **fields: Any) -> None:
    """Register machines directly in the table."""
    for machine_id in machine_ids:
        machine = Machine(machine_id, f"Machine {machine_id}", created_at=datetime(2020, 1, 1, tzinfo=UTC), **fields)
        for put in machines.creation(DEFAULT_TENANT, machine).puts:
            table.put(put.item)


def part(value: object = 20.0, at: object = AT, **fields: object) -> dict[str, object]:
    """A reading as a machine writes it, valid by default."""
    return {"type": "temperature", "value": value, "at": at} | fields


def message(machine_id: str, *parts: object) -> str:
    """A message as a machine writes it."""
    return json.dumps({"machine_id": machine_id, "readings": parts})


def written(readings: Iterable[Reading]) -> list[dict[str, object]]:
    """Readings as a machine writes them."""
    return [
        {
            "sensor": each.sensor,
            "type": each.type,
            "value": each.value,
            "seq": each.seq,
            "at": moment(each.at).isoformat(),
        }
        for each in readings
    ]


def sent(*parts: object) -> dict[str, object]:
    """A message for M1."""
    return {"machine_id": "M1", "readings": parts}


def arrived(*bodies: str, sent_at: datetime | None = None) -> list[Arrived]:
    """Messages in the form in which the queue delivers them, sent now by default."""
    return [Arrived(body, sent_at or clock.now()) for body in bodies]


def standing(kind: str) -> list[Item]:
    """All items of a kind in the table."""
    return [each for each in table.model().scan() if each.kind == kind]


def standing_rollups() -> dict[tuple[str, datetime, str, str], Any]:
    """All rollups in the table, without the fields of when and how often they were made."""
    made = [each.read(HourRollup) for each in _with_revisions(standing("rollup"))]
    return {(each.machine_id, each.hour, each.rollup.sensor, each.rollup.type): each.rollup for each in made}


def standing_latest() -> dict[str, tuple[LatestValue, ...]]:
    """The latest values of every machine in the table."""
    return {each.machine_id: each.values for each in (item.read(Latest) for item in standing("latest"))}


def _with_revisions(items: Iterable[Item]) -> Iterator[Item]:
    for each in items:
        each.data["revision"] = int(each.revision or 0)
        yield each


def queued() -> list[Any]:
    """Take the waiting messages from the readings queue."""
    sqs = boto3.client("sqs")
    url = sqs.get_queue_url(QueueName=settings.current().readings_queue)["QueueUrl"]
    found = sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages", [])
    return [json.loads(each["Body"]) for each in found]


def work() -> None:
    """Run the queue's handler and the clock's handler."""
    ingest(arrived(*(json.dumps(each) for each in queued())))
    aggregate(lambda: timedelta(minutes=1))


@contextmanager
def watched(hook: Hook = lambda _operation, _parameters: None) -> Iterator[list[str]]:
    """AWS operations as they are called. The hook may raise, or answer instead of AWS."""
    called: list[str] = []
    real = BaseClient._make_api_call  # type: ignore[attr-defined]

    def call(client: BaseClient, operation: str, parameters: dict[str, Any]) -> dict[str, Any]:
        called.append(operation)
        instead = hook(operation, parameters)
        return real(client, operation, parameters) if instead is None else instead

    with patch.object(BaseClient, "_make_api_call", call):
        yield called


def refusal(code: str, operation: str) -> ClientError:
    """An error as AWS answers it."""
    return ClientError({"Error": {"Code": code, "Message": "because"}}, operation)
