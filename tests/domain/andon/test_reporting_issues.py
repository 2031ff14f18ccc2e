"""Reporting an issue: who may, that it may block its stage, and that a second report joins it."""

from dataclasses import replace

import pytest

from chalicelib.domain.andon import issues
from chalicelib.domain.errors import InvalidFields
from chalicelib.domain.orders.changes import Change
from chalicelib.domain.orders.commands import Command, Subject
from chalicelib.domain.orders.issues import Issue, IssueStatus, IssueType, NewIssue, Note, OpenIssue
from chalicelib.domain.orders.session_records import Cause
from chalicelib.domain.orders.statuses import StageStatus
from chalicelib.domain.orders.transitions import StageBlocked, allowed
from chalicelib.domain.orders.work_orders import Order, StageNotFound
from chalicelib.domain.people.users import Actor
from chalicelib.domain.priorities import Priority
from chalicelib.domain.tenant_settings import DEFAULT_SETTINGS
from tests.domain.builders import (
    FIRST,
    HOUR,
    MINUTE,
    MORNING,
    OYA,
    PELIN,
    VELI,
    a_stage,
    an_issue,
    an_order,
    at_work,
    finished,
    give,
    in_progress,
    paused,
)
from tests.domain.happenings import told

NOW = MORNING + HOUR
BROKEN = NewIssue(IssueType.MACHINE_FAILURE, "It smokes.", Priority.HIGH)
STOPPED = NewIssue(IssueType.MACHINE_FAILURE, "It burns.", Priority.HIGH, blocking=True)


def reported(
    order: Order, actor: Actor = VELI, new: NewIssue = BROKEN, *, hours_ago: int = 0, joined: Issue | None = None
) -> Change:
    command = Command("c1", "issue", FIRST, new, NOW, NOW - hours_ago * HOUR)
    return told(order, issues.report(order, actor, command, DEFAULT_SETTINGS, joined), Subject.STAGE, FIRST)


def test_an_issue_is_as_it_was_reported_and_keeps_both_times() -> None:
    change = reported(an_order(in_progress(machine_id="m1")), hours_ago=1)
    (issue,) = change.issues
    assert (issue.id, issue.work_order_id, issue.stage_id, issue.machine_id) == ("order-ic1", "order", FIRST, "m1")
    assert (issue.type, issue.description, issue.priority) == (IssueType.MACHINE_FAILURE, "It smokes.", Priority.HIGH)
    assert (issue.status, issue.created_by, issue.blocking) == (IssueStatus.OPEN, "veli", False)
    assert (issue.created_at, issue.reported_at) == (NOW, MORNING)
    assert (change.result, change.created) == (issue, True)


def test_a_stage_remembers_its_open_issues_and_nothing_else_of_it_changes() -> None:
    known = OpenIssue(IssueType.QUALITY, "order-i0")
    before = an_order(in_progress(open_issues=(known,)))
    change = reported(before)
    after = change.order.stages[0]
    assert after.open_issues == (
        known,
        OpenIssue(IssueType.MACHINE_FAILURE, "order-ic1", priority=Priority.HIGH),
    )
    assert (after.status, after.open_sessions) == (before.stages[0].status, before.stages[0].open_sessions)
    assert (after.blockers, after.blocked_since, change.sessions) == ((), None, ())


def test_a_blocking_issue_stops_who_is_at_work_at_the_servers_time_with_the_cause() -> None:
    ahead = NOW + 4 * MINUTE
    order = an_order(in_progress(at_work(), at_work("oya", ahead)), in_progress(position=2))

    change = reported(order, new=STOPPED, hours_ago=1)

    stage, beside = change.order.stages
    (issue,) = change.issues
    assert (stage.status, stage.open_sessions) == (StageStatus.PAUSED, ())
    assert (stage.blocked_since, [each.issue_id for each in stage.blockers]) == (NOW, [issue.id])
    assert [(each.worker_id, each.ended_at, each.cause, each.note) for each in change.sessions] == [
        ("veli", NOW, Cause.ISSUE, "It burns."),
        ("oya", ahead, Cause.ISSUE, "It burns."),
    ]
    assert beside == order.stages[1]
    assert (issue.blocking, change.result) == (True, issue)


def test_a_second_report_of_the_same_joins_the_first_as_a_note_and_changes_nothing_else() -> None:
    order = reported(an_order()).order
    first = reported(an_order()).issues[0]
    change = reported(order, PELIN, NewIssue(first.type, "Still.", Priority.CRITICAL), hours_ago=1, joined=first)
    (issue,) = change.issues
    assert issue == replace(first, notes_count=1)
    assert (change.order, change.result, change.created) == (order, issue, False)
    assert change.notes == (Note("c1", first.id, "Still.", "pelin", NOW - HOUR, NOW),)


@pytest.mark.parametrize(
    ("known", "new", "becomes"),
    [
        (Priority.LOW, Priority.HIGH, Priority.HIGH),
        (Priority.CRITICAL, Priority.NORMAL, Priority.CRITICAL),
    ],
)
def test_a_blocking_report_that_joins_makes_the_first_block_with_the_higher_priority(
    known: Priority, new: Priority, becomes: Priority
) -> None:
    first = an_issue(type=IssueType.MACHINE_FAILURE, priority=known)
    remembered = (OpenIssue(IssueType.MACHINE_FAILURE, first.id), OpenIssue(IssueType.SAFETY, "order-i2"))

    change = reported(
        an_order(in_progress(open_issues=remembered)),
        new=NewIssue(IssueType.MACHINE_FAILURE, "Now it burns.", new, blocking=True),
        joined=first,
    )

    (issue,) = change.issues
    assert (issue.id, issue.blocking, issue.priority, issue.description) == (first.id, True, becomes, first.description)
    assert (change.result, change.created) == (issue, False)
    assert change.order.stages[0].open_issues == (
        OpenIssue(IssueType.MACHINE_FAILURE, first.id, NOW, becomes),
        remembered[1],
    )
    assert [each.worker_id for each in change.sessions] == ["veli"]


def test_an_issue_that_blocks_already_goes_on_blocking_since_it_began_to() -> None:
    first = an_issue(type=IssueType.MACHINE_FAILURE, blocking=True)
    stage = paused(open_issues=(OpenIssue(IssueType.MACHINE_FAILURE, first.id, MORNING, Priority.HIGH),))
    change = reported(an_order(stage), new=STOPPED, joined=first)
    assert change.order.stages[0] == stage
    assert change.issues[0].priority is Priority.HIGH


def test_an_issue_can_be_reported_whatever_the_status_of_its_stage() -> None:
    for stage in (a_stage(), in_progress(), finished(), finished(status=StageStatus.CANCELLED)):
        for new in (BROKEN, STOPPED):
            after = reported(an_order(stage), PELIN, new).order.stages[0]
            assert len(after.open_issues) == 1
            assert after.ended_at == stage.ended_at


def test_a_worker_reports_on_their_own_stages_only() -> None:
    first = reported(an_order()).issues[0]
    for joined in (None, first):
        with pytest.raises(StageNotFound):
            reported(an_order(), OYA, joined=joined)


@pytest.mark.parametrize("joined", [None, an_issue(type=IssueType.MACHINE_FAILURE)])
@pytest.mark.parametrize("new", [BROKEN, STOPPED])
def test_an_issue_is_not_older_than_its_order_also_where_it_joins_another(new: NewIssue, joined: Issue | None) -> None:
    with pytest.raises(InvalidFields) as refusal:
        reported(an_order(), new=new, hours_ago=3, joined=joined)
    assert [(error.field, error.code) for error in refusal.value.errors] == [("at", "before_order")]


@pytest.mark.parametrize("name", ["start", "done"])
def test_a_blocked_stage_is_neither_started_nor_finished_by_anybody(name: str) -> None:
    quality, safety = OpenIssue(IssueType.QUALITY, "order-i1", NOW), OpenIssue(IssueType.SAFETY, "order-i2", MORNING)
    order = an_order(paused(open_issues=(OpenIssue(IssueType.OTHER, "order-i3"), quality, safety)))
    for actor in (VELI, PELIN):
        with pytest.raises(StageBlocked) as refusal:
            give(order, actor, name)
        assert refusal.value.since == MORNING
        assert "order-i1 (quality), order-i2 (safety)" in refusal.value.detail
        assert refusal.value.allowed == tuple(allowed(order, order.stages[0], actor))
    assert allowed(order, order.stages[0], VELI) == ["book"]


def test_only_the_blocked_stage_stands_still() -> None:
    blocked = paused(open_issues=(OpenIssue(IssueType.QUALITY, "order-i1", NOW),))
    order = an_order(blocked, a_stage(2))
    assert allowed(order, order.stages[1], VELI) == ["start", "book"]
    assert give(order, VELI, "start", stage=order.stages[1].id).order.stages[0] == blocked
