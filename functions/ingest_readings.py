"""The queue's door: machines' messages → chunks, quarantine, markers."""

from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

from aws_lambda_powertools.metrics import MetricUnit
from chalice.app import Blueprint, SQSEvent

from chalicelib import settings
from chalicelib.observability import logger, metrics, observed
from chalicelib.services.machines.groups import Arrived
from chalicelib.services.machines.ingest import ingest

bp = Blueprint(__name__)


@observed
@bp.on_sqs_message(
    settings.queue_name("readings"),
    batch_size=10_000,  # for fewer and fuller chunks; a batch is never larger than Lambda's limit of 6 MB
    name="ingest_readings",
    maximum_batching_window_in_seconds=60,  # a message that waits for others shares their chunks and markers
    maximum_concurrency=10,  # so that many messages leave the account's other Lambdas to people
)
def ingest_readings(event: SQSEvent) -> dict[str, int]:
    """Store a batch of messages. Raises if storage fails; the queue then delivers the whole batch again."""
    records = event.to_dict()["Records"]
    metrics().add_metric("IngestedMessages", MetricUnit.Count, len(records))
    ingested = ingest(_arrived(record) for record in records)
    told = asdict(ingested)
    (logger().warning if ingested.quarantined else logger().info)("ingested", extra=told)
    for name, count in told.items():
        metrics().add_metric(f"Ingested{name.title()}", MetricUnit.Count, count)
    return told


def _arrived(record: dict[str, Any]) -> Arrived:
    sent_at = datetime.fromtimestamp(int(record["attributes"]["SentTimestamp"]) / 1000, UTC)
    return Arrived(record["body"], sent_at)
