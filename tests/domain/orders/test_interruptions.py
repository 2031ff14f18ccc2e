"""An order keeps when it was held, and a stage when it was blocked, so that a delay can be split by its causes."""

from datetime import datetime
from typing import Any

import pytest

from chalicelib.domain.andon import issues
from chalicelib.domain.intervals import Interval
from chalicelib.domain.orders.commands import Because, Command, Subject
from chalicelib.domain.orders.interruptions import MOST_KEPT, Kept, lengthened
from chalicelib.domain.orders.issues import ChangeIssue, Issue, IssueStatus, IssueType, OpenIssue
from chalicelib.domain.orders.work_orders import Order
from chalicelib.domain.planning import holding
from chalicelib.domain.tenant_settings import DEFAULT_SETTINGS
from tests.domain.builders import FIRST, HOUR, MINUTE, MORNING, ORDER_ID, PELIN, an_issue, an_order, paused

RESOLVED = IssueStatus.RESOLVED


def span(start: int, end: int) -> Interval:
    """Minutes after the morning."""
    return MORNING + start * MINUTE, MORNING + end * MINUTE


def after(order: Order, name: str, at: int) -> Order:
    rules: dict[str, Any] = {"hold": holding.hold, "release": holding.release, "cancel": holding.cancel}
    command = Command("c", name, ORDER_ID, Because("audit"), MORNING + at * MINUTE, subject=Subject.ORDER)
    held: Order = rules[name](order, PELIN, command, DEFAULT_SETTINGS).order
    return held


def answered(order: Order, issue: Issue, at: datetime, **wanted: Any) -> Order:
    command = Command("c", "change_issue", issue.id, ChangeIssue(**wanted), at, subject=Subject.ISSUE)
    return issues.change(order, PELIN, command, issue, DEFAULT_SETTINGS).order


@pytest.mark.parametrize("last", ["release", "cancel"])
def test_an_order_keeps_when_it_was_held(last: str) -> None:
    order = after(after(an_order(paused(), holds=()), "hold", 10), "release", 20)
    assert order.holds == (span(10, 20),)
    assert after(after(order, "hold", 30), last, 45).holds == (span(10, 20), span(30, 45))


def test_an_order_that_is_not_held_is_cancelled_without_a_hold() -> None:
    assert after(an_order(paused(), holds=()), "cancel", 10).holds == ()


def blocked_by(*open_issues: OpenIssue, blocks: Kept = ()) -> Order:
    return an_order(paused(open_issues=open_issues, blocks=blocks))


@pytest.mark.parametrize("lift", [{"status": RESOLVED}, {"blocking": False}])
def test_a_stage_keeps_when_an_issue_blocked_it(lift: dict[str, Any]) -> None:
    issue = an_issue(blocking=True)
    order = blocked_by(OpenIssue(issue.type, issue.id, MORNING))
    assert answered(order, issue, MORNING + HOUR, **lift).stage(FIRST).blocks == (span(0, 60),)
    assert answered(order, issue, MORNING + HOUR, note="on it").stage(FIRST).blocks == ()


def test_two_issues_at_once_block_a_stage_once() -> None:
    tool, safety = (an_issue(id=f"{ORDER_ID}-i{kind}", type=kind, blocking=True) for kind in ("tooling", "safety"))
    both = (
        OpenIssue(IssueType.TOOLING, tool.id, MORNING),
        OpenIssue(IssueType.SAFETY, safety.id, MORNING + 20 * MINUTE),
    )
    one = answered(blocked_by(*both), tool, MORNING + 30 * MINUTE, status=RESOLVED)
    assert (one.stage(FIRST).blocks, one.stage(FIRST).blocked_since) == ((span(0, 30),), span(20, 0)[0])
    assert answered(one, safety, MORNING + HOUR, status=RESOLVED).stage(FIRST).blocks == (span(0, 60),)


def test_what_an_earlier_release_opened_never_pretends_to_know() -> None:
    assert after(after(an_order(paused()), "hold", 10), "release", 20).holds is None
    issue = an_issue(blocking=True)
    order = blocked_by(OpenIssue(issue.type, issue.id, MORNING), blocks=None)
    assert answered(order, issue, MORNING + HOUR, status=RESOLVED).stage(FIRST).blocks is None


def test_more_interruptions_than_are_kept_are_not_known_rather_than_known_in_part() -> None:
    kept = lengthened((), [span(2 * n, 2 * n + 1) for n in range(MOST_KEPT)])
    assert kept is not None
    assert len(kept) == MOST_KEPT
    assert lengthened(kept, [span(0, 4)]) == (span(0, 5), *kept[3:])
    assert lengthened(kept, [span(1000, 1001)]) is None
    assert lengthened(None, [span(0, 1)]) is None
