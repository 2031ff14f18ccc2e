"""The clock's door of timers: others are told of issues that wait too long, and of orders that become late."""

from dataclasses import asdict
from datetime import timedelta
from typing import Any

from aws_lambda_powertools.metrics import MetricUnit
from chalice.app import Blueprint

from chalicelib.observability import logger, metrics, observed
from chalicelib.services.andon import timers

bp = Blueprint(__name__)


@observed
@bp.schedule("rate(1 minute)", name="escalate_issues")
def escalate_issues(event: Any) -> dict[str, int]:
    """Take all timers that are due. Those that fail stay for the next minute."""
    outcome = timers.take_due(lambda: timedelta(milliseconds=event.context.get_remaining_time_in_millis()))
    told = asdict(outcome)
    (logger().error if outcome.failed else logger().info)("timers taken", extra=told)
    for name, count in told.items():
        metrics().add_metric(f"Timers{name.title()}", MetricUnit.Count, count)
    return told
