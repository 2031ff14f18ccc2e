"""The clock's door: hands the buckets in which markers wait to the workers."""

from typing import Any

from aws_lambda_powertools.metrics import MetricUnit
from chalice.app import Blueprint

from chalicelib.observability import logger, metrics, observed
from chalicelib.services.numbers.aggregation import hand_out

bp = Blueprint(__name__)


@observed
@bp.schedule("rate(1 minute)", name="compute_aggregates")
def compute_aggregates(event: Any) -> dict[str, int]:  # noqa: ARG001  every schedule has one
    """Hand out everything that markers name. If it fails, the markers stay for the next minute."""
    buckets = hand_out()
    logger().info("handed out", extra={"buckets": buckets})
    metrics().add_metric("AggregationBuckets", MetricUnit.Count, len(buckets))
    return {"buckets": len(buckets)}
