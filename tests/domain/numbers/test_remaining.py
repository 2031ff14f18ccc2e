"""What remains: the counts of active work, when more will be late, and which orders are counted wrongly."""

from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.domain.numbers.remaining import (
    IssueCounts,
    OrderRemaining,
    Remaining,
    changed,
    counted,
    miscounted,
)
from chalicelib.domain.orders.issues import IssueType, OpenIssue
from chalicelib.domain.orders.work_orders import Held, Order, Stage
from chalicelib.domain.priorities import Priority
from chalicelib.domain.tenant_settings import DEFAULT_SETTINGS, TenantSettings
from tests.domain.builders import FIRST, HOUR, MORNING, ORDER_ID, a_stage, an_issue, an_order, finished, in_progress

MILLISECOND = timedelta(milliseconds=1)
EVENING = MORNING + 12 * HOUR


def of(
    *stages: Stage,
    orders: tuple[Order, ...] = (),
    issues: tuple[Priority, ...] = (),
    settings: TenantSettings = DEFAULT_SETTINGS,
) -> OrderRemaining:
    return counted(orders, stages, issues, EVENING, settings)


def test_where_nothing_remains_all_is_nought() -> None:
    assert of() == OrderRemaining()
    assert of(finished()).counts == Remaining()


def test_an_order_that_ended_is_left_out_also_if_it_is_held() -> None:
    over = an_order(finished(), held=Held("no drawing", MORNING, "pelin"))

    assert of(orders=(over,)) == OrderRemaining()


@pytest.mark.parametrize("grace", [timedelta(0), HOUR])
def test_a_stage_is_late_once_its_planned_end_and_the_grace_have_passed(grace: timedelta) -> None:
    due = EVENING - grace
    stages = [a_stage(planned_end=due - MILLISECOND), in_progress(planned_end=due - HOUR), a_stage(planned_end=due)]

    found = of(*stages, settings=replace(DEFAULT_SETTINGS, grace=grace))

    assert (found.counts.stages, found.counts.late_stages, found.late_after) == (3, 2, EVENING)


def test_more_is_late_after_the_earliest_end_that_has_not_passed_of_a_stage_or_an_order() -> None:
    ends = [EVENING + 2 * HOUR, EVENING + 3 * HOUR, EVENING - HOUR]
    order = an_order(planned_end=EVENING + HOUR)

    assert of(*(a_stage(planned_end=end) for end in ends)).late_after == EVENING + 2 * HOUR
    assert of(*(a_stage(planned_end=end) for end in ends), orders=(order,)).late_after == EVENING + HOUR
    assert of(a_stage(planned_end=EVENING - HOUR)).late_after is None


def test_held_are_orders_and_late_orders_are_counted_for_themselves() -> None:
    held = Held("no drawing", MORNING, "pelin")
    late = an_order(planned_end=EVENING - HOUR)

    counts = of(orders=(an_order(held=held, planned_end=EVENING), late)).counts

    assert (counts.orders, counts.held, counts.late_orders, counts.late_stages) == (2, 1, 1, 0)


def test_blocked_is_a_stage_with_an_open_issue_that_blocks_it() -> None:
    blocking, harmless = OpenIssue(IssueType.TOOLING, "1", MORNING), OpenIssue(IssueType.QUALITY, "2")
    stages = [a_stage(open_issues=(harmless, blocking)), a_stage(open_issues=(harmless,)), a_stage()]

    assert of(*stages).counts.blocked == 1


def test_issues_are_counted_by_how_much_they_hurt() -> None:
    counts = of(issues=(Priority.HIGH, Priority.LOW, Priority.HIGH)).counts

    assert counts.issues.by_priority == {
        Priority.LOW: 1,
        Priority.NORMAL: 0,
        Priority.HIGH: 2,
        Priority.CRITICAL: 0,
    }
    assert counts.inputs == 3


def test_the_counts_of_a_plant_follow_those_of_an_order() -> None:
    plant = Remaining(stages=5, orders=3, late_stages=2, issues=IssueCounts(normal=1))
    before, after = Remaining(stages=2, late_stages=1), Remaining(stages=1, held=1, issues=IssueCounts(normal=1))

    assert changed(plant, before, after) == Remaining(
        stages=4, orders=3, late_stages=1, held=1, issues=IssueCounts(normal=2)
    )
    assert changed(changed(plant, before, after), after, before) == plant


def test_miscounted_are_the_orders_that_are_noted_otherwise_or_not_at_all() -> None:
    order, stage, issue, on_machine = an_order(), a_stage(), an_issue(), an_issue(work_order_id=None, machine_id="M1")
    right = counted([order], [stage], [issue.priority], EVENING, DEFAULT_SETTINGS)
    gone = OrderRemaining(Remaining(orders=1))

    def found(noted: dict[str, OrderRemaining]) -> list[str]:
        return miscounted([order], [stage], [issue, on_machine], noted, EVENING, DEFAULT_SETTINGS)

    assert FIRST.startswith(ORDER_ID)
    assert found({ORDER_ID: right}) == []
    assert found({}) == [ORDER_ID]
    assert found({ORDER_ID: right, "over": gone}) == ["over"]
    assert found({ORDER_ID: replace(right, late_after=EVENING)}) == [ORDER_ID]
