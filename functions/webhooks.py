"""The doors of webhooks: creating, reading, changing and deleting them, and what was sent to them."""

from http import HTTPStatus
from typing import Any

from chalicelib.domain.errors import Conflict, Stale
from chalicelib.domain.telling.deliveries import Delivery
from chalicelib.domain.telling.webhooks import Webhook
from chalicelib.schemas.base import Paged
from chalicelib.schemas.webhooks import (
    ChangeWebhook,
    DeliveryOut,
    NewWebhook,
    WebhookOut,
    WebhookSecretOut,
    delivery_out,
    webhook_out,
)
from chalicelib.services.idempotency import Answer
from chalicelib.services.telling import on_demand, webhooks
from functions._endpoint import Call, Doors, page_of
from functions._rules import ListOf

doors = Doors(__name__)


@doors.route(
    "POST",
    "/webhooks",
    action="webhook.change",
    body=NewWebhook,
    answers=WebhookSecretOut,
    statuses=(HTTPStatus.CREATED,),
    refuses=(Conflict,),
    location="/webhooks/{id}",
)
def create_webhook(call: Call) -> Answer:
    """Create a webhook, to which events are sent from now on. Its secret is shown only in this answer."""
    return webhooks.create(call.actor, call.body.payload(), call.request, _shown)


@doors.route("GET", "/webhooks", action="webhook.read", query=Paged, answers=ListOf(WebhookOut))
def list_webhooks(call: Call) -> Answer:
    """List webhooks, oldest first."""
    page = webhooks.page(call.actor, limit=call.query.limit, cursor=call.query.cursor)
    return page_of(map(webhook_out, page.items), page.next_cursor)


@doors.route("GET", "/webhooks/{webhook_id}", action="webhook.read", answers=WebhookOut)
def read_webhook(call: Call, webhook_id: str) -> Answer:
    """Read a webhook."""
    webhook = webhooks.read(call.actor, webhook_id)
    return Answer(_shown(webhook), version=webhook.version)


@doors.route(
    "PATCH",
    "/webhooks/{webhook_id}",
    action="webhook.change",
    body=ChangeWebhook,
    answers=WebhookOut,
    refuses=(Conflict, Stale),
    versioned=True,
)
def change_webhook(call: Call, webhook_id: str) -> Answer:
    """Change a webhook's URL, events or description, or switch it on or off; `events` replaces the whole list."""
    return webhooks.change(call.actor, webhook_id, call.body.payload(), call.request, _shown)


@doors.route("DELETE", "/webhooks/{webhook_id}", action="webhook.change", answers=WebhookOut, refuses=(Conflict, Stale))
def delete_webhook(call: Call, webhook_id: str) -> Answer:
    """Delete a webhook with its secrets; what waits to be sent to it is not sent."""
    return webhooks.delete(call.actor, webhook_id, call.request, _shown)


@doors.route(
    "POST",
    "/webhooks/{webhook_id}/rotate-secret",
    action="webhook.change",
    answers=WebhookSecretOut,
    refuses=(Conflict, Stale),
)
def rotate_secret(call: Call, webhook_id: str) -> Answer:
    """Give a webhook a new secret, shown only in this answer; both secrets sign for 24 hours."""
    return webhooks.rotate_secret(call.actor, webhook_id, call.request, _shown)


@doors.route("POST", "/webhooks/{webhook_id}/ping", action="webhook.send", answers=DeliveryOut, refuses=(Conflict,))
def ping_webhook(call: Call, webhook_id: str) -> Answer:
    """Send the event `webhook.ping` to a webhook, to test it; its delivery shows the result some seconds later."""
    return on_demand.ping(call.actor, webhook_id, call.request, _delivery_shown)


@doors.route(
    "GET", "/webhooks/{webhook_id}/deliveries", action="webhook.read", query=Paged, answers=ListOf(DeliveryOut)
)
def list_deliveries(call: Call, webhook_id: str) -> Answer:
    """List what was sent to a webhook in the last 30 days, newest first."""
    page = on_demand.page(call.actor, webhook_id, limit=call.query.limit, cursor=call.query.cursor)
    return page_of(map(delivery_out, page.items), page.next_cursor)


@doors.route(
    "POST",
    "/webhooks/{webhook_id}/deliveries/{delivery_id}/redeliver",
    action="webhook.send",
    answers=DeliveryOut,
    refuses=(Conflict,),
)
def redeliver(call: Call, webhook_id: str, delivery_id: str) -> Answer:
    """Send an event to a webhook again, with the same id."""
    return on_demand.redeliver(call.actor, webhook_id, delivery_id, call.request, _delivery_shown)


def _shown(webhook: Webhook) -> dict[str, Any]:
    return webhook_out(webhook).plain()


def _delivery_shown(delivery: Delivery) -> dict[str, Any]:
    return delivery_out(delivery).plain()
