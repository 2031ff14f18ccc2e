"""Commands on an order, and their record in the audit trail."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Generic, TypeVar

Payload_co = TypeVar("Payload_co", covariant=True)


class Subject(StrEnum):
    """The kind of thing that a command is about or that something happens to. Each belongs to one order."""

    ORDER = "order"
    STAGE = "stage"
    SESSION = "session"
    ISSUE = "issue"


@dataclass(frozen=True)
class Command(Generic[Payload_co]):
    """A command on `target`, the id of a thing of kind `subject` (a stage unless given otherwise).

    `at` is the device's time, if it sent one. `received_at` is the server's time. If the device's clock was wrong, its
    times are corrected, and `sent` is the command as the device sent it.
    """

    id: str
    name: str
    target: str
    payload: Payload_co
    received_at: datetime
    at: datetime | None = None
    subject: Subject = Subject.STAGE
    sent: "Command[Payload_co] | None" = None

    @property
    def as_sent(self) -> "Command[Payload_co]":
        """The command as the device sent it."""
        return self.sent or self

    @property
    def identity(self) -> list[Any]:
        """What is the same each time that the device repeats the command, however wrong its clock is by then."""
        return [self.as_sent.payload, self.as_sent.at]

    @property
    def happened_at(self) -> datetime:
        """When it happened: the device's time, else the server's."""
        return self.at or self.received_at


@dataclass(frozen=True)
class Because:
    """A payload that holds only a reason."""

    reason: str


@dataclass(frozen=True)
class CommandRecord:
    """A command in the audit trail. It is kept for ever. `terminal_id` is the shared terminal on which it was given.

    `unheard`: no event tells of it, so those hear of it live who plan, and the `people` whose work it changed.
    """

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
    terminal_id: str | None = None
    unheard: bool = False
    people: tuple[str, ...] = ()
