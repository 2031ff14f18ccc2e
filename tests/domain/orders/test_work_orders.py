"""An order's status and times from its stages, and who may see the stages."""

from dataclasses import replace

import pytest

from chalicelib.domain.orders.issues import IssueType, OpenIssue
from chalicelib.domain.orders.statuses import OrderStatus, StageStatus
from chalicelib.domain.orders.work_orders import OrderNotFound, StageNotFound, order_id_of, settled, stage_id
from tests.domain.builders import (
    ADA,
    FIRST,
    HOUR,
    MORNING,
    OYA,
    PELIN,
    SECOND,
    VELI,
    a_stage,
    an_order,
    at_work,
    finished,
    in_progress,
    paused,
)


def test_an_order_with_nothing_begun_stays_planned() -> None:
    order = settled(an_order(a_stage(1), a_stage(2)))
    assert (order.status, order.started_at, order.ended_at) == (OrderStatus.PLANNED, None, None)


@pytest.mark.parametrize("begun", [in_progress(), paused(), finished()])
def test_an_order_is_in_progress_from_its_first_start(begun: object) -> None:
    order = an_order(a_stage(1), a_stage(2)).with_stage(begun)  # type: ignore[arg-type]  # a stage, as parameters go
    assert (order.status, order.started_at, order.ended_at) == (OrderStatus.IN_PROGRESS, MORNING, None)


def test_an_order_is_done_with_its_last_stage_and_ends_when_the_latest_of_them_did() -> None:
    late = finished(position=2, id=SECOND, started_at=MORNING - HOUR, ended_at=MORNING + 5 * HOUR)
    order = an_order(a_stage(1), late).with_stage(finished())
    assert order.status is OrderStatus.DONE
    assert (order.started_at, order.ended_at) == (MORNING - HOUR, MORNING + 5 * HOUR)


def test_changing_one_stage_leaves_the_others_and_the_order_given_as_they_were() -> None:
    before = an_order(a_stage(1), a_stage(2))
    after = before.with_stage(replace(before.stages[1], name="Boya"))
    assert [stage.name for stage in after.stages] == ["Montaj", "Boya"]
    assert [stage.name for stage in before.stages] == ["Montaj", "Montaj"]
    assert after.stages[0] is before.stages[0]


def test_a_stage_is_found_by_its_id_only() -> None:
    order = an_order(a_stage(1), a_stage(2))
    assert order.stage(SECOND) is order.stages[1]
    with pytest.raises(StageNotFound):
        order.stage(stage_id("order", 3))


def test_planners_and_admins_see_every_stage() -> None:
    order = an_order(a_stage(1, assignee_ids=()), a_stage(2))
    for actor in (ADA, PELIN):
        assert order.seen_by(actor) == order
        assert order.stage_seen_by(actor, FIRST) is order.stages[0]


def test_a_worker_sees_only_the_stages_assigned_to_them() -> None:
    order = an_order(a_stage(1, assignee_ids=("oya",)), a_stage(2))
    assert [stage.id for stage in order.seen_by(VELI).stages] == [SECOND]
    with pytest.raises(StageNotFound):
        order.stage_seen_by(VELI, FIRST)


def test_somebody_unassigned_still_sees_the_stage_they_are_at_work_on() -> None:
    order = an_order(in_progress(at_work("oya"), assignee_ids=("veli",)))
    assert order.stage_seen_by(OYA, FIRST) is order.stages[0]


def test_a_worker_with_no_stage_of_an_order_learns_nothing_about_it() -> None:
    with pytest.raises(OrderNotFound):
        an_order().seen_by(OYA)


def test_somebody_elses_stage_and_no_stage_are_told_in_the_same_words() -> None:
    order = an_order(a_stage(1), a_stage(2, assignee_ids=("oya",)))
    missing = stage_id("order", 9)
    with pytest.raises(StageNotFound) as hidden:
        order.stage_seen_by(VELI, SECOND)
    with pytest.raises(StageNotFound) as absent:
        order.stage_seen_by(VELI, missing)
    assert hidden.value.detail.replace(SECOND, missing) == absent.value.detail


def test_a_stage_id_holds_its_orders_id() -> None:
    assert stage_id("a-b_c", 7) == "a-b_c-07"
    assert order_id_of("a-b_c-07") == "a-b_c"


@pytest.mark.parametrize("text", ["", "x", "-01", "x-", "x-1a", "x-²", "x01"])
def test_what_is_no_stage_id_is_no_stage(text: str) -> None:
    with pytest.raises(StageNotFound):
        order_id_of(text)


def test_a_stage_has_ended_once_it_is_done_skipped_or_cancelled() -> None:
    ended = {status for status in StageStatus if a_stage(status=status).ended}
    assert ended == {StageStatus.DONE, StageStatus.SKIPPED, StageStatus.CANCELLED}


def test_a_stage_is_idle_since_its_last_session_only_while_none_is_open() -> None:
    assert a_stage().idle_since is None
    assert paused().idle_since == MORNING + HOUR
    assert in_progress(last_session_end=MORNING).idle_since is None


def test_an_open_issue_is_found_by_its_type() -> None:
    stage = a_stage(open_issues=(OpenIssue(IssueType.QUALITY, "order-i1"),))
    assert stage.open_issue(IssueType.QUALITY) == "order-i1"
    assert stage.open_issue(IssueType.SAFETY) is None


@pytest.mark.parametrize("since", [(1, 2, None), (2, 1, None), (None, 2, 1)])
def test_a_stage_is_blocked_since_the_first_of_the_issues_that_block_it(since: tuple[int | None, ...]) -> None:
    issues = tuple(
        OpenIssue(kind, f"order-i{kind}", None if hours is None else MORNING + hours * HOUR)
        for kind, hours in zip(IssueType, since, strict=False)
    )
    assert a_stage(open_issues=issues).blocked_since == MORNING + HOUR
    assert a_stage(open_issues=tuple(issue for issue in issues if not issue.blocks_since)).blocked_since is None
