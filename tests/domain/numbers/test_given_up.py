"""What was skipped or cancelled on a day is counted there, and is in no other sum and no metric."""

from dataclasses import replace

import pytest

from chalicelib.domain.numbers.day_sums import DaySums, FinishedOrders, FinishedStages, summed
from chalicelib.domain.numbers.days import of_sums
from chalicelib.domain.numbers.order_facts import facts_of
from chalicelib.domain.orders.session_records import Session
from chalicelib.domain.orders.statuses import OrderStatus, StageStatus
from chalicelib.domain.orders.work_orders import Order
from chalicelib.domain.tenant_settings import DEFAULT_SETTINGS
from tests.domain.builders import DAY, HOUR, MORNING, a_session, an_order, paused


def sums_of(order: Order, *sessions: Session) -> DaySums:
    return summed(facts_of(order, sessions, DEFAULT_SETTINGS).values())


@pytest.mark.parametrize(
    ("status", "counted"),
    [
        (StageStatus.SKIPPED, FinishedStages(skipped=1)),
        (StageStatus.CANCELLED, FinishedStages(cancelled=1)),
    ],
)
def test_a_stage_that_was_given_up_is_only_counted(status: StageStatus, counted: FinishedStages) -> None:
    order = an_order(paused(status=status, ended_at=MORNING + HOUR))
    sums = sums_of(order, a_session(MORNING, MORNING + HOUR))
    assert (sums.stages, sums.time.labour) == (counted, 3_600_000)


def test_a_cancelled_order_is_counted_beside_the_done_ones() -> None:
    cancelled = an_order(paused(status=StageStatus.CANCELLED, ended_at=MORNING + HOUR), status=OrderStatus.CANCELLED)
    sums = sums_of(cancelled)
    assert (sums.orders, sums.stages) == (FinishedOrders(cancelled=1), FinishedStages(cancelled=1))
    metrics = of_sums(sums, DAY)
    assert {metrics[name].reason for name in ("on_time_rate", "order_on_time_rate", "efficiency")} == {"no_data"}


def test_a_cancelled_order_whose_stages_have_no_end_is_in_no_day() -> None:
    order = replace(an_order(paused(status=StageStatus.CANCELLED)), status=OrderStatus.CANCELLED, ended_at=None)
    assert sums_of(order) == DaySums()
