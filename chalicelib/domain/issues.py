"""Issues: something wrong, reported against a stage (andon)."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from chalicelib.domain.errors import NotFound


class IssueType(StrEnum):
    """What is wrong."""

    MACHINE_FAILURE = "machine_failure"
    MATERIAL_SHORTAGE = "material_shortage"
    QUALITY = "quality"
    TOOLING = "tooling"
    SAFETY = "safety"
    OPERATOR = "operator"
    OTHER = "other"


class IssueStatus(StrEnum):
    """Where an issue stands."""

    OPEN = "open"


class Priority(StrEnum):
    """How much it hurts."""

    LOW = "low"
    NORMAL = "normal"
    HIGH = "high"
    CRITICAL = "critical"


@dataclass(frozen=True)
class Issue:
    """One thing wrong with a stage, from the moment somebody said so."""

    id: str
    work_order_id: str
    stage_id: str
    type: IssueType
    description: str
    created_at: datetime
    created_by: str
    reported_at: datetime
    priority: Priority = Priority.NORMAL
    status: IssueStatus = IssueStatus.OPEN
    machine_id: str | None = None


@dataclass(frozen=True)
class OpenIssue:
    """What a stage remembers of an issue that nobody has resolved."""

    type: IssueType
    issue_id: str


@dataclass(frozen=True)
class NewIssue:
    """What somebody reports."""

    type: IssueType
    description: str
    priority: Priority = Priority.NORMAL


class IssueNotFound(NotFound):
    """There is no such issue, or none that the actor may know of."""

    code = "ERR_ISSUE_NOT_FOUND"
    title = "No such issue"


def issue_id(order_id: str, command_id: str) -> str:
    """Make the id of an issue; it holds the order's id, so nothing has to be looked up."""
    return f"{order_id}-i{command_id}"


def order_id_of(issue: str) -> str:
    """Read the order's id out of an issue's. Raises IssueNotFound where there is none in it."""
    order, _, _ = issue.rpartition("-i")
    if not order:
        raise IssueNotFound(f"There is no issue {issue}.")
    return order
