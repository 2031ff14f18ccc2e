"""The shapes of notifications."""

from chalicelib.domain.telling.events import EventType
from chalicelib.domain.telling.notifications import Notification
from chalicelib.schemas.base import Body, Out, Paged
from chalicelib.schemas.values import InstantOut, Line


class ListNotifications(Paged):
    """The filters of an inbox. `unread=true`: only those that are not read."""

    unread: bool = False
    type: tuple[EventType, ...] = ()


class MarkRead(Body):
    """The newest notification that was read."""

    up_to: Line


class NotificationOut(Out):
    """A notification: what happened, its title by language, and whether its reader has read it."""

    id: str
    type: EventType
    title: dict[str, str]
    text: str | None
    at: InstantOut
    by: str | None
    read: bool = False
    work_order_id: str | None
    number: str | None
    stage_id: str | None
    stage_name: str | None
    machine_id: str | None
    issue_id: str | None
    issue_type: str | None
    priority: str | None


class UnreadOut(Out):
    """How many notifications are not read. With `more` there are more than were counted."""

    unread: int
    more: bool


class ReadMarkOut(Out):
    """Up to which notification, this one included, the caller has read."""

    up_to: str


def notification_out(notification: Notification, *, read: bool) -> NotificationOut:
    """Show a notification to its reader."""
    return NotificationOut.model_validate(notification).model_copy(update={"read": read})
