"""Answering an issue: its state machine, the roles, and its effect on the stage.

A stage that is no longer blocked does not resume by itself.
"""

from dataclasses import replace
from typing import Any

import pytest

from chalicelib.domain.andon import issues
from chalicelib.domain.andon.answering import (
    TRANSITIONS,
    IllegalIssueTransition,
    IssueTypeOpen,
    OnlyWithdrawal,
    allowed,
)
from chalicelib.domain.orders.changes import Change
from chalicelib.domain.orders.commands import Command, Subject
from chalicelib.domain.orders.issues import ChangeIssue, Issue, IssueStatus, IssueType, Note, OpenIssue
from chalicelib.domain.orders.session_records import Cause
from chalicelib.domain.orders.work_orders import Order, Stage
from chalicelib.domain.people.permissions import PERMISSIONS
from chalicelib.domain.people.users import Actor
from chalicelib.domain.priorities import Priority
from chalicelib.domain.tenant_settings import DEFAULT_SETTINGS
from tests.domain.builders import (
    ADA,
    HOUR,
    MORNING,
    OYA,
    PELIN,
    VELI,
    an_issue,
    an_order,
    finished,
    in_progress,
    paused,
)
from tests.domain.happenings import told

NOW = MORNING + 2 * HOUR
OPEN, ACK, RESOLVED = IssueStatus
STEPS = {"acknowledge": ACK, "resolve": RESOLVED, "reopen": OPEN}
WITHDRAWAL: dict[str, Any] = {"status": RESOLVED, "cause": "withdrawn"}

ISSUES: dict[str, Issue] = {
    "open": an_issue(),
    "acknowledged": an_issue(status=ACK, acknowledged_at=MORNING, acknowledged_by="ada"),
    "resolved": an_issue(status=RESOLVED, resolved_at=MORNING, resolved_by="ada", cause="worn out", action="changed"),
}


def remembered(issue: Issue, since: Any = None) -> OpenIssue:
    return OpenIssue(issue.type, issue.id, since, issue.priority)


def with_issue(issue: Issue, stage: Stage | None = None) -> Order:
    """An order whose first stage has the issue, and remembers it where it is not resolved."""
    known = () if issue.status is RESOLVED else (remembered(issue, MORNING if issue.blocking else None),)
    return an_order(replace(stage or paused(), open_issues=known))


def answered(issue: Issue, actor: Actor = PELIN, order: Order | None = None, **wanted: Any) -> Change:
    command = Command("c", "change_issue", issue.id, ChangeIssue(**wanted), NOW, subject=Subject.ISSUE)
    before = order or with_issue(issue)
    return told(before, issues.change(before, actor, command, issue, DEFAULT_SETTINGS), Subject.ISSUE, issue.id)


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("known", ISSUES)
def test_an_issue_goes_where_the_table_says_and_nowhere_else(known: str, step: str) -> None:
    issue = ISSUES[known]
    targets = [row.target for row in TRANSITIONS if row.source is issue.status and row.command == step]
    if targets:
        change = answered(issue, status=STEPS[step])
        assert [change.issues[0].status] == targets
        (happening,) = (each for each in change.happened if each.subject is Subject.ISSUE)
        assert (happening.source, change.result, change.created) == (issue.status, change.issues[0], False)
        assert happening == change.happened[0]
        return
    with pytest.raises(IllegalIssueTransition) as refusal:
        answered(issue, status=STEPS[step])
    assert refusal.value.since == issue.since
    assert refusal.value.allowed == tuple(allowed(paused(), issue, PELIN))
    assert issue.status in refusal.value.detail


@pytest.mark.parametrize(
    ("known", "of_planner", "of_reporter", "of_another"),
    [
        ("open", ["acknowledge", "resolve"], ["withdraw"], []),
        ("acknowledged", ["resolve"], [], []),
        ("resolved", ["reopen"], [], []),
    ],
)
def test_what_is_allowed_depends_on_who_asks(
    known: str, of_planner: list[str], of_reporter: list[str], of_another: list[str]
) -> None:
    by = {actor.user_id: allowed(paused(), ISSUES[known], actor) for actor in (ADA, PELIN, VELI, OYA)}
    assert by == {"ada": of_planner, "pelin": of_planner, "veli": of_reporter, "oya": of_another}


def test_every_row_is_for_roles_that_may_change_an_issue_and_no_two_disagree() -> None:
    assert all(row.roles <= PERMISSIONS["issue.change"] for row in TRANSITIONS)
    assert len({(row.source, row.command) for row in TRANSITIONS}) == len(TRANSITIONS)


def test_it_is_written_down_who_acknowledged_and_who_resolved_it_and_why() -> None:
    seen = answered(ISSUES["open"], ADA, status=ACK, assignee_id="veli").issues[0]
    over = answered(seen, status=RESOLVED, cause_code="wear", cause="worn out", action="changed it").issues[0]
    assert (over.acknowledged_at, over.acknowledged_by, over.assignee_id) == (NOW, "ada", "veli")
    assert (over.resolved_at, over.resolved_by) == (NOW, "pelin")
    assert (over.cause_code, over.cause, over.action) == ("wear", "worn out", "changed it")


def test_what_is_not_named_stays() -> None:
    issue = an_issue(priority=Priority.LOW, blocking=True, assignee_id="oya")
    assert answered(issue, priority=Priority.HIGH).issues == (replace(issue, priority=Priority.HIGH),)
    assert answered(issue, cause="worn out").issues == (replace(issue, cause="worn out"),)


def test_a_reopened_issue_has_yet_to_be_answered_and_is_counted() -> None:
    over = replace(ISSUES["acknowledged"], status=RESOLVED, resolved_at=NOW, resolved_by="ada", cause="c", action="a")
    (issue,) = answered(replace(over, cause_code="wear"), status=OPEN).issues
    assert issue == replace(ISSUES["open"], reopened_at=NOW, reopened_count=1)
    (again,) = answered(replace(issue, status=RESOLVED), status=OPEN, cause="worn out").issues
    assert (again.reopened_count, again.cause) == (2, "worn out")


def test_a_stage_has_one_open_issue_of_a_type_also_after_reopening() -> None:
    over = ISSUES["resolved"]
    other = OpenIssue(over.type, "order-i9")
    with pytest.raises(IssueTypeOpen) as refusal:
        answered(over, order=an_order(paused(open_issues=(other,))), status=OPEN)
    assert "order-i9" in refusal.value.detail
    assert refusal.value.allowed == ()


@pytest.mark.parametrize("lift", [{"status": RESOLVED}, {"blocking": False}], ids=["resolved", "blocks no more"])
@pytest.mark.parametrize("stage", [paused(), finished()], ids=["paused", "done"])
def test_lifting_a_block_changes_nothing_else(lift: dict[str, Any], stage: Stage) -> None:
    issue = an_issue(blocking=True)
    other = OpenIssue(IssueType.SAFETY, "order-i9", MORNING + HOUR)
    before = an_order(replace(stage, open_issues=(remembered(issue, MORNING), other)))

    change = answered(issue, order=before, **lift)

    left = () if "status" in lift else (remembered(issue),)
    assert change.order == an_order(replace(stage, open_issues=(*left, other)))
    assert change.order.stages[0].blocked_since == MORNING + HOUR
    assert change.sessions == ()


@pytest.mark.parametrize(
    ("issue", "wanted"),
    [
        (an_issue(), {"blocking": True}),
        (an_issue(status=RESOLVED), {"status": OPEN, "blocking": True}),
        (an_issue(status=RESOLVED, blocking=True), {"status": OPEN}),
    ],
    ids=["now blocking", "reopened and blocking", "reopened, as blocking as it was"],
)
def test_an_issue_that_comes_to_block_stops_who_is_at_work(issue: Issue, wanted: dict[str, Any]) -> None:
    change = answered(issue, order=with_issue(issue, in_progress()), **wanted)
    assert [(each.worker_id, each.ended_at, each.cause) for each in change.sessions] == [("veli", NOW, Cause.ISSUE)]
    assert change.order.stages[0].blocked_since == NOW


@pytest.mark.parametrize("wanted", [{"status": RESOLVED, "blocking": True}, {"status": OPEN, "blocking": False}])
def test_an_issue_that_is_over_or_does_not_block_stops_nobody(wanted: dict[str, Any]) -> None:
    issue = an_issue(status=OPEN if wanted["status"] is RESOLVED else RESOLVED, blocking=True)
    change = answered(issue, order=an_order(in_progress()), **wanted)
    assert change.sessions == ()
    assert change.issues[0].blocking is wanted["blocking"]


def test_a_worker_withdraws_their_own_open_issue() -> None:
    change = answered(ISSUES["open"], VELI, **WITHDRAWAL)
    (issue,) = change.issues
    assert (issue.status, issue.cause, issue.resolved_by) == (RESOLVED, "withdrawn", "veli")
    assert change.order.stages[0].open_issues == ()


@pytest.mark.parametrize(
    ("actor", "wanted", "may"),
    [
        (VELI, {"status": RESOLVED}, ("withdraw",)),
        (VELI, {"status": ACK}, ("withdraw",)),
        (VELI, {"priority": Priority.CRITICAL}, ("withdraw",)),
        (VELI, WITHDRAWAL | {"action": "sorry"}, ("withdraw",)),
        (OYA, WITHDRAWAL, ()),
        (OYA, {"blocking": False}, ()),
    ],
)
def test_a_worker_may_nothing_else(actor: Actor, wanted: dict[str, Any], may: tuple[str, ...]) -> None:
    with pytest.raises(OnlyWithdrawal) as refusal:
        answered(ISSUES["open"], actor, **wanted)
    assert refusal.value.allowed == may


@pytest.mark.parametrize("known", ISSUES)
@pytest.mark.parametrize("actor", [PELIN, VELI, OYA], ids=["planner", "reporter", "another"])
def test_everybody_who_sees_an_issue_adds_notes_to_it(known: str, actor: Actor) -> None:
    issue = ISSUES[known]
    change = answered(issue, actor, note="Spare part ordered.")
    assert change.issues == (replace(issue, notes_count=1),)
    assert change.notes == (Note("c", issue.id, "Spare part ordered.", actor.user_id, NOW, NOW),)
    assert change.order == with_issue(issue)


def test_a_note_may_come_with_an_answer_and_with_a_withdrawal() -> None:
    seen = answered(ISSUES["open"], status=ACK, note="On my way.")
    assert (seen.issues[0].status, seen.issues[0].notes_count, len(seen.notes)) == (ACK, 1, 1)
    gone = answered(ISSUES["open"], VELI, **WITHDRAWAL, note="It was the fuse.")
    assert (gone.issues[0].status, gone.notes[0].text) == (RESOLVED, "It was the fuse.")


@pytest.mark.parametrize("known", ["acknowledged", "resolved"])
def test_what_somebody_answers_for_is_not_withdrawn_any_more(known: str) -> None:
    with pytest.raises(IllegalIssueTransition) as refusal:
        answered(ISSUES[known], VELI, **WITHDRAWAL)
    assert refusal.value.allowed == ()
