"""The doors of issues and notifications for the app of the old system."""

from collections.abc import Sequence
from datetime import timedelta
from functools import partial

from chalicelib.domain.errors import Conflict, Stale
from chalicelib.domain.old_ids import OldIdNotFound
from chalicelib.domain.orders.issues import Issue
from chalicelib.domain.people.users import TAKIP
from chalicelib.domain.telling.events import EventType
from chalicelib.schemas.issues import ChangeIssue
from chalicelib.schemas.old_app import OldDoneOut
from chalicelib.schemas.old_issues import (
    RESOLVED,
    NewStatus,
    OldIssueFilters,
    OldIssueOut,
    OldNotificationFilters,
    OldNotificationOut,
    OldReport,
    OldReportedOut,
    old_issue_out,
    old_notification_out,
)
from chalicelib.services.andon import issues, lists
from chalicelib.services.andon.lists import IssueFilters
from chalicelib.services.idempotency import Answer
from chalicelib.services.old_ids import id_of, number_of
from chalicelib.services.telling import inboxes
from chalicelib.services.telling.inboxes import InboxFilters
from functions._commands import change_issue, give
from functions._endpoint import Call, Doors
from functions._old import every, numbers, rows
from functions._rules import ListOf

doors = Doors(__name__)

MOST_ISSUES, MOST_NOTIFICATIONS = 200, 100
OF_ISSUES = tuple(kind for kind in EventType if kind.value.startswith("issue."))
RESOLVED_FOR = timedelta(days=30)
"""Resolved issues of the whole plant that are older are in today's lists only, so that the costs do not grow."""


@doors.old(
    "POST",
    "/v0/stages/{stage}/issue",
    action="issue.report",
    body=OldReport,
    answers=OldReportedOut,
    refuses=(Conflict, Stale),
)
def old_report_issue(call: Call, stage: str) -> Answer:
    """Report an issue on a stage; if one of the same type is open, the report is added to it."""
    made = give(call.actor, "issue", stage, call.body.report(), call.received_at, call.request)
    number = number_of(call.tenant, "issue", made.data["id"])
    return Answer(OldReportedOut.model_validate({"issue_id": number}).plain(), replayed=made.replayed)


@doors.old("GET", "/v0/issues", action="issue.read", query=OldIssueFilters, answers=ListOf(OldIssueOut))
def old_list_issues(call: Call) -> Answer:
    """List issues, first those that are not resolved, each the newest first; of 30 days if resolved; 200 at most.

    Of a stage that is not there or not the caller's there are none.
    """
    query, number = call.query, call.query.work_order_stage_id
    try:
        stage_id = None if number is None else id_of(call.tenant, "stage", number)
    except OldIdNotFound:
        return rows([])
    found: list[Issue] = []
    for statuses in query.statuses:
        since = call.received_at - RESOLVED_FOR if statuses == RESOLVED and stage_id is None else None
        filters = IssueFilters(status=statuses, type=query.types, stage_id=stage_id, since=since, newest=True)
        found += every(partial(lists.page, call.actor, filters), MOST_ISSUES - len(found))
    return rows(_shown(call.tenant, found))


@doors.old(
    "PATCH",
    "/v0/issues/{issue}/status",
    action="issue.change",
    query=NewStatus,
    answers=OldIssueOut,
    refuses=(Conflict, Stale),
)
def old_change_issue(call: Call, issue: str) -> Answer:
    """Change the status of an issue. To give it the status that it has changes nothing."""
    wanted = call.query.status
    if issues.read(call.actor, issue).status is not wanted:
        change_issue(call.actor, issue, ChangeIssue(status=wanted), call.received_at, call.request)
    (shown,) = _shown(call.tenant, [issues.read(call.actor, issue)])
    return Answer(shown.plain())


@doors.old(
    "GET",
    "/v0/issues/notifications",
    action="notification.read",
    query=OldNotificationFilters,
    answers=ListOf(OldNotificationOut),
)
def old_list_notifications(call: Call) -> Answer:
    """List what the caller is told of issues in the last 30 days, newest first; 100 at most."""
    wanted = call.query.read
    filters = InboxFilters(unread=wanted is False, type=OF_ISSUES)
    found = every(partial(inboxes.page, call.actor, filters), MOST_NOTIFICATIONS)
    told = [each for each in found if wanted in (None, each.read)]
    own = numbers(call.tenant, "notification", (each.notification.id for each in told))
    about = numbers(call.tenant, "issue", (each.notification.issue_id for each in told))
    return rows(old_notification_out(each.notification, own, about, read=each.read) for each in told)


@doors.old(
    "PATCH",
    "/v0/issues/notifications/{notification}/read",
    action="notification.read",
    answers=OldDoneOut,
    refuses=(Conflict,),
)
def old_mark_read(call: Call, notification: str) -> Answer:
    """Say that the caller has read a notification, and with it all that are older."""
    inboxes.mark_read(call.actor, notification, call.request, lambda _: {})
    return Answer(OldDoneOut().plain())


def _shown(tenant: str, found: Sequence[Issue]) -> list[OldIssueOut]:
    own = numbers(tenant, "issue", (issue.id for issue in found))
    stages = numbers(tenant, "stage", (issue.stage_id for issue in found))
    people = numbers(tenant, "user", (issue.created_by for issue in found if issue.created_by != TAKIP))
    return [old_issue_out(issue, own, stages, people) for issue in found]
