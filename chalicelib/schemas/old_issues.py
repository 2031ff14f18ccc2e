"""The shapes of issues and notifications for the old system's app."""

from collections.abc import Mapping
from typing import Literal

from chalicelib.domain.orders import old_issues
from chalicelib.domain.orders.issues import Issue, IssueStatus, IssueType
from chalicelib.domain.telling.notifications import Notification
from chalicelib.schemas.base import Out
from chalicelib.schemas.issues import ReportIssue
from chalicelib.schemas.old_app import MayBeEmpty, OldBody, OldFilters, in_utc
from chalicelib.schemas.values import Line, LongText

OldStatus = Literal["open", "acknowledged", "resolved"]
Numbers = Mapping[str, int]
UNRESOLVED, RESOLVED = (IssueStatus.OPEN, IssueStatus.ACK), (IssueStatus.RESOLVED,)


class OldReport(OldBody):
    """A problem of a stage, with a type in the words of the plant."""

    type: Line
    description: LongText | Literal[""] | None = None

    def report(self) -> ReportIssue:
        """The same report in Takip's words."""
        kind = old_issues.type_of(self.type) or IssueType.OTHER
        return ReportIssue(type=kind, description=old_issues.described(self.type, self.description))


class OldIssueFilters(OldFilters):
    """The filters of issues. An empty one filters nothing."""

    status: MayBeEmpty[OldStatus] = None
    type: MayBeEmpty[Line] = None
    work_order_stage_id: MayBeEmpty[int] = None

    @property
    def statuses(self) -> tuple[tuple[IssueStatus, ...], ...]:
        """Takip's statuses, one list after the other: the resolved issues of a plant are a list of their own."""
        return (UNRESOLVED, RESOLVED) if self.status is None else ((old_issues.STATUSES[self.status],),)

    @property
    def types(self) -> tuple[IssueType, ...]:
        """Takip's type; none for all."""
        return () if self.type is None else (old_issues.type_of(self.type) or IssueType.OTHER,)


class NewStatus(OldFilters):
    """The status that an issue is to get."""

    new_status: OldStatus

    @property
    def status(self) -> IssueStatus:
        """Takip's status."""
        return old_issues.STATUSES[self.new_status]


class OldNotificationFilters(OldFilters):
    """The filter of notifications."""

    read: MayBeEmpty[bool] = None


class OldReportedOut(Out):
    """The number of an issue that was reported, or to which the report was added."""

    ok: bool = True
    issue_id: int


class OldIssueOut(Out):
    """An issue. Times are in UTC, without a zone. An issue of a machine has no stage."""

    id: int
    work_order_stage_id: int | None
    type: str
    description: str
    status: OldStatus
    created_by: int | None
    created_at: str
    acknowledged_at: str | None
    resolved_at: str | None


class OldNotificationOut(Out):
    """A notification about an issue. `read` is a text."""

    id: int
    issue_id: int
    message: str
    read: Literal["true", "false"]
    created_at: str


def old_issue_out(issue: Issue, issues: Numbers, stages: Numbers, people: Numbers) -> OldIssueOut:
    """Show an issue, with the numbers of issues, stages and people."""
    known = {status: word for word, status in old_issues.STATUSES.items()}
    return OldIssueOut.model_validate(
        {
            "id": issues[issue.id],
            "work_order_stage_id": stages[issue.stage_id] if issue.stage_id else None,
            "type": old_issues.TYPES[issue.type][0],
            "description": issue.description,
            "status": known[issue.status],
            "created_by": people.get(issue.created_by),
            "created_at": in_utc(issue.created_at),
            "acknowledged_at": in_utc(issue.acknowledged_at),
            "resolved_at": in_utc(issue.resolved_at),
        }
    )


def old_notification_out(
    notification: Notification, notifications: Numbers, issues: Numbers, *, read: bool
) -> OldNotificationOut:
    """Show a notification to its reader, with the numbers of notifications and issues."""
    message = ": ".join(filter(None, [notification.title["tr"], notification.text]))
    return OldNotificationOut.model_validate(
        {
            "id": notifications[notification.id],
            "issue_id": issues[str(notification.issue_id)],
            "message": message,
            "read": "true" if read else "false",
            "created_at": in_utc(notification.at),
        }
    )
