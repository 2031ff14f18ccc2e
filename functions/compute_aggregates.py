"""The clock's door: hands the buckets in which markers wait to the workers."""

from typing import Any

from aws_lambda_powertools.metrics import MetricUnit
from chalice.app import Blueprint

from chalicelib import clock
from chalicelib.observability import logger, metrics, observed
from chalicelib.services.numbers import standing
from chalicelib.services.numbers.aggregation import hand_out

bp = Blueprint(__name__)
MINUTES_BETWEEN_COUNTS = 5


@observed
@bp.schedule("rate(1 minute)", name="compute_aggregates")
def compute_aggregates(event: Any) -> dict[str, int]:  # noqa: ARG001  every schedule has one
    """Hand out everything that markers name. If it fails, the markers stay for the next minute."""
    buckets = hand_out()
    logger().info("handed out", extra={"buckets": buckets})
    metrics().add_metric("AggregationBuckets", MetricUnit.Count, len(buckets))
    if clock.now().minute % MINUTES_BETWEEN_COUNTS == 0:
        _tell_standing(standing.of_all())
    return {"buckets": len(buckets)}


def _tell_standing(counted: standing.Standing) -> None:
    """Metrics for the dashboard of the plant, all plants together: one for each would be paid for."""
    metrics().add_metric("OrdersOpen", MetricUnit.Count, counted.orders)
    metrics().add_metric("OrdersLate", MetricUnit.Count, counted.late)
    metrics().add_metric("IssuesOpen", MetricUnit.Count, counted.issues)
    metrics().add_metric("PeopleAtWork", MetricUnit.Count, counted.people)
