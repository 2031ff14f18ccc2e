"""Sending events: each is handed to every way out, then deleted. What fails stays and is sent again.

A crash after sending and before deleting sends an event twice, with the same id.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from itertools import islice
from typing import Any

from chalicelib import clock
from chalicelib.clock import TimeLeft, in_time
from chalicelib.domain.telling.events import Event
from chalicelib.domain.telling.outgoing import Outgoing
from chalicelib.observability import done_for, for_requests, logger
from chalicelib.outbound import topic
from chalicelib.services.telling import deliveries, inboxes
from chalicelib.storage.telling import outbox

Way = Callable[[Event], None]

WAYS: tuple[Way, ...] = (topic.publish, inboxes.write, deliveries.hand_over)
"""The ways out. One that raises keeps the event, and all ways get it again, with the same id."""

OVERDUE = timedelta(minutes=1)
"""The age at which the sweep takes events. Younger ones are on their way."""

ENOUGH = timedelta(seconds=20)
"""The time that the events of one transaction may take, if a way out does not answer."""

BATCH = 25
"""How many transactions are deleted in one request."""


@dataclass(frozen=True)
class Outcome:
    """The result of a run: events that were sent, and transactions of which an event could not be sent."""

    sent: int = 0
    failed: int = 0

    def __add__(self, other: "Outcome") -> "Outcome":
        """The sum of two batches."""
        return Outcome(self.sent + other.sent, self.failed + other.failed)


def just_written(images: Iterable[Mapping[str, Any]], time_left: TimeLeft) -> Outcome:
    """Send the events of new items of the outbox, as the table's stream has them. Raises StorageUnavailable."""
    return send(map(outbox.of_image, images), time_left)


def sweep(time_left: TimeLeft) -> Outcome:
    """Send the events that should have been sent a minute ago. Raises StorageUnavailable."""
    return send(outbox.waiting(clock.now() - OVERDUE), time_left)


def send(waiting: Iterable[Outgoing], time_left: TimeLeft) -> Outcome:
    """Send events while there is time, and delete those that were sent. Raises StorageUnavailable."""
    outcome, sendable = Outcome(), in_time(waiting, time_left, ENOUGH)
    while batch := [(outgoing, _is_sent(outgoing)) for outgoing in islice(sendable, BATCH)]:
        sent = [outgoing for outgoing, is_sent in batch if is_sent]
        outbox.delete(sent)
        outcome += Outcome(sum(len(outgoing.events) for outgoing in sent), len(batch) - len(sent))
    return outcome


def _is_sent(outgoing: Outgoing) -> bool:
    """Hand the events to all ways, and say whether all took all of them.

    A way gets no more of these events after one that it did not take; the other ways go on.
    """
    if outgoing.unreadable is not None:
        logger().error("events cannot be read", extra={"outgoing": outgoing.id, "reason": outgoing.unreadable})
        return False
    with for_requests(outgoing.request_ids):
        taken = [all(_is_taken(event, way) for event in outgoing.events) for way in WAYS]
    done_for(outgoing.request_ids)
    return all(taken)


def _is_taken(event: Event, way: Way) -> bool:
    try:
        way(event)
    except Exception:  # noqa: BLE001  whatever fails, the event must stay and the others must be sent
        told = {"event_id": event.id, "event": event.type, "tenant": event.tenant, "way": way.__module__}
        logger().exception("an event could not be sent", extra=told)
        return False
    return True
