"""The doors of issues."""

from typing import Any

from chalicelib import ids
from chalicelib.domain.commands import Change, Command
from chalicelib.domain.issues import NewIssue
from chalicelib.domain.users import Actor
from chalicelib.schemas.base import Paged
from chalicelib.schemas.issues import IssueOut, ReportIssue
from chalicelib.services import issues
from chalicelib.services.idempotency import Answer
from functions._endpoint import Call, Doors, listing

doors = Doors(__name__)


@doors.route("POST", "/stages/{stage_id}/issue", action="issue.report", body=ReportIssue, location="/issues/{id}")
def report_issue(call: Call, stage_id: str) -> Answer:
    """Report an issue; one of the same type that is open is joined."""
    body = call.body
    new = NewIssue(body.type, body.description, body.priority)
    command = Command(ids.new(), "report_issue", stage_id, new, call.received_at, body.at)
    return issues.report(call.actor, command, call.request, _presented)


@doors.route("GET", "/stages/{stage_id}/issues", action="issue.read", query=Paged)
def list_issues_of_stage(call: Call, stage_id: str) -> Answer:
    """List the issues of a stage, oldest first."""
    found = issues.of_stage(call.actor, stage_id, limit=call.query.limit, cursor=call.query.cursor)
    return listing([IssueOut.model_validate(issue).plain() for issue in found.items], found.next_cursor)


@doors.route("GET", "/issues/{issue_id}", action="issue.read")
def read_issue(call: Call, issue_id: str) -> Answer:
    """Read an issue."""
    return Answer(IssueOut.model_validate(issues.read(call.actor, issue_id)).plain())


def _presented(change: Change, _: Actor) -> dict[str, Any]:
    """Show the issue, new or joined."""
    return IssueOut.model_validate(change.result).model_copy(update={"duplicate": not change.created}).plain()
