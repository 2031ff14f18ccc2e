"""The workers' door: the markers of one bucket → rollups, facts of days, daily sums."""

import json
from dataclasses import asdict
from datetime import timedelta
from typing import Any

from aws_lambda_powertools.metrics import MetricUnit
from chalice.app import Blueprint

from chalicelib import settings
from chalicelib.observability import logger, metrics, observed
from chalicelib.services.numbers.aggregation import aggregate

bp = Blueprint(__name__)


@observed
@bp.on_sqs_message(
    settings.aggregates_queue_name(),
    batch_size=1,
    name="aggregate_bucket",
    maximum_concurrency=10,  # so that much work leaves the account's other Lambdas to people
)
def aggregate_bucket(event: Any) -> dict[str, int]:
    """Do the work of a bucket. What fails or takes too long keeps its markers, and is handed out within a minute."""
    buckets = [json.loads(record["body"])["bucket"] for record in event.to_dict()["Records"]]
    outcome = aggregate(lambda: timedelta(milliseconds=event.context.get_remaining_time_in_millis()), buckets)
    told = asdict(outcome)
    (logger().error if outcome.failed else logger().info)("aggregated", extra={"buckets": buckets, **told})
    for name, count in told.items():
        metrics().add_metric(f"Aggregation{name.title()}", MetricUnit.Count, count)
    return told
