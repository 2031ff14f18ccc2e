"""Runs of the clock, of queues and of the stream: the time that is left of one, and telling what came of it."""

from dataclasses import asdict
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from aws_lambda_powertools.metrics import MetricUnit

from chalicelib.clock import TimeLeft
from chalicelib.observability import logger, metrics

if TYPE_CHECKING:
    from chalicelib.services.andon import timers
    from chalicelib.services.numbers import aggregation
    from chalicelib.services.telling import sending

    Outcome = aggregation.Outcome | sending.Outcome | timers.Outcome


def time_left(context: Any) -> TimeLeft:
    """How long the Lambda with this context may still run."""
    return lambda: timedelta(milliseconds=context.get_remaining_time_in_millis())


def tell(outcome: "Outcome", message: str, metric: str, **beside: object) -> dict[str, int]:
    """Log an outcome in one structured line, as an error if something failed. Returns the counts.

    Of the counts only `failed` is a metric too, whose name begins with `metric`: each metric is paid for.
    """
    told: dict[str, int] = asdict(outcome)
    (logger().error if outcome.failed else logger().info)(message, extra={**beside, **told})
    metrics().add_metric(f"{metric}Failed", MetricUnit.Count, outcome.failed)
    return told
