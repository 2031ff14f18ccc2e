"""The summary: the counts of active work, and the sessions that count as forgotten."""

from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.domain.numbers.summary import Now, as_it_stands
from chalicelib.domain.orders.issues import Issue, IssueType, OpenIssue, Priority
from chalicelib.domain.orders.work_orders import Held, Order, Stage
from chalicelib.domain.tenants import DEFAULT_SETTINGS, TenantSettings
from tests.domain.builders import FIRST, HOUR, MORNING, SECOND, a_stage, an_order, at_work, in_progress, paused

MILLISECOND = timedelta(milliseconds=1)
EVENING = MORNING + 12 * HOUR


def summed(
    *stages: Stage,
    orders: tuple[Order, ...] = (),
    issues: tuple[Issue, ...] = (),
    settings: TenantSettings = DEFAULT_SETTINGS,
) -> Now:
    return as_it_stands(stages, orders, issues, EVENING, settings)


def an_issue(name: str, priority: Priority) -> Issue:
    return Issue(name, "order", FIRST, IssueType.QUALITY, "scratches", MORNING, "veli", MORNING, priority)


def test_an_empty_plant_is_all_noughts() -> None:
    assert summed() == Now(0, 0, 0, 0, 0, dict.fromkeys(Priority, 0), (), EVENING, 0)


def test_what_runs_is_a_stage_with_somebody_at_work() -> None:
    due = EVENING + HOUR
    now = summed(
        a_stage(planned_end=due), paused(planned_end=due), in_progress(at_work(), at_work("oya"), planned_end=due)
    )

    assert (now.running, now.late_stages, now.inputs_count) == (1, 0, 3)


@pytest.mark.parametrize("grace", [timedelta(0), HOUR])
def test_a_stage_is_late_once_its_planned_end_and_the_grace_have_passed(grace: timedelta) -> None:
    due = EVENING - grace
    stages = [a_stage(planned_end=due - MILLISECOND), in_progress(planned_end=due - HOUR), a_stage(planned_end=due)]

    assert summed(*stages, settings=replace(DEFAULT_SETTINGS, grace=grace)).late_stages == 2


def test_held_are_orders() -> None:
    held = Held("no drawing", MORNING, "pelin")

    assert summed(orders=(an_order(held=held), an_order(), an_order(held=held))).held == 2


def test_blocked_is_a_stage_with_an_open_issue_that_blocks_it() -> None:
    blocking, harmless = OpenIssue(IssueType.TOOLING, "1", MORNING), OpenIssue(IssueType.QUALITY, "2")
    stages = [a_stage(open_issues=(harmless, blocking)), a_stage(open_issues=(harmless,)), a_stage()]

    assert summed(*stages).blocked == 1


def test_issues_are_counted_by_how_much_they_hurt() -> None:
    issues = (an_issue("1", Priority.HIGH), an_issue("2", Priority.LOW), an_issue("3", Priority.HIGH))

    assert summed(issues=issues).open_issues == {
        Priority.LOW: 1,
        Priority.NORMAL: 0,
        Priority.HIGH: 2,
        Priority.CRITICAL: 0,
    }


def test_forgotten_is_what_has_been_open_for_longer_than_the_plant_allows_oldest_first() -> None:
    oldest, older, just = (
        at_work(name, EVENING - 2 * HOUR - n * MILLISECOND) for n, name in ((2, "a"), (1, "b"), (0, "c"))
    )
    stages = [in_progress(just, older), in_progress(oldest, position=2)]

    now = summed(*stages, orders=(an_order(),), settings=replace(DEFAULT_SETTINGS, forgotten_after=2 * HOUR))

    assert [(each.stage_id, each.order_number, each.session) for each in now.forgotten] == [
        (SECOND, "N-1", oldest),
        (FIRST, "N-1", older),
    ]


def test_a_forgotten_session_is_shown_although_its_order_is_not_listed_yet() -> None:
    (forgotten,) = summed(in_progress(at_work(since=MORNING - HOUR))).forgotten

    assert forgotten.order_number is None
