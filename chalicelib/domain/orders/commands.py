"""Commands: one thing that someone wants done to an order, and how it is kept for the audit trail."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Generic, TypeVar

Payload_co = TypeVar("Payload_co", covariant=True)


class Subject(StrEnum):
    """What a command is about, and what something happens to: all of it belongs to one order."""

    ORDER = "order"
    STAGE = "stage"
    SESSION = "session"
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
