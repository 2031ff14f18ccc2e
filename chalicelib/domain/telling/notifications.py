"""Notifications: who in the plant hears of which event, and what stands in their inbox."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal, NamedTuple

from chalicelib.domain.people.users import TAKIP, Actor, Role
from chalicelib.domain.priorities import Priority
from chalicelib.domain.telling.events import Event, EventType

KEPT_FOR = timedelta(days=30)


class Audience(NamedTuple):
    """Everybody of a role, or one person: who reads an inbox."""

    kind: Literal["role", "user"]
    name: str


@dataclass(frozen=True)
class Hearing:
    """Who hears of a type of event, and its label in Turkish and English.

    `people` are the fields of the event's data that hold the ids of those who hear. `roles` always hear, `if_critical`
    only of a critical issue. The `roles` of the event's data hear too: those to whom an issue is escalated.
    """

    tr: str
    en: str
    people: tuple[str, ...] = ()
    roles: tuple[Role, ...] = ()
    if_critical: tuple[Role, ...] = ()


_CONCERNED = ("created_by", "assignee_id")

# The one table of who hears what. Whoever did it never hears of it. An event that is not here is in no inbox.
HEARD: Mapping[EventType, Hearing] = {
    EventType.ORDER_OPENED: Hearing("İş emri açıldı", "Work order opened", ("assignee_ids",)),
    EventType.ORDER_HELD: Hearing("İş emri durduruldu", "Work order held", ("assignee_ids",)),
    EventType.ORDER_RELEASED: Hearing("İş emri devam ediyor", "Work order released", ("assignee_ids",)),
    EventType.ORDER_CANCELLED: Hearing("İş emri iptal edildi", "Work order cancelled", ("assignee_ids",)),
    EventType.STAGE_ASSIGNED: Hearing("Aşama atandı", "Stage assigned", ("assigned_ids",)),
    EventType.ISSUE_REPORTED: Hearing(
        "Sorun bildirildi", "Issue reported", roles=(Role.PLANNER,), if_critical=(Role.ADMIN,)
    ),
    EventType.ISSUE_ASSIGNED: Hearing("Sorun atandı", "Issue assigned", _CONCERNED),
    EventType.ISSUE_ACKNOWLEDGED: Hearing("Sorunla ilgileniliyor", "Issue acknowledged", _CONCERNED),
    EventType.ISSUE_RESOLVED: Hearing("Sorun çözüldü", "Issue resolved", _CONCERNED),
    EventType.ISSUE_REOPENED: Hearing(
        "Sorun yeniden açıldı", "Issue reopened", _CONCERNED, (Role.PLANNER,), (Role.ADMIN,)
    ),
    EventType.WEBHOOK_DISABLED: Hearing("Webhook kapatıldı", "Webhook switched off", roles=(Role.ADMIN,)),
    EventType.ISSUE_ESCALATED: Hearing("Sorun bekliyor", "Issue waits", ("user_ids",)),
    EventType.ORDER_LATE: Hearing("İş emri gecikti", "Work order late", roles=(Role.PLANNER,)),
}


@dataclass(frozen=True)
class Notification:
    """An event as it stands in an inbox.

    It has the event's id. Ids sort by when events were written. `at` is when it happened. `text` is the description of
    the issue or the webhook, or the reason that somebody gave.
    """

    id: str
    type: EventType
    at: datetime
    by: str | None
    work_order_id: str | None = None
    number: str | None = None
    stage_id: str | None = None
    stage_name: str | None = None
    machine_id: str | None = None
    issue_id: str | None = None
    issue_type: str | None = None
    priority: str | None = None
    text: str | None = None

    @property
    def title(self) -> dict[str, str]:
        """What happened and where, by language."""
        heard, place = HEARD[self.type], [self.number, self.stage_name or self.machine_id]
        where = ", ".join(filter(None, place))
        return (
            {"tr": f"{heard.tr}: {where}", "en": f"{heard.en}: {where}"} if where else {"tr": heard.tr, "en": heard.en}
        )


@dataclass(frozen=True)
class ReadMark:
    """Up to which notification, this one included, a person has read. `up_to` is empty if they never said so."""

    up_to: str = ""
    version: int = 0

    def moved(self, up_to: str) -> "ReadMark":
        """The mark after somebody read up to a notification. It never moves back."""
        return ReadMark(up_to, self.version + 1) if up_to > self.up_to else self


@dataclass(frozen=True)
class Unread:
    """How many notifications are not read. With `more` there are more than were counted."""

    unread: int
    more: bool


def audiences_of(event: Event) -> tuple[Audience, ...]:
    """Who hears of an event, each once; not the person who did it."""
    heard = HEARD.get(event.type)
    if heard is None:
        return ()
    critical = event.data.get("priority") == Priority.CRITICAL
    roles = [Audience("role", role.value) for role in (*heard.roles, *(heard.if_critical if critical else ()))]
    roles += [Audience("role", role) for role in event.data.get("roles", ())]
    ids = (each for field in heard.people for each in event.listed(field))
    people = [Audience("user", each) for each in ids if each not in (event.data["by"], TAKIP)]
    return tuple(dict.fromkeys([*roles, *people]))


def audiences_with(actor: Actor) -> tuple[Audience, ...]:
    """The audiences that a person belongs to: their role's and their own."""
    return Audience("role", actor.role.value), Audience("user", actor.user_id)


def notification_of(event: Event) -> Notification:
    """An event as it stands in inboxes."""
    data = event.data
    same = ("by", "work_order_id", "number", "stage_id", "stage_name", "machine_id", "issue_id", "priority")
    return Notification(
        id=event.id,
        type=event.type,
        at=event.at,
        issue_type=data.get("type"),
        text=data.get("description") or data.get("reason"),
        **{name: data.get(name) for name in same},
    )
