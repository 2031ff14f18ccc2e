"""Deliveries to webhooks: an event is handed to every webhook that wants it, sent, and sent again until it is taken.

A crash, or a message that comes twice, can send an event twice. It then has the same id.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from chalicelib import clock, ids, settings
from chalicelib.clock import TimeLeft, in_time
from chalicelib.domain.telling import signing
from chalicelib.domain.telling.cloud_events import written
from chalicelib.domain.telling.deliveries import (
    Delivery,
    DeliveryError,
    DeliveryStatus,
    begun,
    given_up,
    handed_out,
    tried,
)
from chalicelib.domain.telling.events import Event, EventType
from chalicelib.domain.telling.webhooks import OffReason, Webhook, about, switched_off
from chalicelib.observability import for_requests, logger, requests
from chalicelib.outbound import queue
from chalicelib.outbound import webhook as receiver
from chalicelib.services import outbox
from chalicelib.services.retries import until_won
from chalicelib.storage import writes
from chalicelib.storage.telling import deliveries, webhooks

ENOUGH = timedelta(seconds=5)
"""The time that handing out one delivery may take."""

RECENT = 100
"""How many of the newest deliveries are looked at to see whether a webhook takes anything."""


@dataclass(frozen=True)
class Outcome:
    """What came of a message: the status of its delivery (None: nothing was done), and why its webhook is off now."""

    status: DeliveryStatus | None = None
    off_reason: OffReason | None = None


def hand_over(event: Event) -> None:
    """Hand an event to every webhook of its tenant that wants it. An event that comes again is not handed over again.

    Costs a query, and for each webhook a write and a message. What is written but not handed out is taken by the clock.
    """
    for webhook in webhooks.find_all(event.tenant):
        if webhook.wants(event.type):
            delivery = begun(webhook.id, event, clock.now(), requests())
            if deliveries.create(delivery):
                queue.deliver(delivery)


def hand_out_due(time_left: TimeLeft) -> int:
    """Hand out the deliveries that are due, while there is time. Returns how many. Raises StorageUnavailable."""
    now, count = clock.now(), 0
    for delivery in in_time(deliveries.due(now), time_left, ENOUGH):
        after = handed_out(delivery, now)
        if deliveries.save(after) and after.status is DeliveryStatus.SENDING:
            with for_requests(after.request_ids):
                queue.deliver(after)
            count += 1
    return count


def deliver(message: Mapping[str, Any]) -> Outcome:
    """Try a delivery that was handed out, and switch its webhook off if it takes nothing any more.

    A message that comes again or too late does nothing. Raises StorageUnavailable, LostRace.
    """
    tenant, webhook_id = message["tenant"], message["webhook_id"]
    webhook, delivery = deliveries.find(tenant, webhook_id, message["delivery_id"])
    if delivery is None or delivery.version != message["version"]:
        return Outcome()
    after = given_up(delivery) if webhook is None or webhook.off_reason else _sent(webhook, delivery)
    reason = _reason_to_stop(after)
    if reason:
        return _stopped(after, reason)
    return Outcome(after.status) if deliveries.save(after) else Outcome()


def _sent(webhook: Webhook, delivery: Delivery) -> Delivery:
    """Send a delivery, and return it as it is afterwards."""
    now = clock.now()
    body = written(delivery.event, settings.current().environment).encode()
    signed = signing.headers(delivery.id, now, body, (secret.value for secret in webhook.signing(now)))
    attempt = receiver.post(webhook.url, {"Content-Type": "application/cloudevents+json", **signed}, body)
    after = tried(delivery, attempt, clock.now(), ids.jitter)
    told = {"webhook": webhook.id, "delivery": delivery.id, "tenant": delivery.event.tenant, "status": after.status}
    answer = {"status_code": attempt.status_code, "error": attempt.error, "duration_ms": attempt.duration_ms}
    logger().info("webhook tried", extra={**told, **answer, "attempts": after.attempts})
    return after


def _reason_to_stop(after: Delivery) -> OffReason | None:
    """Why nothing more is sent to the webhook of a delivery. One that took something else meanwhile goes on."""
    if after.status is not DeliveryStatus.FAILED or after.error is DeliveryError.WEBHOOK_OFF:
        return None
    if after.is_gone:
        return OffReason.GONE
    newest = deliveries.newest(after.event.tenant, after.webhook_id, limit=RECENT)
    took_something = any(each.was_taken_since(after.began_at) for each in newest)
    return None if took_something else OffReason.FAILING


def _stopped(after: Delivery, reason: OffReason) -> Outcome:
    """Write a failed delivery, switch its webhook off and tell of it, in one transaction."""
    tenant, webhook_id, now = after.event.tenant, after.webhook_id, clock.now()

    def attempt() -> Outcome:
        webhook, before = deliveries.find(tenant, webhook_id, after.id)
        if before is None or before.version != after.version - 1:
            return Outcome()
        if webhook is None or webhook.off_reason:
            writes.commit(deliveries.change(after))
            return Outcome(after.status)
        off = switched_off(webhook, reason, now)
        told = about(off, EventType.WEBHOOK_DISABLED, ids.new(), tenant, now, None)
        writes.commit(deliveries.change(after) + webhooks.change(tenant, webhook, off) + outbox.recorded((told,), now))
        logger().warning("webhook switched off", extra={"webhook": webhook_id, "tenant": tenant, "reason": reason})
        return Outcome(after.status, reason)

    return until_won(attempt)
