"""Inboxes: writing events into them, reading one's own, and saying how far one has read."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from chalicelib import clock
from chalicelib.domain.errors import FieldError, refuse
from chalicelib.domain.people.users import Actor
from chalicelib.domain.sentences import say
from chalicelib.domain.telling.events import Event, EventType
from chalicelib.domain.telling.notifications import (
    Notification,
    ReadMark,
    Unread,
    audiences_of,
    audiences_with,
    notification_of,
)
from chalicelib.services.idempotency import Answer, Request
from chalicelib.services.pages import ListPage
from chalicelib.services.transactions import Prepared, carry_out
from chalicelib.storage import cursors
from chalicelib.storage.codec import CONVERTER
from chalicelib.storage.telling import inboxes
from chalicelib.storage.writes import Write

MOST_COUNTED = 100


@dataclass(frozen=True)
class InboxFilters:
    """The filters of an inbox. Without filters all notifications, newest first."""

    unread: bool = False
    type: tuple[EventType, ...] = ()


@dataclass(frozen=True)
class Shown:
    """A notification, and whether its reader has read it."""

    notification: Notification
    read: bool


def write(event: Event) -> None:
    """Write an event into the inboxes of those who hear of it. Costs at most one request. Raises StorageUnavailable.

    To write it again changes nothing.
    """
    audiences = audiences_of(event)
    if audiences:
        inboxes.put(event.tenant, audiences, notification_of(event), clock.now())


def page(actor: Actor, filters: InboxFilters, *, limit: int, cursor: str | None) -> ListPage[Shown]:
    """A page of the actor's notifications, newest first; what they did themselves is left out. Raises BadCursor.

    Costs one read and a query for each inbox, of their role and of their own.
    """
    list_id = cursors.list_id("inbox", actor.tenant, actor.user_id, actor.role, CONVERTER.unstructure(filters))
    before = cursors.opened(cursor, list_id)["after"] if cursor else None
    mark = inboxes.read_mark(actor.tenant, actor.user_id)
    found = inboxes.newest(
        actor.tenant,
        audiences_with(actor),
        after=mark.up_to if filters.unread else "",
        before=before,
        limit=limit,
        now=clock.now(),
    )
    shown = [
        Shown(each, each.id <= mark.up_to)
        for each in found.notifications
        if each.by != actor.user_id and (not filters.type or each.type in filters.type)
    ]
    return ListPage(shown, cursors.sealed({"after": found.notifications[-1].id}, list_id) if found.more else None)


def unread(actor: Actor) -> Unread:
    """How many of the actor's notifications are not read, counted up to 100. Costs as much as a page."""
    listed = page(actor, InboxFilters(unread=True), limit=MOST_COUNTED, cursor=None)
    return Unread(len(listed.items), listed.next_cursor is not None)


def mark_read(actor: Actor, up_to: str, request: Request, present: Callable[[ReadMark], Any]) -> Answer:
    """Say that the actor has read up to one of their notifications, this one included. The mark never moves back.

    Raises InvalidFields if it is none of theirs. Costs one read and a transaction.
    """

    def prepare() -> Prepared:
        before, theirs = inboxes.known(actor.tenant, actor.user_id, audiences_with(actor), up_to)
        if not theirs:
            refuse([FieldError("up_to", say("must be the id of one of your notifications"), "unknown")])
        after = before.moved(up_to)
        moved = after is not before
        write = inboxes.put_read_mark(actor.tenant, actor.user_id, after) if moved else Write()
        return Prepared(Answer(present(after)), write)

    return carry_out(actor, "mark_read", up_to, request, prepare)
