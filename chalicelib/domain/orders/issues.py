"""Issues: something wrong, reported against a stage (andon)."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from chalicelib.domain.errors import NotFound
from chalicelib.domain.kept import KEPT, Kept
from chalicelib.domain.people.users import Actor


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
    ACK = "ack"
    RESOLVED = "resolved"


class Priority(StrEnum):
    """How much it hurts, from the least on."""

    LOW = "low"
    NORMAL = "normal"
    HIGH = "high"
    CRITICAL = "critical"

    def or_higher(self, other: "Priority") -> "Priority":
        """The higher of two."""
        return max(self, other, key=list(Priority).index)


@dataclass(frozen=True)
class Issue:
    """One thing wrong with a stage, from the moment somebody said so; while it is open it may block the stage."""

    id: str
    work_order_id: str
    stage_id: str
    type: IssueType
    description: str
    created_at: datetime
    created_by: str
    reported_at: datetime
    priority: Priority = Priority.NORMAL
    blocking: bool = False
    status: IssueStatus = IssueStatus.OPEN
    machine_id: str | None = None
    assignee_id: str | None = None
    acknowledged_at: datetime | None = None
    acknowledged_by: str | None = None
    resolved_at: datetime | None = None
    resolved_by: str | None = None
    cause: str | None = None
    action: str | None = None
    reopened_at: datetime | None = None
    reopened_count: int = 0

    @property
    def since(self) -> datetime:
        """Since when it stands as it does."""
        return self.resolved_at or self.acknowledged_at or self.reopened_at or self.created_at

    def open_to(self, actor: Actor) -> bool:
        """Whether the actor may know of it, whatever its stage: planners any, workers what they reported."""
        return actor.plans or actor.user_id == self.created_by


@dataclass(frozen=True)
class OpenIssue:
    """What a stage remembers of an issue that nobody has resolved: since when it blocks the stage, if it does.

    Its priority is None where the stage was written before priorities were remembered.
    """

    type: IssueType
    issue_id: str
    blocks_since: datetime | None = None
    priority: Priority | None = None


@dataclass(frozen=True)
class NewIssue:
    """What somebody reports."""

    type: IssueType
    description: str
    priority: Priority = Priority.NORMAL
    blocking: bool = False


@dataclass(frozen=True)
class ChangeIssue:
    """What to change about an issue: what is kept stays; an assignee, cause or action of None is taken away."""

    status: IssueStatus | Kept = KEPT
    priority: Priority | Kept = KEPT
    blocking: bool | Kept = KEPT
    assignee_id: str | Kept | None = KEPT
    cause: str | Kept | None = KEPT
    action: str | Kept | None = KEPT


class IssueNotFound(NotFound):
    """There is no such issue, or the caller may not see it."""

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
