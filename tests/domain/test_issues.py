"""Something is wrong with a stage: who may say so, and that a second word joins the first."""

import pytest

from chalicelib.domain.commands import Change, Command
from chalicelib.domain.errors import InvalidFields
from chalicelib.domain.issues import (
    Issue,
    IssueNotFound,
    IssueStatus,
    IssueType,
    NewIssue,
    OpenIssue,
    Priority,
    issue_id,
    order_id_of,
)
from chalicelib.domain.stages import report_issue
from chalicelib.domain.users import Actor
from chalicelib.domain.work_orders import Order, StageNotFound
from tests.domain.builders import (
    FIRST,
    HOUR,
    MORNING,
    OYA,
    PELIN,
    VELI,
    a_stage,
    an_order,
    finished,
    in_progress,
)

BROKEN = NewIssue(IssueType.MACHINE_FAILURE, "It smokes.", Priority.HIGH)


def reported(order: Order, actor: Actor = VELI, *, hours_ago: int = 0, joined: Issue | None = None) -> Change:
    command = Command("c1", "issue", FIRST, BROKEN, MORNING + HOUR, MORNING + HOUR - hours_ago * HOUR)
    return report_issue(order, actor, command, joined)


def test_an_issue_is_as_it_was_reported_and_keeps_both_times() -> None:
    change = reported(an_order(in_progress(machine_id="m1")), hours_ago=1)
    (issue,) = change.issues
    assert (issue.id, issue.work_order_id, issue.stage_id, issue.machine_id) == ("order-ic1", "order", FIRST, "m1")
    assert (issue.type, issue.description, issue.priority) == (IssueType.MACHINE_FAILURE, "It smokes.", Priority.HIGH)
    assert (issue.status, issue.created_by) == (IssueStatus.OPEN, "veli")
    assert (issue.created_at, issue.reported_at) == (MORNING + HOUR, MORNING)
    assert (change.result, change.created) == (issue, True)


def test_a_stage_remembers_its_open_issues_and_nothing_else_of_it_changes() -> None:
    known = OpenIssue(IssueType.QUALITY, "order-i0")
    before = an_order(in_progress(open_issues=(known,)))
    after = reported(before).order.stages[0]
    assert after.open_issues == (known, OpenIssue(IssueType.MACHINE_FAILURE, "order-ic1"))
    assert (after.status, after.open_sessions) == (before.stages[0].status, before.stages[0].open_sessions)


def test_a_second_report_of_the_same_joins_the_first() -> None:
    order = reported(an_order()).order
    first = reported(an_order()).issues[0]
    change = reported(order, joined=first)
    assert (change.order, change.result, change.issues, change.created) == (order, first, (), False)


def test_an_issue_can_be_reported_whatever_the_status_of_its_stage() -> None:
    for stage in (a_stage(), in_progress(), finished()):
        assert reported(an_order(stage), PELIN).created


def test_a_worker_reports_on_their_own_stages_only() -> None:
    first = reported(an_order()).issues[0]
    for joined in (None, first):
        with pytest.raises(StageNotFound):
            reported(an_order(), OYA, joined=joined)


def test_an_issue_is_not_older_than_its_order() -> None:
    with pytest.raises(InvalidFields) as refusal:
        reported(an_order(), hours_ago=3)
    assert [(error.field, error.code) for error in refusal.value.errors] == [("at", "before_order")]


def test_an_issue_id_holds_its_orders_id() -> None:
    assert order_id_of(issue_id("a-i-b", "01J")) == "a-i-b"


@pytest.mark.parametrize("text", ["", "x", "-i1", "x-01"])
def test_what_is_no_issue_id_is_no_issue(text: str) -> None:
    with pytest.raises(IssueNotFound):
        order_id_of(text)
