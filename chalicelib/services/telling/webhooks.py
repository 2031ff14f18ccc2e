"""Webhooks: creating, reading, changing and deleting them, and changing their secret."""

from collections.abc import Callable
from typing import Any

from chalicelib import clock, ids, settings
from chalicelib.domain.people.security_events import EventKind, SecurityEvent
from chalicelib.domain.people.users import Actor
from chalicelib.domain.sentences import say
from chalicelib.domain.telling import signing
from chalicelib.domain.telling.webhooks import (
    ChangeWebhook,
    NewWebhook,
    Webhook,
    WebhookNotFound,
    changed,
    refuse_url,
    registered,
    rotated,
)
from chalicelib.services import events
from chalicelib.services.idempotency import Answer, Request
from chalicelib.services.pages import ListPage, page_of
from chalicelib.services.transactions import Prepared, carry_out
from chalicelib.storage.telling import webhooks

Present = Callable[[Webhook], Any]


def create(actor: Actor, new: NewWebhook, request: Request, present: Present) -> Answer:
    """Create a webhook with a secret, which only this answer shows. Raises TooManyWebhooks, InvalidFields.

    Costs a read and a transaction.
    """
    secret = ids.secret(signing.SECRET_BYTES)

    def prepare() -> Prepared:
        refuse_url(new.url, local=settings.current().is_local)
        webhook = registered(new, ids.new(), secret, actor.user_id, clock.now())
        known = webhooks.find_ids(actor.tenant).with_one_more(webhook.id)
        answer = Answer(present(webhook), created=True, version=webhook.version, shown_once=_once(secret, request))
        write = webhooks.creation(actor.tenant, webhook, known)
        return Prepared(answer, write, _event(EventKind.WEBHOOK_CREATED, actor, webhook))

    return carry_out(actor, "create_webhook", new, request, prepare)


def change(actor: Actor, webhook_id: str, wanted: ChangeWebhook, request: Request, present: Present) -> Answer:
    """Change a webhook's URL, events or description, or switch it on or off.

    Raises WebhookNotFound, StaleVersion, InvalidFields. Costs a read and a transaction.
    """

    def prepare() -> Prepared:
        before = read(actor, webhook_id)
        request.refuse_stale(before.version)
        refuse_url(wanted.url, local=settings.current().is_local)
        after = changed(before, wanted, clock.now())
        write = webhooks.change(actor.tenant, before, after)
        happened = _event(EventKind.WEBHOOK_CHANGED, actor, after) if after != before else None
        return Prepared(Answer(present(after), version=after.version), write, happened)

    return carry_out(actor, "change_webhook", wanted, request, prepare, target=webhook_id)


def rotate_secret(actor: Actor, webhook_id: str, request: Request, present: Present) -> Answer:
    """Give a webhook a new secret, which only this answer shows. The former one signs for a day more.

    Raises WebhookNotFound, StaleVersion, TooManySecrets. Costs a read and a transaction.
    """
    secret = ids.secret(signing.SECRET_BYTES)

    def prepare() -> Prepared:
        before = read(actor, webhook_id)
        request.refuse_stale(before.version)
        after = rotated(before, secret, clock.now())
        answer = Answer(present(after), version=after.version, shown_once=_once(secret, request))
        write = webhooks.change(actor.tenant, before, after)
        return Prepared(answer, write, _event(EventKind.WEBHOOK_SECRET_ROTATED, actor, after))

    return carry_out(actor, "rotate_secret", None, request, prepare, target=webhook_id)


def delete(actor: Actor, webhook_id: str, request: Request, present: Present) -> Answer:
    """Delete a webhook with its secrets. What waits to be sent to it is not sent.

    Raises WebhookNotFound, StaleVersion. Costs two reads and a transaction.
    """

    def prepare() -> Prepared:
        webhook = read(actor, webhook_id)
        request.refuse_stale(webhook.version)
        left = webhooks.find_ids(actor.tenant).without(webhook_id)
        write = webhooks.removal(actor.tenant, webhook_id, left)
        return Prepared(Answer(present(webhook)), write, _event(EventKind.WEBHOOK_DELETED, actor, webhook))

    return carry_out(actor, "delete_webhook", None, request, prepare, target=webhook_id)


def read(actor: Actor, webhook_id: str) -> Webhook:
    """Read a webhook. Raises WebhookNotFound."""
    return known(webhooks.find(actor.tenant, webhook_id))


def known(webhook: Webhook | None) -> Webhook:
    """A webhook that was looked for. Raises WebhookNotFound."""
    if webhook is None:
        raise WebhookNotFound(say("GET /webhooks lists the webhooks."))
    return webhook


def page(actor: Actor, *, limit: int, cursor: str | None) -> ListPage[Webhook]:
    """A page of webhooks, oldest first. Raises BadCursor."""
    return page_of(webhooks.page(actor.tenant, limit=limit, cursor=cursor), Webhook)


def _once(secret: bytes, request: Request) -> dict[str, str]:
    """The secret for the answer. A dry run sets none, so it shows none."""
    return {} if request.dry_run else {"secret": signing.shown(secret)}


def _event(kind: EventKind, actor: Actor, webhook: Webhook) -> SecurityEvent:
    return events.event(kind, actor_id=actor.user_id, detail={"webhook_id": webhook.id})
