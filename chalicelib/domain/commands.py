"""Commands: one thing someone did to an order, and the change it makes. A change is data; storage writes it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Generic, TypeVar

from chalicelib.domain.errors import FieldError, InvalidFields
from chalicelib.domain.issues import Issue
from chalicelib.domain.records import Report, Session
from chalicelib.domain.users import Actor
from chalicelib.domain.work_orders import Order, Stage

Payload = TypeVar("Payload", covariant=True)

GRACE_AHEAD = timedelta(minutes=5)
OFFLINE_REACH = timedelta(days=7)


@dataclass(frozen=True)
class Command(Generic[Payload]):
    """What someone wants done to `target`: `at` is the device's time if it gave one, `received_at` the server's."""

    id: str
    name: str
    target: str
    payload: Payload
    received_at: datetime
    at: datetime | None = None

    @property
    def happened_at(self) -> datetime:
        """The moment the command speaks of."""
        return self.at or self.received_at


@dataclass(frozen=True)
class CommandRecord:
    """A command as the audit trail keeps it, for ever."""

    id: str
    command: str
    target: str
    actor: str
    at: datetime
    received_at: datetime
    changes: dict[str, Any]
    source: str | None = None
    to: str | None = None
    reason: str | None = None


@dataclass(frozen=True)
class Change:
    """What a command makes of an order: the order after it, the records it adds, and what the caller is shown."""

    order: Order
    result: Order | Stage | Session | Issue
    sessions: tuple[Session, ...] = ()
    reports: tuple[Report, ...] = ()
    issues: tuple[Issue, ...] = ()
    created: bool = False


def judged(field: str, instant: datetime, order: Order, actor: Actor, received_at: datetime) -> datetime:
    """Accept a device's time, or refuse it. Nobody may name the future; a worker may reach back 7 days, into the order.

    Raises InvalidFields naming the field.
    """
    if instant > received_at + GRACE_AHEAD:
        raise InvalidFields([FieldError(field, "must not be in the future; check the device's clock", "in_future")])
    if not actor.plans:
        if instant < order.created_at:
            raise InvalidFields([FieldError(field, "must not be before the order was created", "before_order")])
        if instant < received_at - OFFLINE_REACH:
            message = "must not be more than 7 days ago; ask a planner to book it"
            raise InvalidFields([FieldError(field, message, "too_old")])
    return instant
