"""Webhooks in the table: one item each, with its secrets, and one with the ids of all."""

from chalicelib.domain.telling.webhooks import Webhook, WebhookIds
from chalicelib.storage import lookup, table
from chalicelib.storage.items import Item, item
from chalicelib.storage.keys import telling as keys
from chalicelib.storage.pages import Page
from chalicelib.storage.table import Check, Put
from chalicelib.storage.writes import Write


def find(tenant: str, webhook_id: str) -> Webhook | None:
    """Read a webhook; None if there is none."""
    return lookup.find(keys.webhook(tenant, webhook_id), Webhook)


def find_ids(tenant: str) -> WebhookIds:
    """Read the ids of all webhooks."""
    return lookup.find(keys.webhook_ids(tenant), WebhookIds) or WebhookIds()


def find_all(tenant: str) -> list[Webhook]:
    """Read all webhooks of a tenant, oldest first. Costs one query."""
    partition, prefix = keys.webhook(tenant, "")
    return [stored.read(Webhook) for stored in table.query(partition, prefix)]


def page(tenant: str, *, limit: int, cursor: str | None) -> Page:
    """A page of webhooks, oldest first."""
    partition, prefix = keys.webhook(tenant, "")
    return table.page(None, partition, limit=limit, cursor=cursor, begins_with=prefix)


def creation(tenant: str, webhook: Webhook, ids: WebhookIds) -> Write:
    """The write of a new webhook and of the ids after it, on the condition that nobody else wrote the ids since."""
    return Write((Put(_item(tenant, webhook), table.absent()), _ids(tenant, ids)))


def change(tenant: str, before: Webhook, after: Webhook) -> Write:
    """The write of a changed webhook, on the condition that nobody else changed it since.

    If no field has another value, only the condition is checked.
    """
    unchanged = table.at_version(before.version)
    if after == before:
        return Write(checks=(Check(keys.webhook(tenant, before.id), unchanged),))
    return Write((Put(_item(tenant, after), unchanged),))


def removal(tenant: str, webhook_id: str, ids: WebhookIds) -> Write:
    """The write that deletes a webhook, with the ids after it. Its deliveries stay until they expire."""
    return Write((_ids(tenant, ids),), deletes=(keys.webhook(tenant, webhook_id),))


def _item(tenant: str, webhook: Webhook) -> Item:
    return item(keys.webhook(tenant, webhook.id), "webhook", webhook, revision=webhook.version)


def _ids(tenant: str, ids: WebhookIds) -> Put:
    written = item(keys.webhook_ids(tenant), "webhook_ids", ids, revision=ids.version)
    return Put(written, table.follows(written))
