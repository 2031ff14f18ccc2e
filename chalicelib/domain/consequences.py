"""What a command on one thing makes of another: an order follows its stages, a stage its order and its issues.

Nobody gives these as commands, so they are no rows of the tables that say what is allowed.
"""

from dataclasses import dataclass
from typing import Generic

from chalicelib.domain.commands import Subject
from chalicelib.domain.state_machines import Status
from chalicelib.domain.statuses import OrderStatus, StageStatus


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
