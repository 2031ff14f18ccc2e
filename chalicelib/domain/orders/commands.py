"""Commands: one thing someone did to an order, and the change it makes. A change is data; storage writes it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, Generic, TypeVar

from chalicelib.domain.errors import Conflict
from chalicelib.domain.orders.flows import overdrawn
from chalicelib.domain.orders.issues import Issue
from chalicelib.domain.orders.session_records import Report, Session
from chalicelib.domain.orders.work_orders import Order, Stage

Payload_co = TypeVar("Payload_co", covariant=True)


class Subject(StrEnum):
    """What a command is about: all of it belongs to one order."""

    ORDER = "order"
    STAGE = "stage"
    ISSUE = "issue"


@dataclass(frozen=True)
class Command(Generic[Payload_co]):
    """What someone wants done to `target`, which is a stage unless `subject` says otherwise.

    `at` is the device's time if it gave one, `received_at` the server's.
    """

    id: str
    name: str
    target: str
    payload: Payload_co
    received_at: datetime
    at: datetime | None = None
    subject: Subject = Subject.STAGE

    @property
    def happened_at(self) -> datetime:
        """The moment the command speaks of."""
        return self.at or self.received_at


@dataclass(frozen=True)
class Because:
    """A command that says nothing but why."""

    reason: str


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
    """What a command makes of an order: the order after it, the records it adds, and what the caller is shown.

    `answered` is an issue as it was before the command. `adjusted` holds the times of the command that were moved, as
    they are kept, by their field.
    """

    order: Order
    result: Order | Stage | Session | Issue
    sessions: tuple[Session, ...] = ()
    reports: tuple[Report, ...] = ()
    issues: tuple[Issue, ...] = ()
    answered: Issue | None = None
    created: bool = False
    adjusted: Mapping[str, datetime] = field(default_factory=dict)


class UpstreamShort(Conflict):
    """In a streaming flow a stage cannot use more pieces than the stage before made good."""

    code = "ERR_STAGE_UPSTREAM_SHORT"
    title = "The stage before has not made enough good pieces"


def shortage(order: Order) -> UpstreamShort | None:
    """What stands against an order being as it is told: that a stage has used up more than the stage before gave."""
    position = overdrawn(order.flow, order.progress)
    if position is None:
        return None
    taken = order.progress[position - 1].taken.normalize()
    return UpstreamShort(f"Stage {position} would use {taken:f} pieces; first report what the stage before made.")


def changed(order: Order, stage: Stage, ended: tuple[Session, ...] = ()) -> Change:
    """The change that puts a stage in its place and keeps the sessions that ended. Raises UpstreamShort."""
    after = order.with_stage(stage)
    obstacle = shortage(after)
    if obstacle is not None:
        raise obstacle
    return Change(after, result=stage, sessions=ended)
