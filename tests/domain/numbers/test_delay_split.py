"""The delay of a stage and of an order split by its causes: the parts add up to the delay exactly."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.intervals import Interval
from chalicelib.domain.numbers.metrics import Measured
from chalicelib.domain.orders.issues import IssueType, OpenIssue
from chalicelib.domain.orders.session_records import Session
from chalicelib.domain.orders.statuses import OrderStatus, StageStatus
from chalicelib.domain.orders.work_orders import Held, Order
from tests.domain.builders import HOUR, MINUTE, MORNING, SECOND, a_session, an_order, finished, paused
from tests.domain.measuring import PARTS, order_measured, reasons, stage_measured, values

MILLISECOND = timedelta(milliseconds=1)


def span(start: int, end: int) -> Interval:
    """Minutes after the morning."""
    return MORNING + start * MINUTE, MORNING + end * MINUTE


def sessions(*spans: tuple[int, int]) -> list[Session]:
    return [a_session(*span(*each)) for each in spans]


def done(
    worked: Sequence[tuple[int, int]],
    *,
    end: int,
    blocks: tuple[Interval, ...] | None = (),
    holds: tuple[Interval, ...] | None = (),
    **fields: Any,
) -> Order:
    """A stage of 60 planned minutes that was done, in an order of two hours."""
    times = {"started_at": span(min(each[0] for each in worked), 0)[0], "ended_at": span(0, end)[1]}
    stage = finished(planned_end=MORNING + HOUR, blocks=blocks, **times, **fields)
    return an_order(stage, holds=holds)


def split(worked: Sequence[tuple[int, int]], **fields: Any) -> list[Any]:
    return values(stage_measured(done(worked, **fields), *sessions(*worked)), *PARTS)


def test_what_was_not_worked_is_blocked_then_held_then_paused() -> None:
    worked = [(10, 40), (100, 120), (150, 160)]
    blocks, holds = (span(45, 60),), (span(50, 70),)
    assert split(worked, end=170, blocks=blocks, holds=holds) == [10, 15, 10, 75, 0]


@pytest.mark.parametrize(
    ("worked", "end", "parts"),
    [
        ([(0, 60)], 60, [0, 0, 0, 0, 0]),
        ([(0, 90)], 90, [0, 0, 0, 0, 30]),
        ([(30, 90)], 90, [30, 0, 0, 0, 0]),
        ([(-20, 20)], 20, [-20, 0, 0, 0, -20]),
        ([(0, 20), (50, 60)], 80, [0, 0, 0, 50, -30]),
    ],
)
def test_a_stage_begins_late_pauses_or_takes_longer(worked: Any, end: int, parts: list[int]) -> None:
    assert split(worked, end=end) == parts
    assert sum(parts) == end - 60


def test_time_that_was_worked_is_never_blocked_or_held_too() -> None:
    assert split([(0, 60)], end=60, blocks=(span(-5, 90),), holds=(span(-5, 90),)) == [0, 0, 0, 0, 0]


def test_an_issue_that_still_blocks_and_a_hold_that_still_lasts_are_counted_until_the_end() -> None:
    order = done([(0, 30)], end=90)
    blocked = OpenIssue(IssueType.TOOLING, "i1", span(40, 0)[0])
    stage = replace(order.stages[0], open_issues=(blocked,))
    both = replace(order, stages=(stage,), held=Held("audit", span(30, 0)[0], "pelin"))
    assert values(stage_measured(both, *sessions((0, 30))), *PARTS) == [0, 50, 10, 0, -30]
    later = replace(order, held=Held("audit", span(100, 0)[0], "pelin"))
    assert values(stage_measured(later, *sessions((0, 30))), *PARTS) == [0, 0, 0, 60, -30]


@pytest.mark.parametrize(
    ("unknown", "not_recorded"),
    [("blocks", ["delay_blocked", "delay_held", "delay_paused"]), ("holds", ["delay_held", "delay_paused"])],
)
def test_what_was_not_recorded_is_null_and_the_rest_is_known(unknown: str, not_recorded: list[str]) -> None:
    order = done([(10, 40)], end=60, **{unknown: None})
    measured = stage_measured(order, *sessions((10, 40)))
    assert [name for name in PARTS if measured.metrics[name].reason == "not_recorded"] == not_recorded
    assert values(measured, "delay_start", "delay_run") == [10, -30]


@pytest.mark.parametrize("status", [StageStatus.SKIPPED, StageStatus.CANCELLED])
def test_what_was_given_up_has_no_delay_to_split(status: StageStatus) -> None:
    measured = stage_measured(an_order(paused(status=status, ended_at=MORNING + HOUR)))
    assert {name: reasons(measured)[name] for name in PARTS} == dict.fromkeys(PARTS, status.value)


def test_a_stage_that_was_done_without_work_has_no_run_to_split_by() -> None:
    measured = stage_measured(an_order(finished(started_at=None)))
    assert {name: reasons(measured)[name] for name in PARTS} == dict.fromkeys(PARTS, "no_run")


def test_an_orders_delay_is_that_of_the_stage_that_ended_last_and_its_reserve() -> None:
    first = done([(0, 30)], end=30).stages[0]
    second = finished(
        position=2, id=SECOND, planned_start=MORNING + HOUR, planned_end=MORNING + 100 * MINUTE, blocks=(),
        started_at=span(70, 0)[0], ended_at=span(0, 150)[1],
    )  # fmt: skip
    order = an_order(first, second, holds=(span(110, 115),))
    worked = [*sessions((0, 30)), a_session(*span(70, 110), stage=SECOND), a_session(*span(120, 150), stage=SECOND)]
    measured = order_measured(order, *worked)
    assert values(measured, *PARTS, "delay_reserve", "delay") == [10, 0, 5, 5, 30, -20, 30]
    open_still = order_measured(an_order(first, paused(position=2, id=SECOND)), *worked)
    assert {reasons(open_still)[name] for name in (*PARTS, "delay_reserve")} == {"not_done"}


def test_of_stages_that_ended_at_once_the_done_one_and_then_the_last_counts() -> None:
    late = {"started_at": span(20, 0)[0], "ended_at": span(0, 60)[1], "blocks": ()}
    skipped = finished(position=2, id=SECOND, status=StageStatus.SKIPPED, ended_at=span(0, 60)[1])
    worked = a_session(*span(20, 60))
    order = an_order(finished(**late), skipped, holds=())
    assert values(order_measured(order, worked), "delay_start", "delay_reserve") == [20, 0]
    after = replace(skipped, ended_at=span(0, 61)[1])
    measured = order_measured(an_order(finished(**late), after, holds=()), worked)
    assert {reasons(measured)[name] for name in (*PARTS, "delay_reserve")} == {"skipped"}


def test_a_cancelled_order_has_no_delay_to_split() -> None:
    order = an_order(finished(), status=OrderStatus.CANCELLED)
    assert {reasons(order_measured(order))[name] for name in (*PARTS, "delay_reserve")} == {"cancelled"}


def instants(most: int) -> st.SearchStrategy[Any]:
    """Up to six pairs of instants, in milliseconds, in any order and overlapping."""
    return st.lists(st.tuples(st.integers(0, most), st.integers(0, most)).map(sorted), max_size=6)


def as_spans(pairs: Any) -> tuple[Interval, ...]:
    return tuple((MORNING + start * MILLISECOND, MORNING + end * MILLISECOND) for start, end in pairs)


def parts_of(measured: Measured, *names: str) -> int:
    """The sum of the numerators, which are not rounded, in whole milliseconds."""
    return sum(round(Decimal(measured.metrics[name].numerator or 0) * 60_000) for name in names)


@given(worked=instants(10**7), blocks=instants(10**7), holds=instants(10**7), tail=st.integers(0, 10**6))
def test_the_parts_add_up_to_the_delay_exactly(worked: Any, blocks: Any, holds: Any, tail: int) -> None:
    intervals = as_spans([*worked, [7, 11]])
    last = max(end for _, end in intervals)
    ended = last + tail * MILLISECOND
    stage = finished(started_at=min(start for start, _ in intervals), ended_at=ended, blocks=as_spans(blocks))
    order = an_order(stage, holds=as_spans(holds), planned_end=MORNING + 5 * HOUR)
    measured = [a_session(*each) for each in intervals]
    of_stage = stage_measured(order, *measured)
    assert parts_of(of_stage, *PARTS) == parts_of(of_stage, "delay")
    for name in ("delay_blocked", "delay_held", "delay_paused"):
        assert parts_of(of_stage, name) >= 0
    of_order = order_measured(order, *reversed(measured))
    assert parts_of(of_order, *PARTS, "delay_reserve") == parts_of(of_order, "delay")
