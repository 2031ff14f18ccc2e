"""The doors of notifications."""

from typing import Any

from chalicelib.domain.telling.notifications import ReadMark
from chalicelib.schemas.base import Paged
from chalicelib.schemas.notifications import (
    ListNotifications,
    MarkRead,
    NotificationOut,
    ReadMarkOut,
    UnreadOut,
    notification_out,
)
from chalicelib.services.idempotency import Answer
from chalicelib.services.telling import inboxes
from chalicelib.services.telling.inboxes import InboxFilters
from functions._endpoint import Call, Doors, page_of
from functions._rules import ListOf

doors = Doors(__name__)


@doors.route(
    "GET", "/notifications", action="notification.read", query=ListNotifications, answers=ListOf(NotificationOut)
)
def list_notifications(call: Call) -> Answer:
    """List what the caller is told of the last 30 days, by their role and as a person, newest first."""
    query = call.query
    filters = InboxFilters(**query.model_dump(exclude=set(Paged.model_fields)))
    page = inboxes.page(call.actor, filters, limit=query.limit, cursor=query.cursor)
    return page_of((notification_out(each.notification, read=each.read) for each in page.items), page.next_cursor)


@doors.route("GET", "/notifications/counts", action="notification.read", answers=UnreadOut)
def count_notifications(call: Call) -> Answer:
    """Count the caller's notifications that are not read, up to 100; `more` tells whether there are more."""
    return Answer(UnreadOut.model_validate(inboxes.unread(call.actor)).plain())


@doors.route("PUT", "/notifications/read", action="notification.read", body=MarkRead, answers=ReadMarkOut)
def mark_notifications_read(call: Call) -> Answer:
    """Say that the caller has read up to a notification, this one included; the mark never moves back."""
    return inboxes.mark_read(call.actor, call.body.up_to, call.request, _marked)


def _marked(mark: ReadMark) -> dict[str, Any]:
    return ReadMarkOut.model_validate(mark).plain()
