"""Structured logs, metrics and traces, through Powertools. They are made at first use, not at import."""

import functools
from collections.abc import Callable
from typing import Any

from aws_lambda_powertools import Logger, Metrics, Tracer

from chalicelib import remembered

EventDoor = Callable[[Any, Any], Any]


@remembered.cached
def logger() -> Logger:
    """The one structured logger."""
    return Logger()


@remembered.cached
def metrics() -> Metrics:
    """The one collector of metrics."""
    return Metrics()


@remembered.cached
def tracer() -> Tracer:
    """The one tracer. Outside Lambda it does nothing.

    Every call to AWS is made by botocore. By default PynamoDB would be traced as well, and each of its calls twice.
    """
    return Tracer(patch_modules=["botocore"])


def observed(door: EventDoor) -> EventDoor:
    """Give a handler logs with the Lambda's context, metrics that are flushed, and a trace."""

    def handle(event: Any, context: Any) -> Any:
        """A function with a name, which the tracer needs. Chalice's handlers are objects without one."""
        return door(event, context)

    @functools.wraps(door)
    def enter(event: Any, context: Any) -> Any:
        traced = tracer().capture_lambda_handler(handle, capture_response=False)
        measured = metrics().log_metrics(traced)
        return logger().inject_lambda_context(measured)(event, context)

    return enter
