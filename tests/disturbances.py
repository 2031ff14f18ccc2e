"""Disturbances for tests: crashes, lost races and unavailable storage, during a transaction or a request."""

from collections.abc import Callable, Container, Iterator
from contextlib import contextmanager
from functools import partial
from threading import Barrier, Lock, local
from typing import Any
from unittest.mock import patch

from botocore.awsrequest import AWSPreparedRequest
from botocore.exceptions import ClientError, ReadTimeoutError
from moto.core.botocore_stubber import BotocoreStubber

from chalicelib.storage import table


class Crash(BaseException):
    """The process crashed."""


def crash() -> None:
    """Crash."""
    raise Crash


@contextmanager
def at_commit(
    *, before: Callable[[], object] = lambda: None, after: Callable[[], object] = lambda: None
) -> Iterator[None]:
    """Do something once, just before or after the next transaction."""
    real, left = table.transact, [before, after]

    def transact(*brought: Any, **named: Any) -> None:
        first, last = (left.pop(0), left.pop(0)) if left else (lambda: None, lambda: None)
        first()
        real(*brought, **named)
        last()

    with patch.object(table, "transact", transact):
        yield


def cancelled(*codes: str) -> ClientError:
    """A transaction that DynamoDB cancelled for these reasons."""
    reasons = [{"Code": code} for code in codes]
    answer: Any = {
        "Error": {"Code": "TransactionCanceledException", "Message": "because"},
        "CancellationReasons": reasons,
    }
    return ClientError(answer, "TransactWriteItems")


def times(count: int, act: Callable[[], object], wanted: str = "TransactWriteItems") -> Callable[[str, Any], None]:
    """A hook that acts just before the first so many AWS operations of a name."""
    left = [act] * count

    def hook(operation: str, _: Any) -> None:
        if operation == wanted and left:
            left.pop()()

    return hook


def after(requests: int, act: Callable[[], object]) -> Callable[[str, Any], None]:
    """A hook that acts once, instead of the AWS operation after so many."""
    seen = 0

    def hook(_: str, __: Any) -> None:
        nonlocal seen
        seen += 1
        if seen == requests + 1:
            act()

    return hook


Sent = tuple[int, dict[str, Any], str | bytes] | None
Fault = Callable[[Callable[[], Sent]], Sent]


@contextmanager
def on_the_wire(fault: Fault, requests: Container[int] = ()) -> Iterator[list[str]]:
    """The requests to the in-memory AWS. Something happens to those with these numbers, counted from 0."""
    sent: list[str] = []
    real = BotocoreStubber.process_request

    def process(stubber: BotocoreStubber, request: AWSPreparedRequest) -> Sent:
        sent.append(str(request.headers.get("X-Amz-Target")))
        go_on: Callable[[], Sent] = partial(real, stubber, request)
        return fault(go_on) if len(sent) - 1 in requests else go_on()

    with patch.object(BotocoreStubber, "process_request", process):
        yield sent


def dies(_: Callable[[], Sent]) -> Sent:
    """The process crashes before its request is sent."""
    raise Crash


def dies_waiting(go_on: Callable[[], Sent]) -> Sent:
    """The process crashes before the answer comes."""
    go_on()
    raise Crash


def lost(_: Callable[[], Sent]) -> Sent:
    """The request never arrives."""
    raise ReadTimeoutError(endpoint_url="https://dynamodb")


def unheard(go_on: Callable[[], Sent]) -> Sent:
    """The request is done, but its answer never arrives."""
    go_on()
    raise ReadTimeoutError(endpoint_url="https://dynamodb")


def refused(status: int, code: str) -> Fault:
    """AWS refuses the request now."""
    body = f'{{"__type": "com.amazonaws.dynamodb#{code}", "message": "because"}}'.encode()
    return lambda _: (status, {"Content-Type": "application/x-amz-json-1.0"}, body)


def raising(error: BaseException) -> Callable[[], None]:
    """A function that raises this error."""

    def fail() -> None:
        raise error

    return fail


@contextmanager
def all_at_once(count: int, name: str = "transact") -> Iterator[None]:
    """Let so many threads reach their first write before any of them writes. The table takes one at a time."""
    real, gate, one, come = getattr(table, name), Barrier(count), Lock(), local()

    def write(*brought: Any, **named: Any) -> None:
        if not hasattr(come, "here"):
            come.here = True
            gate.wait(timeout=30)
        with one:
            real(*brought, **named)

    with patch.object(table, name, write):
        yield
