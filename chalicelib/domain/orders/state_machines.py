"""State machines: what a row of one says, and how a table of rows is asked. The tables stand with their subjects."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Generic, TypeVar

from chalicelib.domain.errors import FieldError, TakipError
from chalicelib.domain.orders.commands import Command, Subject
from chalicelib.domain.orders.statuses import OrderStatus, StageStatus
from chalicelib.domain.people.users import EVERYONE, Actor, Role

Status = TypeVar("Status", bound=StrEnum)
Refusal = TypeVar("Refusal", bound=TakipError)


@dataclass(frozen=True)
class Transition(Generic[Status]):
    """One row: from a status, a command of these roles leads to another, unless one of its guards stands against it.

    Where the target depends on more than the status, a row says `where` it holds.
    """

    source: Status
    command: str
    target: Status
    roles: frozenset[Role] = EVERYONE
    guards: tuple[str, ...] = ()
    needs_reason: bool = False
    where: str | None = None


def rows_for(
    table: Iterable[Transition[Status]], status: Status, actor: Actor, holds: Callable[[str], bool] = lambda _: True
) -> dict[str, Transition[Status]]:
    """The rows that a status and a role leave open, by command, in the table's order; `holds` judges each `where`."""
    return {
        row.command: row
        for row in table
        if row.source is status and actor.role in row.roles and (row.where is None or holds(row.where))
    }


def obstacle(
    row: Transition[Status], guards: Mapping[str, Callable[..., Refusal | None]], *about: object
) -> Refusal | None:
    """The first guard's failure, if one stands against the row; the guards are asked `about` what it is to change."""
    found = (guards[name](*about) for name in row.guards)
    return next((refusal for refusal in found if refusal), None)


def without_reason(row: Transition[Status], command: Command[object]) -> list[FieldError]:
    """What is wrong with a command that leaves out why."""
    missing = row.needs_reason and not getattr(command.payload, "reason", None)
    return [FieldError("reason", "give a reason; it is kept in the order's history", "required")] if missing else []


@dataclass(frozen=True)
class Consequence(Generic[Status]):
    """One row: from a status, a command on `subject` leads to another; where not always, a row says `where`.

    Who may give the command, and what stands against it, is said in the table of its subject.
    """

    source: Status
    command: str
    subject: Subject
    target: Status
    where: str | None = None


OF_ORDERS = (
    Consequence(OrderStatus.PLANNED, "start", Subject.STAGE, OrderStatus.IN_PROGRESS),
    Consequence(OrderStatus.PLANNED, "book", Subject.STAGE, OrderStatus.IN_PROGRESS),
    Consequence(OrderStatus.IN_PROGRESS, "done", Subject.STAGE, OrderStatus.DONE, "no_other_goes_on"),
    Consequence(OrderStatus.IN_PROGRESS, "skip", Subject.STAGE, OrderStatus.DONE, "no_other_goes_on"),
    Consequence(OrderStatus.PLANNED, "skip", Subject.STAGE, OrderStatus.DONE, "no_other_goes_on"),
    Consequence(OrderStatus.DONE, "reopen", Subject.STAGE, OrderStatus.IN_PROGRESS),
)

# All that closes sessions pauses the stage: in progress exactly while a session is open.
OF_STAGES = (
    Consequence(StageStatus.IN_PROGRESS, "hold", Subject.ORDER, StageStatus.PAUSED),
    Consequence(StageStatus.IN_PROGRESS, "close_sessions", Subject.ORDER, StageStatus.PAUSED, "no_session_goes_on"),
    Consequence(StageStatus.IN_PROGRESS, "issue", Subject.STAGE, StageStatus.PAUSED, "it_blocks"),
    Consequence(StageStatus.IN_PROGRESS, "change_issue", Subject.ISSUE, StageStatus.PAUSED, "it_blocks"),
    Consequence(StageStatus.PLANNED, "cancel", Subject.ORDER, StageStatus.CANCELLED),
    Consequence(StageStatus.IN_PROGRESS, "cancel", Subject.ORDER, StageStatus.CANCELLED),
    Consequence(StageStatus.PAUSED, "cancel", Subject.ORDER, StageStatus.CANCELLED),
)
