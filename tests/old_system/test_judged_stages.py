"""What becomes of a stage of the old system, and of its issues."""

from datetime import UTC, datetime
from typing import Any

import pytest

from chalicelib.domain.orders.issues import IssueStatus, IssueType
from infra.old_system.verdicts import Outcome
from tests.old_system.rows import ISSUE, STAGE, issue_of, judge, order_of, stage_of, utc, verdict
from tests.old_system.rows import ORDER as ORDERED

COMES, DOUBTFUL, STAYS = Outcome.COMES, Outcome.DOUBTFUL, Outcome.STAYS


# --- stages ---

START, END, LONG_AGO = "2025-11-03T08:00:00", "2025-11-03T10:00:00", "2020-01-01T00:00:00"
PAUSE = {"paused_at": "2025-11-03T08:30:00"}


@pytest.mark.parametrize(
    ("fields", "spans", "done_at", "outcome"),
    [
        ({}, (), None, COMES),
        ({"status": None}, (), None, COMES),
        ({"status": "done", "actual_start": START, "actual_end": END}, ((utc(8), utc(10)),), utc(10), COMES),
        (
            {"status": "done", "actual_start": START, "actual_end": END, **PAUSE, "resumed_at": "2025-11-03T09:00:00"},
            ((utc(8), utc(8, 30)), (utc(9), utc(10))), utc(10), COMES,
        ),
        (
            {"status": "done", "actual_start": START, "actual_end": END, **PAUSE, "resumed_at": "2025-11-03T11:00:00"},
            ((utc(8), utc(10)),), utc(10), COMES,
        ),
        ({"status": "done", "actual_end": END}, ((utc(10), utc(10)),), utc(10), DOUBTFUL),
        ({"status": "done", "actual_start": START}, ((utc(8), utc(8)),), utc(8), DOUBTFUL),
        ({"status": "done"}, ((utc(9), utc(9)),), utc(9), DOUBTFUL),
        ({"status": "done", "actual_start": END, "actual_end": START}, ((utc(8), utc(8)),), utc(8), DOUBTFUL),
        ({"status": "done", "actual_start": LONG_AGO, "actual_end": END}, ((utc(10), utc(10)),), utc(10), DOUBTFUL),
        ({"status": "paused", "actual_start": START, "paused_at": END}, ((utc(8), utc(10)),), None, COMES),
        ({"status": "paused", "actual_start": START}, ((utc(8), utc(8)),), None, DOUBTFUL),
        ({"status": "paused", "actual_start": END, "paused_at": START}, ((utc(10), utc(10)),), None, DOUBTFUL),
        ({"status": "paused", "paused_at": END}, (), None, DOUBTFUL),
        ({"status": "in_progress", "actual_start": START}, ((utc(8), None),), None, COMES),
        ({"status": "in_progress"}, (), None, DOUBTFUL),
        ({"status": "in_progress", "actual_start": LONG_AGO}, None, None, DOUBTFUL),
        (
            {"status": "in_progress", "actual_start": START, "paused_at": "2025-11-03T08:30:00", "resumed_at": END},
            ((utc(8), utc(8, 30)), (utc(10), None)), None, COMES,
        ),
        ({"status": "planned", "actual_start": START}, (), None, DOUBTFUL),
        ({"status": "in_progress", "actual_start": "2027-01-01T00:00:00"}, (), None, DOUBTFUL),
        ({"status": "gone", "actual_start": START, "actual_end": END}, ((utc(8), utc(10)),), utc(10), DOUBTFUL),
        ({"status": "gone", "actual_start": START}, ((utc(8), None),), None, DOUBTFUL),
        ({"status": "gone"}, (), None, DOUBTFUL),
    ],
)  # fmt: skip
def test_work_on_a_stage(fields: dict[str, Any], spans: Any, done_at: datetime | None, outcome: Outcome) -> None:
    stage, told = stage_of(**fields)
    if spans is None:
        began = datetime(2020, 1, 1, tzinfo=UTC)
        spans = ((began, began),)
    assert (stage.spans, stage.done_at, told.outcome) == (spans, done_at, outcome)
    assert outcome is COMES or (told.reason and told.way_out)


def test_a_stage_of_no_order_stays() -> None:
    found = judge(work_orders=[ORDERED], work_order_stages=[{**STAGE, "work_order_id": 777}])
    told = verdict(found, "work_order_stages")
    assert (told.outcome, told.reason) == (STAYS, "Order 777 is not there, or stays.")


def test_a_stage_without_a_name_gets_one() -> None:
    stage, told = stage_of(stage_name="  ")
    assert (stage.name, told.outcome) == ("Aşama 1", DOUBTFUL)


def test_a_plan_of_a_stage_is_within_that_of_its_order() -> None:
    stages = [
        {**STAGE, "id": 1, "planned_start": "2025-11-03T09:00:00", "planned_end": "2025-11-03T11:00:00"},
        {**STAGE, "id": 2, "planned_start": "2025-11-04T09:00:00", "planned_end": "2025-11-04T11:00:00"},
        {**STAGE, "id": 3},
    ]
    order, _ = order_of(stages)
    assert [stage.window for stage in order.stages] == [(utc(7), utc(8)), (utc(7), utc(9)), (utc(7), utc(9))]
    assert [stage.window for stage in order_of()[0].stages] == [None]


# --- issues ---


@pytest.mark.parametrize(
    ("word", "text", "kind", "description", "outcome"),
    [
        ("quality", "x", IssueType.QUALITY, "x", COMES),
        ("machine_breakdown", "x", IssueType.MACHINE_FAILURE, "x", COMES),
        ("Arıza", "x", IssueType.MACHINE_FAILURE, "Arıza: x", COMES),
        ("machine_breakdown", None, IssueType.MACHINE_FAILURE, "machine_breakdown", COMES),
        ("diğer", "", IssueType.OTHER, "diğer", COMES),
        ("quality", " ", IssueType.QUALITY, "quality", COMES),
        ("weather", "rain", IssueType.OTHER, "weather: rain", DOUBTFUL),
        (None, None, IssueType.OTHER, "other", DOUBTFUL),
        ("quality", "a\u200bb", IssueType.QUALITY, "quality", DOUBTFUL),
    ],
)
def test_types_of_issues(
    word: str | None, text: str | None, kind: IssueType, description: str, outcome: Outcome
) -> None:
    (issue,), told = issue_of(type=word, description=text, created_by=4)
    assert (issue.type, issue.description, told.outcome) == (kind, description, outcome)


LATER, LATEST = "2025-11-03T09:10:00", "2025-11-03T09:40:00"


@pytest.mark.parametrize(
    ("fields", "status", "answers", "outcome"),
    [
        ({"status": "open", "resolved_at": LATER}, IssueStatus.OPEN, (None, None), COMES),
        ({"status": "acknowledged", "acknowledged_at": LATER}, IssueStatus.ACK, (utc(9, 10), None), COMES),
        (
            {"status": "resolved", "acknowledged_at": LATER, "resolved_at": LATEST},
            IssueStatus.RESOLVED, (utc(9, 10), utc(9, 40)), COMES,
        ),
        ({"status": "resolved", "resolved_at": LATEST}, IssueStatus.RESOLVED, (None, utc(9, 40)), COMES),
        ({"status": "resolved"}, IssueStatus.RESOLVED, (None, utc(9)), DOUBTFUL),
        ({"status": "acknowledged"}, IssueStatus.ACK, (utc(9), None), DOUBTFUL),
        ({"status": "acknowledged", "acknowledged_at": START}, IssueStatus.ACK, (utc(9), None), DOUBTFUL),
        ({"status": "resolved", "resolved_at": START}, IssueStatus.RESOLVED, (None, utc(9)), DOUBTFUL),
        ({"status": "resolved", "resolved_at": "2031-01-01T00:00:00"}, IssueStatus.RESOLVED, (None, utc(9)), DOUBTFUL),
        ({"status": "lost"}, IssueStatus.OPEN, (None, None), DOUBTFUL),
    ],
)  # fmt: skip
def test_answers_of_issues(fields: dict[str, Any], status: IssueStatus, answers: Any, outcome: Outcome) -> None:
    (issue,), told = issue_of(created_by=4, **fields)
    assert (issue.status, (issue.acknowledged_at, issue.resolved_at), told.outcome) == (status, answers, outcome)


def test_an_issue_without_a_time_is_as_old_as_its_order() -> None:
    (issue,), told = issue_of(created_at=None)
    assert (issue.created_at, told.outcome) == (utc(7), DOUBTFUL)
    assert issue_of(created_at="soon")[1].outcome is DOUBTFUL


@pytest.mark.parametrize("reporter", [None, 99])
def test_what_nobody_reported_was_reported_by_the_planner(reporter: int | None) -> None:
    (issue,), told = issue_of(created_by=reporter)
    assert (issue.created_by, told.outcome) == (None, COMES)
    assert "planner" in str(told.reason)
    assert issue_of(created_by=4)[0][0].created_by == 4


def test_two_open_issues_of_a_type_become_one() -> None:
    second = {**ISSUE, "id": 2, "created_at": "2025-11-03T09:20:00"}
    found = judge(work_orders=[ORDERED], work_order_stages=[STAGE], issues=[ISSUE, second])
    assert [verdict(found, "issues", n).outcome for n in (1, 2)] == [COMES, DOUBTFUL]
    answered = {**ISSUE, "status": "resolved", "resolved_at": LATER}
    found = judge(work_orders=[ORDERED], work_order_stages=[STAGE], issues=[answered, second])
    assert [verdict(found, "issues", n).outcome for n in (1, 2)] == [COMES, COMES]
