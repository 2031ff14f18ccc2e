"""Logging of sent events: one structured line, and the metrics for the alarms."""

from dataclasses import asdict

from aws_lambda_powertools.metrics import MetricUnit

from chalicelib.observability import logger, metrics
from chalicelib.services.telling.sending import Outcome


def tell_sent(outcome: Outcome) -> dict[str, int]:
    """Log how many events were sent, and of how many transactions they could not be sent. Return the same."""
    told = asdict(outcome)
    (logger().error if outcome.failed else logger().info)("events sent", extra=told)
    for name, count in told.items():
        metrics().add_metric(f"Events{name.title()}", MetricUnit.Count, count)
    return told
