"""Every metric of an order. Ratios are a sum divided by a sum."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from chalicelib.domain.numbers.day_facts import OrderFact
from chalicelib.domain.numbers.order_facts import facts_of
from chalicelib.domain.orders.session_records import Quantities
from chalicelib.domain.orders.statuses import StageStatus
from chalicelib.domain.orders.work_orders import Order
from chalicelib.domain.tenant_settings import DEFAULT_SETTINGS
from tests.domain.builders import (
    DAY,
    FIRST,
    HOUR,
    MINUTE,
    MORNING,
    SECOND,
    a_session,
    an_order,
    decimals,
    finished,
    in_progress,
    paused,
)
from tests.domain.measuring import PARTS, THREE_SESSIONS, order_measured, reasons, stage_measured, values
from tests.domain.numbers.ungrouped import ungrouped


def two_stages(**fields: Any) -> Order:
    first = finished(planned_end=MORNING + 20 * MINUTE, ended_at=MORNING + 30 * MINUTE)
    second = finished(
        position=2, id=SECOND, planned_end=MORNING + 40 * MINUTE, ended_at=MORNING + 40 * MINUTE, **fields
    )
    return an_order(first, second)


def test_an_orders_run_time_is_the_union_over_all_its_stages() -> None:
    across = a_session(MORNING + 25 * MINUTE, MORNING + 40 * MINUTE, stage=SECOND)
    measured = order_measured(two_stages(), THREE_SESSIONS[0], THREE_SESSIONS[1], across)
    assert values(measured, "actual_duration", "labour") == [40, 55]
    assert measured.inputs_count == 3


def test_an_orders_efficiency_is_sum_over_sum_of_its_done_stages() -> None:
    measured = order_measured(two_stages(), *THREE_SESSIONS)
    efficiency = measured.metrics["efficiency"]
    assert (efficiency.numerator, efficiency.denominator, efficiency.value) == decimals(60, 40, 150)
    half = an_order(two_stages().stages[0], paused(position=2, id=SECOND))
    assert values(order_measured(half, *THREE_SESSIONS), "efficiency") == [Decimal("66.667")]


def test_on_time_is_the_share_of_the_done_stages() -> None:
    assert values(order_measured(two_stages()), "on_time_percent") == [50]
    half = an_order(two_stages().stages[0], paused(position=2, id=SECOND))
    assert values(order_measured(half), "on_time_percent") == [0]


def test_lead_time_is_from_the_first_start_or_from_release_to_the_last_end() -> None:
    measured = order_measured(two_stages(), *THREE_SESSIONS)
    assert values(measured, "lead_time", "lead_time_from_release", "elapsed") == [40, 100, 40]
    assert values(measured, "flow_efficiency", "planned_duration", "start_delay") == [100, 120, 0]
    assert (measured.window, measured.complete) == ((MORNING, MORNING + 40 * MINUTE), True)


def test_an_order_that_has_not_begun_says_so() -> None:
    measured = order_measured(an_order(), now=MORNING - MINUTE)
    assert reasons(measured) == {
        "actual_duration": "not_started",
        "labour": "not_started",
        "elapsed": "not_started",
        "start_delay": "not_started",
        "efficiency": "not_done",
        "on_time_percent": "not_done",
        "baseline_on_time_percent": "not_done",
        "lead_time": "not_done",
        "lead_time_from_release": "not_done",
        "flow_efficiency": "not_done",
        "effectiveness": "no_standard",
        "quality": "no_output",
        "throughput": "not_started",
        "projected_end": "no_standard",
        "expected_delay": "no_standard",
        "delay_reserve": "not_done",
        **dict.fromkeys(PARTS, "not_done"),
    }
    assert (measured.window, measured.complete) == ((MORNING, MORNING), False)


def test_an_order_that_goes_on_is_measured_until_now() -> None:
    measured = order_measured(an_order(in_progress()), now=MORNING + 3 * HOUR)
    assert values(measured, "actual_duration", "elapsed", "delay", "is_late") == [180, 180, 60, True]
    assert measured.window == (MORNING, MORNING + 3 * HOUR)


@pytest.mark.parametrize("ended", [-3 * DAY, -HOUR, HOUR, 2 * HOUR, 3 * HOUR])
def test_an_orders_delay_is_signed_however_early_it_ended(ended: timedelta) -> None:
    order = an_order(finished(started_at=MORNING - 4 * DAY, ended_at=MORNING + ended))
    measured = order_measured(order)
    assert values(measured, "delay", "is_late") == [(ended - 2 * HOUR) / MINUTE, ended > 2 * HOUR]
    assert measured.metrics["delay"] == stage_measured(order).metrics["delay"]


def test_an_order_done_in_no_time_has_no_run_time_to_compare_with() -> None:
    measured = order_measured(an_order(finished(ended_at=MORNING)), a_session(MORNING, MORNING, stage=FIRST))
    assert values(measured, "lead_time") == [0]
    no_run = {name for name, reason in reasons(measured).items() if reason == "no_run"}
    assert no_run == {"efficiency", "flow_efficiency", "throughput"}


def test_sessions_of_other_orders_stages_are_not_counted() -> None:
    foreign = a_session(MORNING, MORNING + HOUR, stage="another-01")
    assert order_measured(an_order(paused()), foreign).inputs_count == 0


def test_an_order_that_was_done_without_work_is_done_all_the_same_and_took_no_time_that_is_known() -> None:
    order = an_order(finished(started_at=None, last_session_end=None))
    (fact,) = [fact for fact in facts_of(order, [], DEFAULT_SETTINGS).values() if isinstance(fact, OrderFact)]
    lead = order_measured(order).metrics["lead_time"]
    assert (ungrouped(fact), lead.value, lead.reason) == (OrderFact(lead=0, late=False), None, "no_run")


def test_an_orders_quality_is_sum_over_sum_of_its_stages() -> None:
    order = two_stages(good=Decimal(9), scrap=Decimal(1))
    first = replace(order.stages[0], good=Decimal(100), good_from_rework=Decimal(10))
    quality = order_measured(replace(order, stages=(first, order.stages[1]))).metrics["quality"]
    assert (quality.numerator, quality.denominator, quality.value) == decimals(99, 110, 90)


def test_an_orders_effectiveness_leaves_out_the_stages_without_a_standard() -> None:
    order = two_stages(good=Decimal(30), standard_seconds_per_unit=Decimal(10))
    effectiveness = order_measured(order, *THREE_SESSIONS).metrics["effectiveness"]
    assert (effectiveness.numerator, effectiveness.denominator, effectiveness.value) == decimals(5, 10, 50)


def test_throughput_is_the_good_pieces_of_the_last_stage_an_hour() -> None:
    made = a_session(MORNING + 10 * MINUTE, MORNING + 40 * MINUTE, stage=SECOND, made=Quantities(Decimal(20)))
    throughput = order_measured(two_stages(), THREE_SESSIONS[0], made).metrics["throughput"]
    assert (throughput.value, throughput.numerator, throughput.unit) == (*decimals(30, 20), "pieces_per_hour")
    first, second = two_stages().stages
    skipped = an_order(first, replace(second, status=StageStatus.SKIPPED))
    of_first = a_session(MORNING, MORNING + 40 * MINUTE, made=Quantities(Decimal(10)))
    assert values(order_measured(skipped, of_first, made), "throughput") == [15]


def test_beside_the_plan_in_force_stands_the_first_one() -> None:
    first, second = two_stages().stages
    replanned = replace(first, planned_end=MORNING + HOUR)
    order = replace(an_order(replanned, second), planned_end=MORNING + 3 * HOUR)
    names = ("planned_duration", "baseline_planned_duration", "delay", "baseline_delay", "on_time_percent")
    assert values(order_measured(order), *names) == [180, 120, -140, -80, 100]
    assert values(order_measured(order), "baseline_on_time_percent", "baseline_is_late") == [50, False]
    stage = stage_measured(order)
    assert values(stage, "planned_duration", "baseline_planned_duration", "delay", "baseline_delay") == [
        60,
        20,
        -30,
        10,
    ]
    assert values(stage, "is_late", "baseline_is_late") == [False, True]
