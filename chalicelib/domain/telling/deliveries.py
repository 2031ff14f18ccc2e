"""Deliveries: an event on its way to a webhook, tried again after growing pauses for about a day."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from http import HTTPStatus

from chalicelib.domain.errors import NotFound
from chalicelib.domain.telling.events import Event

PAUSES = (
    *(timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=15), timedelta(minutes=30)),
    *(timedelta(hours=1), timedelta(hours=2), timedelta(hours=4), timedelta(hours=7), timedelta(hours=8)),
)
"""The pauses after the first try, the second, and so on. After a try that no pause follows, the delivery has failed."""

JITTER = 0.1
"""The part of a pause by which it may be longer, at random, so that many do not come back together."""

HANDED_OUT = timedelta(minutes=5)
"""How long a try may take from the moment it is handed out. After it, another one is handed out."""

TRIED_FOR = timedelta(days=1)
"""After this time nothing is tried again, however much rest the receiver asked for."""

LOST_AFTER = timedelta(days=2)
"""After this time a delivery of which no try ever ended is not handed out again."""

KEPT_FOR = timedelta(days=30)
"""How long a delivery is listed after its first try."""

Jitter = Callable[[float], float]
"""A random number between 0 and the given one."""


class DeliveryStatus(StrEnum):
    """Where a delivery is: being sent, waiting for its next try, or at its end."""

    SENDING = "sending"
    WAITING = "waiting"
    DELIVERED = "delivered"
    FAILED = "failed"


class DeliveryError(StrEnum):
    """Why a try had no answer, or why there was no try."""

    ADDRESS_REFUSED = "address_refused"
    UNKNOWN_HOST = "unknown_host"
    UNREACHABLE = "unreachable"
    CERTIFICATE = "certificate"
    TIMEOUT = "timeout"
    UNREADABLE = "unreadable"
    WEBHOOK_OFF = "webhook_off"


@dataclass(frozen=True)
class Attempt:
    """What came of a try: the status of the answer or an error, how long it took, and what rest the receiver wants."""

    duration_ms: int
    status_code: int | None = None
    error: DeliveryError | None = None
    retry_after: timedelta | None = None

    @property
    def is_delivered(self) -> bool:
        """Whether the receiver took it. A redirect is not followed, so it is a failure."""
        return self.status_code is not None and HTTPStatus.OK <= self.status_code < HTTPStatus.MULTIPLE_CHOICES


@dataclass(frozen=True)
class Delivery:
    """An event on its way to a webhook. `began_at` is the time of its first try, or of being sent again on demand.

    `due_at` is when the clock takes it; None at its end. `attempts` counts since `began_at`. `tried_at` and the three
    fields after it are of the last try. `request_ids` are the requests for which it began. Each change raises its
    `version`.
    """

    webhook_id: str
    event: Event
    began_at: datetime
    status: DeliveryStatus = DeliveryStatus.SENDING
    due_at: datetime | None = None
    attempts: int = 0
    tried_at: datetime | None = None
    status_code: int | None = None
    error: DeliveryError | None = None
    duration_ms: int | None = None
    version: int = 1
    request_ids: tuple[str, ...] = ()

    @property
    def id(self) -> str:
        """The id of the event, which the receiver sees as `webhook-id` however often it is sent."""
        return self.event.id

    @property
    def is_gone(self) -> bool:
        """Whether the receiver answered that it wants nothing more."""
        return self.status_code == HTTPStatus.GONE

    @property
    def next_try_at(self) -> datetime | None:
        """When it is tried again; None if it is being sent now, or never."""
        return self.due_at if self.status is DeliveryStatus.WAITING else None

    def was_taken_since(self, instant: datetime) -> bool:
        """Whether the receiver took it at this instant or later."""
        return self.status is DeliveryStatus.DELIVERED and self.tried_at is not None and self.tried_at >= instant


class DeliveryNotFound(NotFound):
    """The webhook has no such delivery, or it is older than 30 days."""

    code = "ERR_WEBHOOK_DELIVERY_NOT_FOUND"
    title = "No such delivery"


def begun(webhook_id: str, event: Event, now: datetime, request_ids: tuple[str, ...] = ()) -> Delivery:
    """A new delivery, to be tried at once."""
    return Delivery(webhook_id, event, now, due_at=now + HANDED_OUT, request_ids=request_ids)


def handed_out(delivery: Delivery, now: datetime) -> Delivery:
    """A delivery of which a try begins now; it has failed if it should have ended long ago."""
    if now - delivery.began_at > LOST_AFTER:
        return _ended(delivery, DeliveryStatus.FAILED)
    return _sending(delivery, now)


def sent_again(delivery: Delivery, now: datetime) -> Delivery:
    """A delivery that is sent again on demand. It may again be tried for a day."""
    return replace(_sending(delivery, now), began_at=now, attempts=0)


def tried(delivery: Delivery, attempt: Attempt, now: datetime, jitter: Jitter) -> Delivery:
    """A delivery after a try."""
    after = replace(
        delivery,
        attempts=delivery.attempts + 1,
        tried_at=now,
        status_code=attempt.status_code,
        error=attempt.error,
        duration_ms=attempt.duration_ms,
    )
    if attempt.is_delivered:
        return _ended(after, DeliveryStatus.DELIVERED)
    if after.is_gone or after.attempts > len(PAUSES) or now - delivery.began_at >= TRIED_FOR:
        return _ended(after, DeliveryStatus.FAILED)
    pause = PAUSES[after.attempts - 1]
    pause += pause * jitter(JITTER)
    # A receiver may ask for more time, but not for so much that it is never tried again.
    due_at = now + max(pause, min(attempt.retry_after or pause, PAUSES[-1]))
    return replace(after, status=DeliveryStatus.WAITING, due_at=due_at, version=after.version + 1)


def given_up(delivery: Delivery) -> Delivery:
    """A delivery that ends without a try, because its webhook is off."""
    after = replace(delivery, status_code=None, error=DeliveryError.WEBHOOK_OFF, duration_ms=None)
    return _ended(after, DeliveryStatus.FAILED)


def _sending(delivery: Delivery, now: datetime) -> Delivery:
    status, due_at = DeliveryStatus.SENDING, now + HANDED_OUT
    return replace(delivery, status=status, due_at=due_at, version=delivery.version + 1)


def _ended(delivery: Delivery, status: DeliveryStatus) -> Delivery:
    return replace(delivery, status=status, due_at=None, version=delivery.version + 1)
