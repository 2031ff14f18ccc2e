"""Live: the topics on which Takip says that something changed, who may hear which, and whom an event concerns."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from chalicelib.domain.errors import Unavailable
from chalicelib.domain.orders.commands import CommandRecord
from chalicelib.domain.people.users import PLANNING, TAKIP, Actor
from chalicelib.domain.telling.events import Event

LASTS = timedelta(minutes=15)
"""How long an address is good for. It is the shortest time for which AWS lends a role."""

# The fields of an event's data that name people whose work it is, or who did it on one of their devices.
_PEOPLE = ("by", "assignee_ids", "assigned_ids", "created_by", "assignee_id", "user_ids")

_ON_ISSUES = frozenset({"issue", "change_issue"})
"""The commands on an order that report or change an issue."""


class LiveUnavailable(Unavailable):
    """The address of live messages cannot be made right now."""

    code = "ERR_LIVE_UNAVAILABLE"
    title = "Live messages cannot be had right now"


@dataclass(frozen=True)
class Topics:
    """The topics that one caller may hear; None for what is not theirs."""

    board: str | None = None
    user: str | None = None
    issues: str | None = None
    orders: str | None = None

    def names(self) -> list[str]:
        """Their names."""
        return [name for name in (self.board, self.user, self.issues, self.orders) if name is not None]


@dataclass(frozen=True)
class Hearer:
    """Who wants to hear: the tenant, the id of the person or the screen, and the topics that they may hear."""

    tenant: str
    id: str
    topics: Topics

    @property
    def client_prefix(self) -> str:
        """How the client id of every connection of theirs begins. Ids have capitals, tenants have none."""
        return f"{self.tenant}-{self.id}-"


@dataclass(frozen=True)
class Address:
    """Where to hear, until when the address is good, how a client's id begins, and what it may subscribe to."""

    url: str
    expires_at: datetime
    client_prefix: str
    topics: Topics

    @property
    def expires_in(self) -> int:
        """How long it is good when it is made, in seconds."""
        return int(LASTS.total_seconds())


def of_person(actor: Actor, board_id: str) -> Hearer:
    """What a person hears: of their own work; those who plan also of issues, of orders and of a board."""
    own = user_topic(actor.tenant, actor.user_id)
    if actor.role not in PLANNING:
        return Hearer(actor.tenant, actor.user_id, Topics(user=own))
    topics = Topics(board_topic(actor.tenant, board_id), own, issues_topic(actor.tenant), orders_topic(actor.tenant))
    return Hearer(actor.tenant, actor.user_id, topics)


def of_screen(tenant: str, screen_id: str, board_id: str) -> Hearer:
    """What a screen hears: its board."""
    return Hearer(tenant, screen_id, Topics(board_topic(tenant, board_id)))


def board_topic(tenant: str, board_id: str) -> str:
    """The topic of a board. Its id is a digest of the line, so a line may be called as it likes."""
    return f"takip/{tenant}/live/board/{board_id}"


def user_topic(tenant: str, user_id: str) -> str:
    """The topic on which a person hears that their work changed."""
    return f"takip/{tenant}/live/user/{user_id}"


def issues_topic(tenant: str) -> str:
    """The topic on which those who plan hear that issues changed."""
    return f"takip/{tenant}/live/issues"


def orders_topic(tenant: str) -> str:
    """The topic on which those who plan hear that orders or their stages changed."""
    return f"takip/{tenant}/live/orders"


def unheard(tenant: str, record: object) -> list[str]:
    """The topics that a record concerns of which no event tells: a command, a machine's issues, or who answers one."""
    if not isinstance(record, CommandRecord):
        return [issues_topic(tenant)]
    of_issue = [issues_topic(tenant)] if record.command in _ON_ISSUES else []
    people = (user_topic(tenant, user_id) for user_id in record.people if user_id != TAKIP)
    return [orders_topic(tenant), *of_issue, *people]


def concerned(events: Iterable[Event]) -> dict[str, list[str]]:
    """The topics of people, issues and orders that these events concern, each once, by the tenant."""
    topics: dict[str, dict[str, None]] = {}
    for event in events:
        topics.setdefault(event.tenant, {}).update(dict.fromkeys(_topics_of(event)))
    return {tenant: list(names) for tenant, names in topics.items()}


def _topics_of(event: Event) -> Iterator[str]:
    if event.data.get("issue_id"):
        yield issues_topic(event.tenant)
    if event.data.get("work_order_id"):
        yield orders_topic(event.tenant)
    for field in _PEOPLE:
        for user_id in event.listed(field):
            if user_id != TAKIP:
                yield user_topic(event.tenant, user_id)
