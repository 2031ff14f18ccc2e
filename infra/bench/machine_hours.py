"""The process in which `ingest` measures one version of Takip, in the folder of its files.

The version may be older than this file. So this file knows of it only its doors, a few names of its services, and its
environment variables. Its arguments are the minutes for
which a machine sends, and how often CPU times are measured. It writes one line of JSON: what that
costs, and the CPU time of readings.
"""

import gc
import importlib
import json
import os
import statistics
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from random import Random
from typing import Any
from unittest.mock import patch

import boto3
from moto import mock_aws
from moto.core.botocore_stubber import BotocoreStubber

ENVIRONMENT = {
    "AWS_ACCESS_KEY_ID": "bench",
    "AWS_SECRET_ACCESS_KEY": "bench",
    "AWS_DEFAULT_REGION": "eu-central-1",
    "TAKIP_ENVIRONMENT": "local",
    "TAKIP_TABLE": "takip-bench",
    "TAKIP_READINGS_QUEUE": "takip-bench-readings",
    "TAKIP_AGGREGATES_QUEUE": "takip-bench-aggregates",
    "TAKIP_WEBHOOKS_QUEUE": "takip-bench-webhooks",
    "TAKIP_EVENTS_TOPIC": "takip-bench-events",
    "TAKIP_FILES_BUCKET": "takip-bench-files",
    "TAKIP_PICTURES_QUEUE": "takip-bench-pictures",
    "TAKIP_LIVE_ROLE": "takip-bench-live",
    "TAKIP_SIGNING_KEYS": "/takip/local/signing-keys",
    "POWERTOOLS_SERVICE_NAME": "takip",
    "POWERTOOLS_METRICS_NAMESPACE": "Takip",
    "POWERTOOLS_TRACE_DISABLED": "true",
}
HOUR = datetime(2026, 1, 5, 10, tzinfo=UTC)
SENSORS, SECONDS_A_MESSAGE = 8, 5
SETTLED_AFTER = 6  # minutes after the hour: then its last readings are in its rollups
MESSAGES = {
    "6,000 messages of 1 reading": (1, 10, 600),
    "600 messages of 10 readings": (10, 10, 60),
    "100 messages of 60 readings": (60, 10, 10),
    "20 messages of 300 readings": (300, 10, 2),
    "one message of 1,000 readings": (1_000, 1, 1),
}
"""Batches: readings of a message, machines, messages of each machine."""


class Context:
    """As much of Lambda's context as doors look at."""

    function_name = memory_limit_in_mb = invoked_function_arn = aws_request_id = "bench"

    def get_remaining_time_in_millis(self) -> int:
        """Always plenty."""
        return 60_000


class Plant:
    """The doors of a version, and a clock that is set."""

    def __init__(self, version: Any) -> None:
        self.now = HOUR
        self._app = version
        self._sqs = boto3.client("sqs")
        self._queue = self._sqs.get_queue_url(QueueName=ENVIRONMENT["TAKIP_AGGREGATES_QUEUE"])["QueueUrl"]

    @property
    def window(self) -> int:
        """The seconds for which the queue gathers messages."""
        (source,) = [each for each in self._app.event_sources if each.name == "ingest_readings"]
        return int(source.maximum_batching_window_in_seconds)

    def ingest(self, bodies: list[str]) -> None:
        """Hand messages to the queue's door."""
        sent = str(int(self.now.timestamp() * 1000))
        records = [{"body": body, "attributes": {"SentTimestamp": sent}} for body in bodies]
        door("ingest_readings")({"Records": records}, Context())

    def tick(self) -> None:
        """Let the clock's door work, and the workers, where there are any."""
        door("compute_aggregates")(dict.fromkeys(("version", "account", "region", "detail", "detail-type"), "") | {
            "source": "aws.events", "time": "", "id": "", "resources": [],
        }, Context())  # fmt: skip
        while found := self._sqs.receive_message(QueueUrl=self._queue, MaxNumberOfMessages=10).get("Messages"):
            for message in found:
                door("aggregate_bucket")({"Records": [{"body": message["Body"]}]}, Context())
                self._sqs.delete_message(QueueUrl=self._queue, ReceiptHandle=message["ReceiptHandle"])

    def live(self, minutes: int) -> None:
        """A machine sends for so long in an hour. The clock works every minute, until the hour has settled."""
        gathered: list[str] = []
        until = None
        for second in range(60 * (minutes + SETTLED_AFTER)):
            self.now = HOUR + timedelta(seconds=second)
            if second % SECONDS_A_MESSAGE == 0 and second < 60 * minutes:
                gathered.append(message("M1", self.now, SENSORS))
                until = until or self.now + timedelta(seconds=self.window)
            if until and self.now >= until - timedelta(seconds=1):
                self.ingest(gathered)
                gathered, until = [], None
            if second % 60 == 59:  # noqa: PLR2004  the end of a minute
                self.tick()


def door(name: str) -> Any:
    """A door by its name."""
    return getattr(importlib.import_module(f"functions.{name}"), name)


def message(machine_id: str, last: datetime, readings: int, sensors: int = SENSORS) -> str:
    """A message of a machine: readings of its sensors in turn, as sensors measure them."""
    random = Random(f"{machine_id}{last}")  # noqa: S311  the same message each time
    per_sensor = -(-readings // sensors)
    parts = [
        {
            "type": "temperature",
            "value": round(random.gauss(80, 1), 2),
            "at": (last - timedelta(seconds=per_sensor - 1 - n // sensors)).isoformat(timespec="milliseconds"),
            "sensor": f"s{n % sensors}",
        }
        for n in range(readings)
    ]
    return json.dumps({"machine_id": machine_id, "readings": parts})


def door_by_json(bodies: list[str], cpu_seconds: Callable[[Callable[[], object]], float], rounds: int) -> float:
    """The CPU time of ingest without storage, as a multiple of `json.loads` of the same messages. They take turns."""
    ingest: Any = importlib.import_module("chalicelib.services.machines.ingest")
    table: Any = importlib.import_module("chalicelib.storage.table")
    batch = [ingest.Arrived(body, HOUR) for body in bodies]
    with patch.object(table, "batch_put", lambda _: None), patch.object(table, "put", lambda _: None):
        turns = [
            (cpu_seconds(lambda: [json.loads(body) for body in bodies]), cpu_seconds(lambda: ingest.ingest(batch)))
            for _ in range(rounds)
        ]
    return statistics.median(door / decoding for decoding, door in turns)


def furnish() -> None:
    """Make the table, the queues and the machines."""
    items: Any = importlib.import_module("chalicelib.storage.items")
    machines: Any = importlib.import_module("chalicelib.storage.machines.machines")
    records: Any = importlib.import_module("chalicelib.domain.machines.machines")
    table: Any = importlib.import_module("chalicelib.storage.table")
    items.Item.Meta.table_name = ENVIRONMENT["TAKIP_TABLE"]
    items.Item.create_table(billing_mode="PAY_PER_REQUEST")
    for name in ("TAKIP_READINGS_QUEUE", "TAKIP_AGGREGATES_QUEUE"):
        boto3.client("sqs").create_queue(QueueName=ENVIRONMENT[name])
    for n in range(10):
        machine = records.Machine(f"M{n}", "Press", created_at=HOUR)
        for put in machines.creation("default", machine).puts:
            table.put(put.item)


def measured(table: Any, plant: Plant, minutes: int, rounds: int) -> dict[str, Any]:
    """Everything that is measured of a version."""
    table.units.clear()
    plant.live(minutes)
    units = dict(table.units)
    batches = {
        name: [message(f"M{n}", HOUR + timedelta(seconds=k), size) for n in range(machines) for k in range(each)]
        for name, (size, machines, each) in MESSAGES.items()
    }
    gc.freeze()
    ingesting = {name: table.seconds_of(partial(plant.ingest, bodies), rounds) for name, bodies in batches.items()}
    return {
        "window": plant.window,
        "units": units,
        "by_json": {name: door_by_json(bodies, table.cpu_seconds, rounds) for name, bodies in batches.items()},
        "readings_a_second": {
            name: MESSAGES[name][0] * len(batches[name]) / seconds for name, seconds in ingesting.items()
        },
        "hour_seconds": hour_seconds(table, plant, rounds),
    }


def hour_seconds(table: Any, plant: Plant, rounds: int) -> float:
    """The CPU seconds of making a full hour of the machine again, with the clock's door and the worker's."""
    plant.now = HOUR + timedelta(minutes=59, seconds=30)
    plant.tick()
    plant.ingest([message("M1", plant.now, SENSORS)])
    plant.now += timedelta(minutes=20)
    seconds: float = table.seconds_of(plant.tick, rounds)
    return seconds


def main() -> None:
    """Measure, and write the line."""
    spoken = os.fdopen(os.dup(1), "w")
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)  # log lines are written, and nobody reads them
    sys.path.append(str(Path(__file__).parent))  # behind the version's own files
    counting: Any = importlib.import_module("counting_table")
    table = counting.Table(importlib.import_module("capacity"))
    with mock_aws(), patch.object(BotocoreStubber, "process_request", counting.in_place_of_the_network(table)):
        version = importlib.import_module("app").app
        furnish()
        plant = Plant(version)
        with patch.object(importlib.import_module("chalicelib.clock"), "now", lambda: plant.now):
            print(json.dumps(measured(table, plant, *map(int, sys.argv[1:]))), file=spoken, flush=True)


if __name__ == "__main__":
    os.environ |= ENVIRONMENT
    main()
