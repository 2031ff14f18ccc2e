"""Runs of the clock, of queues and of the stream: the time that is left of one, and telling what came of it."""

from collections.abc import Iterable, Mapping
from contextlib import AbstractContextManager
from dataclasses import asdict
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from aws_lambda_powertools.metrics import MetricUnit

from chalicelib.clock import TimeLeft
from chalicelib.observability import REQUEST_ID, for_requests, logger, metrics

if TYPE_CHECKING:
    from chalicelib.services.andon import timers
    from chalicelib.services.numbers import aggregation
    from chalicelib.services.telling import sending

    Outcome = aggregation.Outcome | sending.Outcome | timers.Outcome


def time_left(context: Any) -> TimeLeft:
    """How long the Lambda with this context may still run."""
    return lambda: timedelta(milliseconds=context.get_remaining_time_in_millis())


def requests_of(record: Mapping[str, Any]) -> tuple[str, ...]:
    """The ids of the requests for which a message was sent. Anybody may have sent it, so it may say nonsense."""
    named = record.get("messageAttributes", {}).get("request_ids", {}).get("stringValue") or ""
    return tuple(filter(REQUEST_ID.fullmatch, named.split(",")))


def for_senders(records: Iterable[Mapping[str, Any]]) -> AbstractContextManager[None]:
    """Work on messages of a queue for the requests for which they were sent."""
    return for_requests(each for record in records for each in requests_of(record))


def tell(outcome: "Outcome", message: str, metric: str, **beside: object) -> dict[str, int]:
    """Log an outcome in one structured line, as an error if something failed. Returns the counts.

    Of the counts only `failed` is a metric too, whose name begins with `metric`: each metric is paid for.
    """
    told: dict[str, int] = asdict(outcome)
    (logger().error if outcome.failed else logger().info)(message, extra={**beside, **told})
    metrics().add_metric(f"{metric}Failed", MetricUnit.Count, outcome.failed)
    return told
