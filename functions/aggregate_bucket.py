"""The workers' door: the markers of one bucket → rollups, facts of days, daily sums."""

import json
from typing import Any

from aws_lambda_powertools.metrics import MetricUnit
from chalice.app import Blueprint

from chalicelib import settings
from chalicelib.observability import metrics, observed
from chalicelib.services.numbers.aggregation import aggregate, behind
from functions._live import tell_board
from functions._runs import tell, time_left

bp = Blueprint(__name__)


@observed
@bp.on_sqs_message(
    settings.queue_name("aggregates"),
    batch_size=1,
    name="aggregate_bucket",
    maximum_concurrency=10,  # so that much work leaves the account's other Lambdas to people
)
def aggregate_bucket(event: Any) -> dict[str, int]:
    """Do the work of a bucket. What fails or takes too long keeps its markers, and is handed out within a minute."""
    buckets = [json.loads(record["body"])["bucket"] for record in event.to_dict()["Records"]]
    outcome = aggregate(time_left(event.context), buckets, tell_board)
    told = tell(outcome, "aggregated", "Aggregation", buckets=buckets)
    metrics().add_metric("AggregationLagSeconds", MetricUnit.Seconds, behind(buckets).total_seconds())
    return told
