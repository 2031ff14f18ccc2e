"""Skipping and reopening stages, and the effect on their order."""

from decimal import Decimal

import pytest

from chalicelib.domain.errors import InvalidFields
from chalicelib.domain.floor.stages import Report
from chalicelib.domain.orders.changes import UpstreamShort
from chalicelib.domain.orders.commands import Because
from chalicelib.domain.orders.flows import Flow
from chalicelib.domain.orders.statuses import OrderStatus, StageStatus
from chalicelib.domain.orders.transitions import OrderIsCancelled, StageNotReady, allowed
from tests.domain.builders import HOUR, MORNING, PELIN, SECOND, VELI, a_stage, an_order, finished, give, paused


def test_an_order_whose_stages_are_all_skipped_is_done() -> None:
    order = an_order(a_stage(), a_stage(position=2))
    once = give(order, PELIN, "skip").order
    assert once.status is OrderStatus.PLANNED
    twice = give(once, PELIN, "skip", stage=SECOND).order
    assert (twice.status, twice.started_at, twice.ended_at) == (OrderStatus.DONE, None, MORNING + 2 * HOUR)


def test_skipping_keeps_what_was_made() -> None:
    after = give(an_order(paused(good=Decimal(3)), a_stage(position=2)), PELIN, "skip").order.stages[0]
    assert (after.status, after.good, after.ended_at) == (StageStatus.SKIPPED, Decimal(3), MORNING + 2 * HOUR)


@pytest.mark.parametrize("name", ["skip", "reopen"])
def test_a_reason_is_asked_for(name: str) -> None:
    stage = finished() if name == "reopen" else a_stage()
    with pytest.raises(InvalidFields) as refusal:
        give(an_order(stage), PELIN, name, Because(""))
    assert [(error.field, error.code) for error in refusal.value.errors] == [("reason", "required")]


def test_a_stage_that_was_worked_on_is_reopened_as_paused_and_its_order_goes_on() -> None:
    order = an_order(finished())
    assert order.status is OrderStatus.DONE
    after = give(order, PELIN, "reopen").order
    assert (after.status, after.ended_at) == (OrderStatus.IN_PROGRESS, None)
    assert (after.stages[0].status, after.stages[0].ended_at) == (StageStatus.PAUSED, None)


def test_a_stage_that_nobody_worked_on_is_reopened_as_planned() -> None:
    skipped = a_stage(status=StageStatus.SKIPPED, ended_at=MORNING + HOUR)
    after = give(an_order(skipped, a_stage(position=2)), PELIN, "reopen").order
    assert after.stages[0].status is StageStatus.PLANNED
    assert after.status is OrderStatus.PLANNED
    alone = give(an_order(skipped), PELIN, "reopen").order
    assert alone.status is OrderStatus.IN_PROGRESS


def test_nothing_of_a_cancelled_order_is_reopened() -> None:
    order = an_order(finished(), status=OrderStatus.CANCELLED)
    with pytest.raises(OrderIsCancelled) as refusal:
        give(order, PELIN, "reopen")
    assert refusal.value.allowed == ("book",)


def test_in_a_sequential_flow_the_next_stage_waits_and_reopening_lets_it_wait_again() -> None:
    order = an_order(a_stage(), a_stage(position=2), flow=Flow.SEQUENTIAL)
    with pytest.raises(StageNotReady):
        give(order, VELI, "start", stage=SECOND)
    assert "start" not in allowed(order, order.stages[1], VELI)
    done = give(give(order, VELI, "start").order, VELI, "done", at=MORNING + 3 * HOUR).order
    assert "start" in allowed(done, done.stages[1], VELI)
    reopened = give(done, PELIN, "reopen").order
    with pytest.raises(StageNotReady):
        give(reopened, VELI, "start", stage=SECOND)


def test_in_a_streaming_flow_nothing_comes_out_that_did_not_go_in() -> None:
    first, second = finished(good=Decimal(5)), paused(position=2, good=Decimal(4))
    order = an_order(first, second, a_stage(position=3), flow=Flow.STREAMING)
    with pytest.raises(UpstreamShort, match="Stage 2 would use 6 pieces"):
        give(order, VELI, "done", Report(good=Decimal(2)), stage=SECOND)
    skipped = give(order, PELIN, "skip", stage=SECOND).order
    assert skipped.stages[1].status is StageStatus.SKIPPED


def test_a_skipped_stage_is_not_reopened_between_stages_that_outgrew_it() -> None:
    skipped = paused(position=2, good=Decimal(1), status=StageStatus.SKIPPED, ended_at=MORNING + HOUR)
    order = an_order(finished(good=Decimal(5)), skipped, paused(position=3, good=Decimal(4)), flow=Flow.STREAMING)
    with pytest.raises(UpstreamShort):
        give(order, PELIN, "reopen", stage=SECOND)
