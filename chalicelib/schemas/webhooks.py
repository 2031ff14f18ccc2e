"""The shapes of webhooks and their deliveries."""

from typing import Annotated

from pydantic import AfterValidator, Field

from chalicelib.domain import text
from chalicelib.domain.telling import deliveries, webhooks
from chalicelib.domain.telling.addresses import LONGEST_URL
from chalicelib.domain.telling.deliveries import DeliveryError, DeliveryStatus
from chalicelib.domain.telling.events import EventType
from chalicelib.domain.telling.webhooks import OffReason, WebhookStatus
from chalicelib.schemas.base import Body, Out, Patch, kept, left_out
from chalicelib.schemas.values import InstantOut, Line, Many, OneOf, kept_as

Url = Annotated[str, Field(min_length=1, max_length=LONGEST_URL), kept_as(text.whole)]
# A type that is repeated counts once.
Events = Annotated[
    Many[OneOf[EventType]],
    Field(min_length=1, max_length=100),
    AfterValidator(lambda given: tuple(dict.fromkeys(given))),
]


class NewWebhook(Body):
    """A new webhook. Without `events` it is sent all of them, also those of later releases."""

    url: Url
    events: Events | None = None
    description: Line | None = None

    def payload(self) -> webhooks.NewWebhook:
        """The fields of the webhook."""
        return self.made_into(webhooks.NewWebhook)


class ChangeWebhook(Patch):
    """What to change about a webhook. `events` of null are all."""

    url: Url = kept()
    events: Events | None = kept()
    description: Line | None = kept()
    status: OneOf[WebhookStatus] = kept()

    def payload(self) -> webhooks.ChangeWebhook:
        """The fields to change."""
        return self.made_into(webhooks.ChangeWebhook)


class WebhookOut(Out):
    """A webhook, without its secret. `off_reason` and `off_since` say why and since when it is off.

    `former_secret_until` is when the former secret ends, if the secret was changed.
    """

    id: str
    url: str
    events: list[EventType] | None
    description: str | None
    status: WebhookStatus
    off_reason: OffReason | None
    off_since: InstantOut | None
    former_secret_until: InstantOut | None
    created_at: InstantOut
    created_by: str
    version: int


class WebhookSecretOut(WebhookOut):
    """A webhook with its new secret. A dry run and a repeated request leave the secret out."""

    secret: str | None = left_out()


class DeliveryOut(Out):
    """An event on its way to a webhook. `id` is what the receiver sees as `webhook-id`, also if it is sent again.

    `attempts` counts the tries since `began_at`. `status_code` or `error`, and `duration_ms`, are of the last try.
    """

    id: str
    webhook_id: str
    event: EventType
    subject: str
    status: DeliveryStatus
    began_at: InstantOut
    attempts: int
    tried_at: InstantOut | None
    status_code: int | None
    error: DeliveryError | None
    duration_ms: int | None
    next_try_at: InstantOut | None


def webhook_out(webhook: webhooks.Webhook) -> WebhookOut:
    """Show a webhook."""
    return WebhookOut.model_validate(webhook)


def delivery_out(delivery: deliveries.Delivery) -> DeliveryOut:
    """Show a delivery."""
    return DeliveryOut(
        id=delivery.id,
        webhook_id=delivery.webhook_id,
        event=delivery.event.type,
        subject=delivery.event.subject,
        status=delivery.status,
        began_at=delivery.began_at,
        attempts=delivery.attempts,
        tried_at=delivery.tried_at,
        status_code=delivery.status_code,
        error=delivery.error,
        duration_ms=delivery.duration_ms,
        next_try_at=delivery.next_try_at,
    )
