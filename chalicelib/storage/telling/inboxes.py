"""Inboxes in the table: the notifications of each role and of each person, and how far each person has read."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from chalicelib.domain.telling.notifications import KEPT_FOR, Audience, Notification, ReadMark
from chalicelib.storage import lookup, table
from chalicelib.storage.items import item
from chalicelib.storage.keys import telling as keys
from chalicelib.storage.table import Put
from chalicelib.storage.writes import Write


@dataclass(frozen=True)
class Found:
    """Notifications of a person's inboxes, newest first, each once. With `more`, older ones follow."""

    notifications: Sequence[Notification]
    more: bool


def put(tenant: str, audiences: Sequence[Audience], notification: Notification, now: datetime) -> None:
    """Write a notification into inboxes, in one request. To write it again changes nothing but when it expires."""
    table.batch_put(
        [
            item(
                keys.notification(tenant, audience, notification.id),
                "notification",
                notification,
                expires_at=now + KEPT_FOR,
            )
            for audience in audiences
        ]
    )


def newest(
    tenant: str, audiences: Sequence[Audience], *, after: str, before: str | None, limit: int, now: datetime
) -> Found:
    """The newest notifications between two ids, neither included. Costs a query for each inbox.

    What has expired is left out, because the table deletes late.
    """
    between = (after or "0", before or "~")  # `~` sorts after every id
    pages = [
        # Both ends are in the answer, and the end of the page before is not shown again.
        table.page(None, keys.inbox(tenant, audience), limit=limit + 1, forward=False, between=between)
        for audience in audiences
    ]
    # Below the end of an inbox that was not read to its end, others may stand.
    end = max((page.items[-1].SK for page in pages if page.place), default="")
    items = {each.SK: each for page in pages for each in page.items if end <= each.SK not in between}
    shown = [items[identity] for identity in sorted(items, reverse=True)][:limit]
    live = [each.read(Notification) for each in shown if (each.expires_at or 0) > now.timestamp()]
    return Found(live, bool(live) and (end != "" or len(items) > len(shown)))


def read_mark(tenant: str, user_id: str) -> ReadMark:
    """How far a person has read, consistently."""
    return lookup.find(keys.read_mark(tenant, user_id), ReadMark) or ReadMark()


def known(tenant: str, user_id: str, audiences: Sequence[Audience], identity: str) -> tuple[ReadMark, bool]:
    """How far a person has read, and whether a notification is in one of these inboxes. One request."""
    at_mark = keys.read_mark(tenant, user_id)
    items = table.batch_get([at_mark, *(keys.notification(tenant, audience, identity) for audience in audiences)])
    mark = lookup.among(items, at_mark, ReadMark) or ReadMark()
    return mark, bool(items.keys() - {at_mark})


def put_read_mark(tenant: str, user_id: str, mark: ReadMark) -> Write:
    """The write of a moved mark, on the condition that nobody moved it meanwhile."""
    written = item(keys.read_mark(tenant, user_id), "read_mark", mark, revision=mark.version)
    return Write((Put(written, table.follows(written)),))
