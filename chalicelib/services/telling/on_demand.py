"""Deliveries for people: listing them, and sending an event again or a test, on demand."""

from collections.abc import Callable
from typing import Any

from chalicelib import clock, ids
from chalicelib.domain.people.users import Actor
from chalicelib.domain.sentences import say
from chalicelib.domain.telling.deliveries import Delivery, DeliveryNotFound, begun, sent_again
from chalicelib.domain.telling.events import EventType
from chalicelib.domain.telling.webhooks import about, refuse_off
from chalicelib.observability import requests
from chalicelib.outbound import queue
from chalicelib.services.idempotency import Answer, Request
from chalicelib.services.pages import ListPage, page_of
from chalicelib.services.telling.webhooks import known, read
from chalicelib.services.transactions import Prepared, carry_out
from chalicelib.storage.telling import deliveries

Present = Callable[[Delivery], Any]


def page(actor: Actor, webhook_id: str, *, limit: int, cursor: str | None) -> ListPage[Delivery]:
    """A page of the deliveries of a webhook in the last 30 days, newest first. Raises WebhookNotFound, BadCursor."""
    read(actor, webhook_id)
    return page_of(deliveries.page(actor.tenant, webhook_id, limit=limit, cursor=cursor), Delivery)


def redeliver(actor: Actor, webhook_id: str, delivery_id: str, request: Request, present: Present) -> Answer:
    """Send an event to a webhook again, whatever came of it before. It may then be tried for a day.

    Raises WebhookNotFound, DeliveryNotFound, WebhookOff. Costs a read, a transaction and a message.
    """
    ready: list[Delivery] = []

    def prepare() -> Prepared:
        webhook, before = deliveries.find(actor.tenant, webhook_id, delivery_id)
        refuse_off(known(webhook))
        if before is None:
            raise DeliveryNotFound(
                say(
                    "GET /webhooks/{webhook_id}/deliveries lists those of the last {days} days.",
                    webhook_id=webhook_id,
                    days=30,
                )
            )
        after = sent_again(before, clock.now())
        ready[:] = [after]
        return Prepared(Answer(present(after)), deliveries.change(after))

    target = f"{webhook_id}/{delivery_id}"
    return _handed_out(carry_out(actor, "redeliver", None, request, prepare, target=target), ready, request)


def ping(actor: Actor, webhook_id: str, request: Request, present: Present) -> Answer:
    """Send an event to a webhook that tests it. Raises WebhookNotFound, WebhookOff.

    Costs a read, a transaction and a message.
    """
    ready: list[Delivery] = []

    def prepare() -> Prepared:
        webhook, now = read(actor, webhook_id), clock.now()
        refuse_off(webhook)
        event = about(webhook, EventType.WEBHOOK_PING, ids.new(), actor.tenant, now, actor.user_id)
        delivery = begun(webhook_id, event, now, requests())
        ready[:] = [delivery]
        return Prepared(Answer(present(delivery)), deliveries.creation(delivery))

    return _handed_out(carry_out(actor, "ping", None, request, prepare, target=webhook_id), ready, request)


def _handed_out(answer: Answer, ready: list[Delivery], request: Request) -> Answer:
    """Put on the queue what was just written. Nothing was, if the request was a dry run or was done before."""
    if not answer.replayed and not request.dry_run:
        queue.deliver(ready[0])
    return answer
