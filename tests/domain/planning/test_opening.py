"""The planned times of a new order and its stages, and the errors of a new order."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.errors import InvalidFields
from chalicelib.domain.instants import truncated
from chalicelib.domain.orders.statuses import OrderStatus, StageStatus
from chalicelib.domain.orders.work_orders import Order
from chalicelib.domain.planning.opening import NewOrder, NewStage, open_order
from tests.domain.builders import HOUR, MINUTE, MORNING, PELIN

MILLISECOND = timedelta(milliseconds=1)


def wanted(*stages: NewStage, **fields: Any) -> NewOrder:
    known: dict[str, Any] = {
        "product_code": "P-1",
        "lot_no": "L-1",
        "quantity": Decimal(10),
        "planned_start": MORNING,
        "planned_end": MORNING + 2 * HOUR,
        "stages": stages,
    }
    return NewOrder(**(known | fields))


def opened(*stages: NewStage, **fields: Any) -> Order:
    return open_order(wanted(*stages, **fields), PELIN, "order", MORNING - HOUR)


def windows(order: Order) -> list[tuple[float, float]]:
    """Start and end of every stage, in minutes from the order's start."""
    return [
        ((stage.planned_start - MORNING) / MINUTE, (stage.planned_end - MORNING) / MINUTE) for stage in order.stages
    ]


def refused(*stages: NewStage, **fields: Any) -> list[tuple[str, str]]:
    with pytest.raises(InvalidFields) as refusal:
        opened(*stages, **fields)
    return [(error.field, error.code) for error in refusal.value.errors]


def test_an_order_without_stages_is_moulded_for_half_an_hour_and_then_assembled() -> None:
    order = opened()
    assert [stage.name for stage in order.stages] == ["Enjeksiyon", "Montaj"]
    assert windows(order) == [(0, 30), (30, 120)]


@pytest.mark.parametrize(("length", "change"), [(30, 15), (20, 10), (31, 30)])
def test_in_half_an_hour_or_less_each_default_stage_takes_half(length: int, change: int) -> None:
    order = opened(planned_end=MORNING + length * MINUTE)
    assert windows(order) == [(0, change), (change, length)]


def test_an_order_opens_planned_with_what_was_written_down_and_its_plan_as_baseline() -> None:
    order = opened(NewStage("Boya", machine_id="m1", standard_seconds_per_unit=Decimal(90)), priority=9)
    assert (order.id, order.number, order.version, order.priority) == ("order", "order", 1, 9)
    assert (order.status, order.created_by, order.created_at) == (OrderStatus.PLANNED, "pelin", MORNING - HOUR)
    assert (order.baseline_start, order.baseline_end) == (order.planned_start, order.planned_end)
    (stage,) = order.stages
    assert (stage.id, stage.position, stage.name, stage.status) == ("order-01", 1, "Boya", StageStatus.PLANNED)
    assert (stage.baseline_start, stage.baseline_end) == (stage.planned_start, stage.planned_end)
    assert (stage.machine_id, stage.standard_seconds_per_unit) == ("m1", Decimal(90))


def test_a_number_that_is_given_is_the_orders_number() -> None:
    assert opened(number="A-17").number == "A-17"


def test_stages_without_times_share_the_order_equally() -> None:
    assert windows(opened(NewStage("a"), NewStage("b"), NewStage("c"))) == [(0, 40), (40, 80), (80, 120)]


def test_stages_without_times_share_the_gap_up_to_the_next_start() -> None:
    first = NewStage("a", MORNING, MORNING + 10 * MINUTE)
    fixed = NewStage("d", MORNING + HOUR, MORNING + 90 * MINUTE)
    order = opened(first, NewStage("b"), NewStage("c"), fixed, NewStage("e"))
    assert windows(order) == [(0, 10), (10, 35), (35, 60), (60, 90), (90, 120)]


def test_durations_follow_one_another() -> None:
    order = opened(NewStage("a", duration_minutes=Decimal(20)), NewStage("b", duration_minutes=Decimal("30.5")))
    assert windows(order) == [(0, 20), (20, 50.5)]


def test_an_end_alone_begins_where_the_stage_before_ended_and_a_start_alone_lasts_to_the_orders_end() -> None:
    order = opened(NewStage("a", planned_end=MORNING + HOUR), NewStage("b", planned_start=MORNING + 90 * MINUTE))
    assert windows(order) == [(0, 60), (90, 120)]


def test_stages_may_overlap() -> None:
    stage = NewStage("a", MORNING, MORNING + HOUR)
    assert windows(opened(stage, stage)) == [(0, 60), (0, 60)]


def test_an_order_must_end_after_it_starts() -> None:
    assert refused(planned_end=MORNING) == [("planned_end", "after_start")]
    assert refused(planned_end=MORNING - MINUTE) == [("planned_end", "after_start")]


def test_every_stage_without_length_or_outside_the_order_is_named_at_once() -> None:
    early = NewStage("a", MORNING - MINUTE, MORNING + MINUTE)
    empty = NewStage("b", MORNING + HOUR, MORNING + HOUR)
    late = NewStage("c", MORNING + HOUR, MORNING + 3 * HOUR)
    assert refused(early, empty, late) == [
        ("stages[0].planned_start", "outside_order"),
        ("stages[1].planned_end", "after_start"),
        ("stages[2].planned_end", "outside_order"),
    ]


def test_an_order_without_length_and_too_many_people_are_told_at_once() -> None:
    crowd = tuple(f"w{n}" for n in range(31))
    errors = refused(NewStage("a", assignee_ids=crowd), planned_end=MORNING)
    assert errors == [("planned_end", "after_start"), ("stages[0].assignee_ids", "too_many")]


def test_a_duration_beyond_the_end_of_time_is_refused_by_its_field() -> None:
    ages = NewStage("a", duration_minutes=Decimal(999_999_999_999))
    assert refused(ages) == [("stages[0].planned_end", "outside_order")]


def test_a_window_too_short_to_share_is_refused() -> None:
    assert refused(planned_end=MORNING + MILLISECOND) == [("stages[0].planned_end", "after_start")]


def test_forty_stages_are_possible_and_forty_one_are_not() -> None:
    assert len(opened(*[NewStage("a")] * 40).stages) == 40
    assert ("stages", "too_many") in refused(*[NewStage("a")] * 41)


def test_a_stage_takes_thirty_people_and_an_order_eighty_stages_and_assignments() -> None:
    thirty = tuple(f"w{n}" for n in range(30))
    assert len(opened(NewStage("a", assignee_ids=thirty)).stages[0].assignee_ids) == 30
    assert refused(NewStage("a", assignee_ids=(*thirty, "one more"))) == [("stages[0].assignee_ids", "too_many")]
    full = [NewStage("a", assignee_ids=crowd) for crowd in (thirty, thirty, thirty[:17])]
    assert len(opened(*full).stages) == 3
    assert refused(*full, NewStage("d")) == [("stages", "too_many")]


def test_people_named_twice_count_once() -> None:
    stage = opened(NewStage("a", assignee_ids=("veli", "oya", "veli"))).stages[0]
    assert stage.assignee_ids == ("veli", "oya")
    assert len(opened(NewStage("a", assignee_ids=("veli",) * 100)).stages) == 1


lengths = st.integers(1, 10**9).map(lambda milliseconds: milliseconds * MILLISECOND)


@given(lengths, st.integers(0, 40))
def test_shared_windows_meet_without_gap_in_whole_milliseconds(length: timedelta, stages: int) -> None:
    new = [NewStage(f"s{n}") for n in range(stages)]
    if length < (stages or 2) * MILLISECOND:
        assert {code for _, code in refused(*new, planned_end=MORNING + length)} == {"after_start"}
        return
    order = opened(*new, planned_end=MORNING + length)
    starts = [stage.planned_start for stage in order.stages]
    ends = [stage.planned_end for stage in order.stages]
    assert starts == [order.planned_start, *ends[:-1]]
    assert ends[-1] == order.planned_end
    assert [truncated(end) for end in ends] == ends
