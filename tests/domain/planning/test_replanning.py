"""Replanning an order: unfinished stages stay inside its window; finished ones do not matter."""

from typing import Any

import pytest

from chalicelib.domain.errors import InvalidFields
from chalicelib.domain.orders.commands import Command, Subject
from chalicelib.domain.orders.work_orders import Order
from chalicelib.domain.planning.replanning import ReplanOrder, replan_order
from chalicelib.domain.tenant_settings import DEFAULT_SETTINGS
from tests.domain.builders import HOUR, MINUTE, MORNING, ORDER_ID, PELIN, a_stage, an_order, finished


def replanned(order: Order, **wanted: Any) -> Order:
    payload = ReplanOrder("customer asked", **wanted)
    command = Command("c", "replan", ORDER_ID, payload, MORNING, subject=Subject.ORDER)
    return replan_order(order, PELIN, command, DEFAULT_SETTINGS).order


def refused(order: Order, **wanted: Any) -> list[tuple[str, str]]:
    with pytest.raises(InvalidFields) as caught:
        replanned(order, **wanted)
    return [(error.field, error.code) for error in caught.value.errors]


TWO_STAGES = an_order(
    finished(planned_end=MORNING + HOUR),
    a_stage(position=2, planned_start=MORNING + HOUR, planned_end=MORNING + 2 * HOUR),
)


def test_the_window_of_an_order_may_end_exactly_where_its_last_stage_does() -> None:
    longer = an_order(a_stage(), planned_end=MORNING + 3 * HOUR)
    assert replanned(longer, planned_end=MORNING + 2 * HOUR).planned_end == MORNING + 2 * HOUR


def test_a_stage_that_goes_on_must_not_stand_outside_its_order() -> None:
    assert refused(TWO_STAGES, planned_end=MORNING + 2 * HOUR - MINUTE) == [("stages[1].planned_end", "outside_order")]
    assert refused(TWO_STAGES, planned_start=MORNING + HOUR + MINUTE, move_stages=False) == [
        ("stages[1].planned_start", "outside_order")
    ]


def test_a_stage_that_has_ended_may_stand_outside_its_order() -> None:
    assert replanned(TWO_STAGES, planned_start=MORNING + HOUR, move_stages=False).planned_start == MORNING + HOUR


def test_stages_move_with_their_order_except_those_that_have_ended() -> None:
    moved = replanned(TWO_STAGES, planned_start=MORNING + HOUR, planned_end=MORNING + 3 * HOUR)
    assert [stage.planned_start for stage in moved.stages] == [MORNING, MORNING + 2 * HOUR]
    assert [stage.planned_end for stage in moved.stages] == [MORNING + HOUR, MORNING + 3 * HOUR]


def test_a_window_of_no_length_is_refused() -> None:
    assert refused(TWO_STAGES, planned_end=MORNING) == [("planned_end", "after_start")]
