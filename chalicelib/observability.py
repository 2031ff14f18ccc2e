"""Structured logs, metrics and traces, through Powertools. They are made at first use, not at import.

A request is followed by its id: whatever is done for it later, by other functions too, has the id in its log lines.
"""

import functools
import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from aws_lambda_powertools import Logger, Metrics, Tracer

from chalicelib import remembered

EventDoor = Callable[[Any, Any], Any]

REQUEST_ID = re.compile(r"[A-Za-z0-9_.:-]{1,128}")
MOST_REQUESTS = 100
"""Of a batch that is for more requests than this, the first ones are followed."""

_requests: ContextVar[tuple[str, ...]] = ContextVar("requests", default=())
_done: ContextVar[tuple[str, ...]] = ContextVar("done", default=())


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
        _done.set(())
        with for_requests(()):
            return logger().inject_lambda_context(measured)(event, context)

    return enter


def requests() -> tuple[str, ...]:
    """The ids of the requests for which something is done now; none if it is done for the clock."""
    return _requests.get()


@contextmanager
def for_requests(ids: Iterable[str]) -> Iterator[None]:
    """Do something for these requests: its log lines have their ids, as `request_id`, or `request_ids` of several."""
    before = requests()
    _requests.set(_bounded(ids))
    _name_them()
    try:
        yield
    finally:
        _requests.set(before)
        _name_them()


def done_for(ids: Iterable[str]) -> None:
    """Say that something was done for these requests: what sums up this run in the log has their ids too."""
    _done.set(_bounded((*_done.get(), *ids)))
    _name_them()


def _bounded(ids: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(ids))[:MOST_REQUESTS]


def _name_them() -> None:
    named = requests() or _done.get()
    logger().remove_keys(["request_id", "request_ids"])
    if len(named) == 1:
        logger().append_keys(request_id=named[0])
    elif named:
        logger().append_keys(request_ids=named)
