"""The queue's door: machines' messages → chunks, quarantine, markers."""

from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from typing import Any

from aws_lambda_powertools.metrics import MetricUnit
from chalice.app import Blueprint, SQSEvent

from chalicelib import settings
from chalicelib.clock import TimeLeft
from chalicelib.domain.errors import StorageUnavailable
from chalicelib.observability import logger, metrics, observed
from chalicelib.services.machines.groups import Arrived
from chalicelib.services.machines.ingest import Ingested, ingest
from functions._runs import for_senders, requests_of, time_left

bp = Blueprint(__name__)
# A last round of halves takes less.
_ENOUGH = timedelta(seconds=20)


@observed
@bp.on_sqs_message(
    settings.queue_name("readings"),
    batch_size=10_000,  # for fewer and fuller chunks; a batch is never larger than Lambda's limit of 6 MB
    name="ingest_readings",
    maximum_batching_window_in_seconds=60,  # a message that waits for others shares their chunks and markers
    maximum_concurrency=10,  # so that many messages leave the account's other Lambdas to people
)
def ingest_readings(event: SQSEvent) -> dict[str, Any]:
    """Store a batch of messages. Answers which of them the queue shall deliver again: those that ingest dies of.

    A message that can be read by nobody is not among them: it goes into quarantine. Raises if storage fails; the queue
    then delivers the whole batch again.
    """
    records = event.to_dict()["Records"]
    metrics().add_metric("IngestedMessages", MetricUnit.Count, len(records))
    with for_senders(records):
        ingested, failed = _taken(records, time_left(event.context))
        told = asdict(ingested)
        (logger().warning if ingested.quarantined else logger().info)("ingested", extra=told)
    metrics().add_metric("IngestedReadings", MetricUnit.Count, ingested.readings)
    metrics().add_metric("IngestedQuarantined", MetricUnit.Count, ingested.quarantined)
    return told | {"batchItemFailures": [{"itemIdentifier": record["messageId"]} for record in failed]}


def _taken(records: list[Any], left: TimeLeft) -> tuple[Ingested, list[Any]]:
    """Take in messages, and find the ones that fail by halving what fails. What is taken twice counts once.

    When little time is left, all that are still in question come again.
    """
    try:
        return ingest(_arrived(record) for record in records), []
    except StorageUnavailable:
        raise
    except Exception:  # noqa: BLE001  one message must not lead thousands of others to the dead letters
        if len(records) == 1 or left() < _ENOUGH:
            logger().exception("messages failed", extra={"messages": len(records)})
            return Ingested(readings=0, chunks=0, quarantined=0), records
    half = len(records) // 2
    (first, failed), (second, more) = _taken(records[:half], left), _taken(records[half:], left)
    both = zip(asdict(first).items(), asdict(second).values(), strict=True)
    return Ingested(**{name: one + other for (name, one), other in both}), failed + more


def _arrived(record: dict[str, Any]) -> Arrived:
    sent_at = datetime.fromtimestamp(int(record["attributes"]["SentTimestamp"]) / 1000, UTC)
    return Arrived(record["body"], sent_at, requests=requests_of(record))
