"""The shapes of issues."""

from chalicelib.domain.orders.issues import Issue, IssueStatus, IssueType, Priority
from chalicelib.schemas.base import Changes, Identifier, InstantOut, LongText, Out, Text, Timed


class ReportIssue(Timed):
    """Something wrong with a stage."""

    type: IssueType
    description: LongText
    priority: Priority = Priority.NORMAL
    blocking: bool = False


class ChangeIssue(Changes):
    """What to change about an issue."""

    status: IssueStatus | None = None
    priority: Priority | None = None
    blocking: bool | None = None
    assignee_id: Identifier | None = None
    cause: Text | None = None
    action: LongText | None = None


class IssueOut(Out):
    """An issue; `duplicate` where a report joined one that was open."""

    id: str
    work_order_id: str
    stage_id: str
    machine_id: str | None
    type: IssueType
    description: str
    priority: Priority
    blocking: bool
    status: IssueStatus
    assignee_id: str | None
    created_at: InstantOut
    created_by: str
    reported_at: InstantOut
    acknowledged_at: InstantOut | None
    acknowledged_by: str | None
    resolved_at: InstantOut | None
    resolved_by: str | None
    cause: str | None
    action: str | None
    reopened_at: InstantOut | None
    reopened_count: int
    duplicate: bool = False


def issue_out(issue: Issue, *, duplicate: bool = False) -> IssueOut:
    """Show an issue."""
    return IssueOut.model_validate(vars(issue) | {"duplicate": duplicate})
