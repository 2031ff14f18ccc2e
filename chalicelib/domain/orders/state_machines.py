"""State machines as tables of rows. The table of each state machine is in the module of its subject."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Generic, TypeVar

from chalicelib.domain.errors import FieldError, TakipError
from chalicelib.domain.orders.commands import Command, Subject
from chalicelib.domain.orders.statuses import OrderStatus, StageStatus
from chalicelib.domain.people.users import EVERYONE, Actor, Role
from chalicelib.domain.sentences import say

Status = TypeVar("Status", bound=StrEnum)
Refusal = TypeVar("Refusal", bound=TakipError)


@dataclass(frozen=True)
class Transition(Generic[Status]):
    """One row: in status `source`, a command by one of these roles leads to `target`, if all guards allow it.

    `where` names a condition, if the target depends on more than the status.
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
    """The rows that apply to a status and the actor's role, by command, in the order of the table.

    `holds` says whether the condition of a `where` is true.
    """
    return {
        row.command: row
        for row in table
        if row.source is status and actor.role in row.roles and (row.where is None or holds(row.where))
    }


def obstacle(
    row: Transition[Status], guards: Mapping[str, Callable[..., Refusal | None]], *about: object
) -> Refusal | None:
    """The error of the first guard that does not allow the row; None if all allow it.

    `about` are the guards' arguments.
    """
    refusals = (guards[name](*about) for name in row.guards)
    return next((refusal for refusal in refusals if refusal), None)


def without_reason(row: Transition[Status], command: Command[object]) -> list[FieldError]:
    """The field error of a command that lacks a required reason."""
    missing = row.needs_reason and not getattr(command.payload, "reason", None)
    return (
        [FieldError("reason", say("give a reason; it is kept in the order's history"), "required")] if missing else []
    )


@dataclass(frozen=True)
class Consequence(Generic[Status]):
    """One row: a command on `subject` changes the status of another thing from `source` to `target`.

    `where` names a condition, if this is not always so. The roles and guards of the command are in the table of its
    subject.
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

# Closing all open sessions pauses the stage: a stage is in progress exactly while a session is open.
OF_STAGES = (
    Consequence(StageStatus.IN_PROGRESS, "hold", Subject.ORDER, StageStatus.PAUSED),
    Consequence(StageStatus.IN_PROGRESS, "close_sessions", Subject.ORDER, StageStatus.PAUSED, "no_session_goes_on"),
    Consequence(StageStatus.IN_PROGRESS, "issue", Subject.STAGE, StageStatus.PAUSED, "it_blocks"),
    Consequence(StageStatus.IN_PROGRESS, "change_issue", Subject.ISSUE, StageStatus.PAUSED, "it_blocks"),
    Consequence(StageStatus.PLANNED, "cancel", Subject.ORDER, StageStatus.CANCELLED),
    Consequence(StageStatus.IN_PROGRESS, "cancel", Subject.ORDER, StageStatus.CANCELLED),
    Consequence(StageStatus.PAUSED, "cancel", Subject.ORDER, StageStatus.CANCELLED),
)
