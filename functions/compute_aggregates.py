"""The clock's door: markers → rollups, facts of days, daily sums."""

from dataclasses import asdict
from datetime import timedelta
from typing import Any

from aws_lambda_powertools.metrics import MetricUnit
from chalice.app import Blueprint

from chalicelib.observability import logger, metrics, observed
from chalicelib.services.numbers.aggregation import aggregate

bp = Blueprint(__name__)


@observed
@bp.schedule("rate(1 minute)", name="compute_aggregates")
def compute_aggregates(event: Any) -> dict[str, int]:
    """Recompute everything that markers name. If it fails, the marker stays for the next minute."""
    outcome = aggregate(lambda: timedelta(milliseconds=event.context.get_remaining_time_in_millis()))
    told = asdict(outcome)
    (logger().error if outcome.failed else logger().info)("aggregated", extra=told)
    for name, count in told.items():
        metrics().add_metric(f"Aggregation{name.title()}", MetricUnit.Count, count)
    return told
