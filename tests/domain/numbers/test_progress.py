"""How far an order is, as its head tells it; and how it keeps its plan, as the metrics have it."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from chalicelib.domain.numbers.order_metrics import of_order
from chalicelib.domain.numbers.progress import OrderProgress, adherence_of, progress_of
from chalicelib.domain.orders.flows import Progress
from chalicelib.domain.orders.issues import IssueType, OpenIssue
from chalicelib.domain.orders.statuses import OrderStatus, StageStatus
from chalicelib.domain.priorities import Priority
from chalicelib.domain.tenant_settings import DEFAULT_SETTINGS
from tests.domain.builders import HOUR, MINUTE, MORNING, a_stage, an_order, finished, paused

NO_ISSUES = dict.fromkeys(Priority, 0)
SKIPPED: dict[str, Any] = {"status": StageStatus.SKIPPED, "ended_at": MORNING}


def an_open_issue(name: str, priority: Priority | None) -> OpenIssue:
    return OpenIssue(IssueType.QUALITY, name, priority=priority)


def counts(told: OrderProgress) -> list[Decimal | int | None]:
    """What is counted of pieces and stages."""
    return [told.good, told.stages_done, told.stages_skipped, told.stages_total]


def test_progress_is_the_good_of_the_last_stage_and_how_many_are_done() -> None:
    order = an_order(finished(good=Decimal(9)), finished(position=2, good=Decimal(8)), paused(position=3))
    told = progress_of(order)
    assert counts(told) == [0, 2, 0, 3]
    assert (told.open_issues, told.reasons) == (NO_ISSUES, {})


def test_what_comes_out_of_an_order_comes_out_of_the_last_stage_that_is_not_skipped() -> None:
    told = progress_of(an_order(finished(good=Decimal(9)), a_stage(2, **SKIPPED)))
    assert counts(told) == [9, 1, 1, 2]


def test_nothing_comes_out_of_an_order_whose_stages_are_all_skipped() -> None:
    told = progress_of(an_order(a_stage(**SKIPPED)))
    assert (told.good, told.reasons) == (None, {"good": "skipped"})


def test_open_issues_are_counted_over_all_stages_by_priority() -> None:
    high, low = Priority.HIGH, Priority.LOW
    first = paused(open_issues=(an_open_issue("1", high), an_open_issue("2", low)))
    told = progress_of(an_order(first, paused(position=2, open_issues=(an_open_issue("3", high),))))
    assert told.open_issues == NO_ISSUES | {high: 2, low: 1}


def test_an_issue_whose_priority_is_not_known_makes_the_count_unknown() -> None:
    told = progress_of(an_order(paused(open_issues=(an_open_issue("1", None), an_open_issue("2", Priority.LOW)))))
    assert (told.open_issues, told.stages_total, told.reasons) == (None, 1, {"open_issues": "not_recorded"})


def test_a_head_that_was_written_before_tells_what_it_knows() -> None:
    before = replace(an_order(finished(good=Decimal(9))), progress=(Progress(StageStatus.DONE, Decimal(9)),))
    told = progress_of(before)
    assert (counts(told), told.open_issues) == ([9, 1, 0, 1], None)
    assert told.reasons == {"open_issues": "not_recorded"}


def test_a_head_that_was_written_before_it_told_of_stages_tells_nothing_of_them() -> None:
    told = progress_of(replace(an_order(), progress=()))
    assert {value for name, value in vars(told).items() if name != "reasons"} == {None}
    assert told.reasons == dict.fromkeys((name for name in vars(told) if name != "reasons"), "not_recorded")


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"planned_end": MORNING + 2 * HOUR - MINUTE},
        {"planned_end": MORNING + 3 * HOUR},
        {"status": OrderStatus.CANCELLED},
    ],
)
@pytest.mark.parametrize("ended", [None, MORNING + 90 * MINUTE, MORNING + 4 * HOUR])
@pytest.mark.parametrize("grace", [timedelta(0), MINUTE, HOUR])
def test_delay_and_lateness_are_those_of_the_metrics(fields: dict[str, Any], ended: Any, grace: timedelta) -> None:
    order = replace(an_order(), ended_at=ended, **fields)
    now, settings = MORNING + 2 * HOUR, replace(DEFAULT_SETTINGS, grace=grace)
    metrics = of_order(order, (), now, settings).metrics

    shown = adherence_of(replace(order, stages=()), now, settings)

    assert (shown.delay_minutes, shown.is_late) == (metrics["delay"].value, metrics["is_late"].value)
    cancelled = {"delay_minutes": "cancelled", "is_late": "cancelled"}
    assert shown.reasons == (cancelled if order.is_cancelled else {})
