"""Every metric of a stage, with the worked examples of its formula."""

from decimal import Decimal

import pytest

from chalicelib.domain.orders.statuses import OrderStatus, StageStatus
from tests.domain.builders import (
    HOUR,
    MINUTE,
    MORNING,
    a_session,
    an_order,
    at_work,
    clock,
    decimals,
    finished,
    in_progress,
    paused,
)
from tests.domain.measuring import PARTS, THREE_SESSIONS, order_measured, reasons, stage_measured, values


def test_a_stage_planned_for_an_hour_and_run_in_two_sessions_with_a_night_between() -> None:
    stage = finished(planned_end=MORNING + HOUR, ended_at=clock(8, 30, day=6))
    evening, next_day = (MORNING, clock(8, 20)), (clock(8, 0, day=6), clock(8, 30, day=6))
    measured = stage_measured(an_order(stage), a_session(*evening), a_session(*next_day), now=clock(9, day=7))
    assert values(measured, "planned_duration", "actual_duration", "efficiency") == [60, 50, 120]
    assert values(measured, "delay", "is_late", "elapsed") == [23 * 60 + 30, True, 24 * 60 + 30]
    efficiency = measured.metrics["efficiency"]
    assert (efficiency.unit, efficiency.formula) == ("percent", "efficiency.v1")
    assert (efficiency.numerator, efficiency.denominator) == decimals(60, 50)


def test_overlapping_sessions_merge_in_run_time_and_add_up_in_labour_time() -> None:
    measured = stage_measured(an_order(paused()), *THREE_SESSIONS)
    assert values(measured, "actual_duration", "labour") == [30, 40]
    assert measured.inputs_count == 2


def test_a_stage_that_has_not_begun_says_so_instead_of_inventing_numbers() -> None:
    measured = stage_measured(an_order(), now=MORNING - MINUTE)
    assert values(measured, "planned_duration", "delay", "is_late") == [120, 0, False]
    assert reasons(measured) == {
        "actual_duration": "not_started",
        "labour": "not_started",
        "elapsed": "not_started",
        "start_delay": "not_started",
        "efficiency": "not_done",
        "effectiveness": "no_standard",
        "quality": "no_output",
        "projected_end": "no_standard",
        "expected_delay": "no_standard",
        **dict.fromkeys(PARTS, "not_done"),
    }
    for name in reasons(measured):
        assert measured.metrics[name].value is None
    assert (measured.complete, measured.inputs_count, measured.window) == (False, 0, (MORNING, MORNING))


def test_open_sessions_are_counted_until_now() -> None:
    order = an_order(in_progress(at_work("veli"), at_work("oya", MORNING + 10 * MINUTE)))
    measured = stage_measured(order, now=MORNING + 30 * MINUTE)
    assert values(measured, "actual_duration", "labour", "elapsed", "efficiency") == [30, 50, 30, None]
    assert measured.window == (MORNING, MORNING + 30 * MINUTE)
    assert measured.as_of == MORNING + 30 * MINUTE


def test_a_session_that_a_device_dates_minutes_ahead_has_no_length_yet() -> None:
    ahead = MORNING + 4 * MINUTE
    for measured in (
        stage_measured(an_order(in_progress(at_work(since=ahead))), now=MORNING),
        order_measured(an_order(in_progress(at_work(since=ahead))), now=MORNING),
    ):
        assert values(measured, "actual_duration", "labour", "elapsed") == [0, 0, 0]
        assert measured.window == (ahead, ahead)


@pytest.mark.parametrize(("started", "delay"), [(-10, -10), (0, 0), (25, 25)])
def test_start_delay_is_signed_and_late_is_positive(started: int, delay: int) -> None:
    stage = paused(started_at=MORNING + started * MINUTE)
    assert values(stage_measured(an_order(stage)), "start_delay") == [delay]


@pytest.mark.parametrize(
    ("ended", "now", "delay"),
    [(None, 60, 0), (None, 120, 0), (None, 121, 1), (60, 999, -60), (120, 999, 0), (150, 999, 30)],
)
def test_delay_is_against_the_plan_and_grows_while_a_stage_is_open(ended: int | None, now: int, delay: int) -> None:
    stage = paused() if ended is None else finished(ended_at=MORNING + ended * MINUTE)
    measured = stage_measured(an_order(stage), now=MORNING + now * MINUTE)
    assert values(measured, "delay", "is_late") == [delay, delay > 0]


def test_late_is_later_than_the_grace() -> None:
    order = an_order(finished(ended_at=MORNING + 125 * MINUTE))
    assert [values(stage_measured(order, grace=grace), "is_late") for grace in (4, 5)] == [[True], [False]]


def test_a_stage_done_without_run_time_has_no_efficiency() -> None:
    measured = stage_measured(an_order(finished()), a_session(MORNING, MORNING))
    assert reasons(measured)["efficiency"] == "no_run"
    assert values(measured, "actual_duration") == [0]


def test_effectiveness_is_the_standard_time_of_what_was_produced_and_never_capped() -> None:
    made = {"good": Decimal(8), "scrap": Decimal(1), "rework": Decimal(1)}
    stage = paused(standard_seconds_per_unit=Decimal(360), **made)
    measured = stage_measured(an_order(stage), a_session(MORNING, MORNING + 40 * MINUTE))
    assert values(measured, "effectiveness") == [150]
    assert reasons(stage_measured(an_order(stage)))["effectiveness"] == "no_run"


def test_quality_is_what_was_good_the_first_time() -> None:
    stage = paused(good=Decimal(8), good_from_rework=Decimal(2), scrap=Decimal(1), rework=Decimal(1))
    quality = stage_measured(an_order(stage)).metrics["quality"]
    assert (quality.value, quality.numerator, quality.denominator) == decimals(60, 6, 10)


def test_a_done_stage_is_measured_completely_over_its_own_time() -> None:
    measured = stage_measured(an_order(finished(), version=7))
    assert (measured.window, measured.complete, measured.revision) == ((MORNING, MORNING + HOUR), True, 7)
    assert measured.timezone == "Europe/Istanbul"


@pytest.mark.parametrize("status", [StageStatus.SKIPPED, StageStatus.CANCELLED])
def test_a_stage_that_was_given_up_is_neither_late_nor_in_time(status: StageStatus) -> None:
    stage = paused(status=status, ended_at=MORNING + 9 * HOUR)
    measured = stage_measured(an_order(stage), *THREE_SESSIONS[:2], now=MORNING + 10 * HOUR)
    given_up = {"delay": status.value, "is_late": status.value, "efficiency": status.value}
    assert reasons(measured).items() >= given_up.items()
    assert values(measured, "actual_duration") == [Decimal("30.000")]


def test_a_cancelled_order_is_neither_late_nor_in_time() -> None:
    order = an_order(paused(status=StageStatus.CANCELLED, ended_at=MORNING + 9 * HOUR), status=OrderStatus.CANCELLED)
    measured = order_measured(order, now=MORNING + 10 * HOUR)
    assert reasons(measured).items() >= {"delay": "cancelled", "is_late": "cancelled"}.items()
    assert order_measured(an_order(paused())).metrics["is_late"].value is False
