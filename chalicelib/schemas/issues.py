"""The shapes of issues."""

from chalicelib.domain.issues import IssueStatus, IssueType, Priority
from chalicelib.schemas.base import InstantOut, LongText, Out
from chalicelib.schemas.stages import Timed


class ReportIssue(Timed):
    """Something wrong with a stage."""

    type: IssueType
    description: LongText
    priority: Priority = Priority.NORMAL


class IssueOut(Out):
    """An issue; `duplicate` where a report joined one that was open."""

    id: str
    work_order_id: str
    stage_id: str
    machine_id: str | None
    type: IssueType
    description: str
    priority: Priority
    status: IssueStatus
    created_at: InstantOut
    created_by: str
    reported_at: InstantOut
    duplicate: bool = False
