"""The doors of issues."""

from collections.abc import Sequence
from http import HTTPStatus
from typing import Any

from chalicelib import ids
from chalicelib.domain.andon.presence import Answering
from chalicelib.domain.errors import Conflict, Stale
from chalicelib.domain.orders.commands import Command
from chalicelib.domain.orders.issues import Issue
from chalicelib.schemas.base import Reversible
from chalicelib.schemas.issues import (
    ChangeIssue,
    IssueOut,
    ListIssues,
    NoteOut,
    OpenIssuesOut,
    PresenceOut,
    ReportMachineIssue,
    issue_out,
    note_out,
    presence_out,
    read_issue_out,
)
from chalicelib.schemas.values import ME
from chalicelib.services.andon import issues, lists, machine_issues, presence
from chalicelib.services.andon.lists import IssueFilters
from chalicelib.services.idempotency import Answer
from functions._commands import BODIES, change_issue, give
from functions._endpoint import Call, Doors, page_of
from functions._rules import ListOf

doors = Doors(__name__)


@doors.route(
    "POST",
    "/stages/{stage_id}/issue",
    action="issue.report",
    body=BODIES["issue"],
    answers=IssueOut,
    statuses=(HTTPStatus.CREATED, HTTPStatus.OK),
    refuses=(Conflict, Stale),
    location="/issues/{id}",
    brief=True,
)
def report_issue(call: Call, stage_id: str) -> Answer:
    """Report an issue on a stage; if one of the same type is open, the report is added to it."""
    return give(call.actor, "issue", stage_id, call.body, call.received_at, call.request)


@doors.route(
    "POST",
    "/machines/{machine_id}/issue",
    action="issue.report",
    body=ReportMachineIssue,
    answers=IssueOut,
    statuses=(HTTPStatus.CREATED, HTTPStatus.OK),
    refuses=(Conflict,),
    location="/issues/{id}",
    brief=True,
)
def report_machine_issue(call: Call, machine_id: str) -> Answer:
    """Report an issue on a machine; if one of the same type is open, the report is added to it."""
    body = call.body
    command = Command(ids.new(), "machine_issue", machine_id, body.payload(), call.received_at, body.at)
    return machine_issues.report(call.actor, command, call.request, _reported)


@doors.route("GET", "/machines/{machine_id}/issues", action="issue.read", query=Reversible, answers=ListOf(IssueOut))
def list_issues_of_machine(call: Call, machine_id: str) -> Answer:
    """List the issues that were reported on a machine, oldest first; with `order=newest` newest first."""
    query = call.query
    page = machine_issues.of_machine(
        call.actor, machine_id, limit=query.limit, cursor=query.cursor, newest=query.newest
    )
    return page_of(map(issue_out, page.items), page.next_cursor)


@doors.route("GET", "/stages/{stage_id}/issues", action="issue.read", query=Reversible, answers=ListOf(IssueOut))
def list_issues_of_stage(call: Call, stage_id: str) -> Answer:
    """List the issues of a stage, oldest first; with `order=newest` newest first."""
    query = call.query
    page = issues.of_stage(call.actor, stage_id, limit=query.limit, cursor=query.cursor, newest=query.newest)
    return page_of((issue_out(issue) for issue in page.items), page.next_cursor)


@doors.route(
    "PATCH",
    "/stages/{stage_id}/issues/{issue_id}",
    action="issue.change",
    body=ChangeIssue,
    answers=IssueOut,
    refuses=(Conflict, Stale),
    brief=True,
)
def change_issue_of_stage(call: Call, stage_id: str, issue_id: str) -> Answer:
    """Do the same as `PATCH /issues/{issue_id}`."""
    return change_issue(call.actor, issue_id, call.body, call.received_at, call.request, stage_id=stage_id)


@doors.route("GET", "/issues", action="issue.read", query=ListIssues, answers=ListOf(IssueOut))
def list_issues(call: Call) -> Answer:
    """List issues, oldest first, or with `order=newest` newest first; without `status` those not resolved."""
    asked = call.query.model_dump(exclude=set(Reversible.model_fields))
    if asked["assignee_id"] == ME:
        asked["assignee_id"] = call.actor.user_id
    filters = IssueFilters(**asked, newest=call.query.newest)
    page = lists.page(call.actor, filters, limit=call.query.limit, cursor=call.query.cursor)
    return page_of(map(issue_out, page.items), page.next_cursor)


@doors.route("GET", "/issues/counts", action="issue.read", answers=OpenIssuesOut)
def count_issues(call: Call) -> Answer:
    """Count the issues that are not resolved: all, by priority, not acknowledged, the caller's own, and overdue."""
    return Answer(OpenIssuesOut.model_validate(lists.counts(call.actor)).plain())


@doors.route("GET", "/issues/{issue_id}", action="issue.read", answers=IssueOut)
def read_issue(call: Call, issue_id: str) -> Answer:
    """Read an issue with its newest notes, and who else is answering it right now."""
    issue, answering = presence.of_issue(call.actor, issue_id)
    return Answer(read_issue_out(issue, issues.latest_notes(call.actor, issue), answering).plain())


@doors.route("PUT", "/issues/{issue_id}/presence", action="issue.change", answers=PresenceOut, refuses=(Conflict,))
def answer_issue(call: Call, issue_id: str) -> Answer:
    """Say that one is answering an issue; others see it for 45 seconds. Answers who else is."""
    return presence.answer(call.actor, issue_id, call.request, _answering)


@doors.route("DELETE", "/issues/{issue_id}/presence", action="issue.change", answers=PresenceOut, refuses=(Conflict,))
def leave_issue(call: Call, issue_id: str) -> Answer:
    """Say that one is not answering an issue any more. Answers who else is."""
    return presence.leave(call.actor, issue_id, call.request, _answering)


@doors.route("GET", "/issues/{issue_id}/notes", action="issue.read", query=Reversible, answers=ListOf(NoteOut))
def list_notes(call: Call, issue_id: str) -> Answer:
    """List the notes on an issue, oldest first; with `order=newest` newest first."""
    query = call.query
    page = issues.notes(call.actor, issue_id, limit=query.limit, cursor=query.cursor, newest=query.newest)
    return page_of(map(note_out, page.items), page.next_cursor)


@doors.route(
    "PATCH",
    "/issues/{issue_id}",
    action="issue.change",
    body=ChangeIssue,
    answers=IssueOut,
    refuses=(Conflict, Stale),
    brief=True,
)
def change_one_issue(call: Call, issue_id: str) -> Answer:
    """Change an issue: acknowledge, resolve, reopen, set fields, add a note; a worker may only note or withdraw."""
    return change_issue(call.actor, issue_id, call.body, call.received_at, call.request)


def _answering(others: Sequence[Answering]) -> dict[str, Any]:
    return presence_out(others).plain()


def _reported(issue: Issue, duplicate: bool) -> dict[str, Any]:  # noqa: FBT001  called by the service
    return issue_out(issue, duplicate=duplicate).plain()
