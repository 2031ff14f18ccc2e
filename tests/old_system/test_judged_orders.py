"""What becomes of an order of the old system, and of those who are assigned to it."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from infra.old_system.tables import Row, Value
from infra.old_system.verdicts import Outcome
from tests.old_system.rows import BERLIN, ISSUE, NOW, STAGE, judge, order_of, utc, verdict
from tests.old_system.rows import ORDER as ORDERED

CHECKED = f"$2b$10${'.' * 53}"  # the hash of a password, in a form that Takip checks
COMES, DOUBTFUL, STAYS = Outcome.COMES, Outcome.DOUBTFUL, Outcome.STAYS


# --- orders ---


def test_plans_are_the_clock_on_the_wall() -> None:
    order, told = order_of()
    assert order.window == (utc(7), utc(9))
    assert told.outcome is COMES


@pytest.mark.parametrize(
    ("start", "taken", "word"),
    [("2025-10-26T02:30:00", "2025-10-26T00:30:00", "twice"), ("2025-03-30T02:30:00", "2025-03-30T01:30:00", "never")],
)
def test_a_plan_in_the_night_in_which_clocks_change_is_doubtful(start: str, taken: str, word: str) -> None:
    order, told = order_of(zone=BERLIN, planned_start=start, planned_end="2025-12-01T00:00:00")
    assert order.window[0] == datetime.fromisoformat(taken).replace(tzinfo=UTC)
    assert told.outcome is DOUBTFUL
    assert word in str(told.reason)


def test_a_plan_with_an_offset_is_that_instant() -> None:
    order, told = order_of(planned_start="2025-11-03T10:00:00+00:00", planned_end="2025-11-03T15:00:00")
    assert order.window == (utc(10), utc(12))
    assert told.outcome is COMES


@pytest.mark.parametrize("time", ["soon", "1066-10-14T10:00:00", "0001-01-01T00:00:00"])
def test_a_time_that_is_none_is_told(time: str) -> None:
    _, told = order_of(planned_start=time)
    assert told.outcome is DOUBTFUL
    assert time in str(told.reason)


@pytest.mark.parametrize("quantity", [0, -2, "many", None, 1.00005, 1e13])
def test_an_order_without_a_quantity_stays_with_all_that_belongs_to_it(quantity: Value) -> None:
    found = judge(
        work_orders=[{"id": 1, "product_code": "P", "qty": quantity}],
        work_order_stages=[STAGE],
        stage_assignments=[{"id": 1, "user_id": 1, "work_order_stage_id": 1}],
        issues=[ISSUE],
        users=[{"id": 1}],
    )
    assert found.plant.orders == ()
    assert {each.outcome for each in found.verdicts} == {STAYS}
    assert all(each.reason and each.way_out for each in found.verdicts)


@pytest.mark.parametrize("code", [None, "", "default", "x" * 201, "a\u200bb"])
def test_an_order_of_no_product_stays(code: str | None) -> None:
    found = judge(work_orders=[{"id": 1, "product_code": code, "qty": 5}])
    assert verdict(found, "work_orders").outcome is STAYS


def test_an_end_before_the_start_is_the_other_way_round() -> None:
    order, told = order_of(planned_start="2025-11-03T12:00:00", planned_end="2025-11-03T10:00:00")
    assert order.window == (utc(7), utc(9))
    assert told.outcome is DOUBTFUL


def test_without_a_plan_it_is_planned_for_what_is_known() -> None:
    nothing: dict[str, Any] = {"planned_start": None, "planned_end": None}
    planned = {**STAGE, "planned_start": "2025-11-03T11:00:00", "planned_end": "2025-11-03T13:00:00"}
    worked = {**STAGE, "status": "done", "actual_start": "2025-11-03T05:00:00", "actual_end": "2025-11-03T06:30:00"}
    begun = {**STAGE, "status": "in_progress", "actual_start": "2025-11-03T05:00:00"}

    assert order_of([planned], **nothing)[0].window == (utc(8), utc(10))
    assert order_of([worked], **nothing)[0].window == (utc(5), utc(6, 30))
    assert order_of([begun], **nothing)[0].window == (utc(5), utc(5, 1))
    order, told = order_of(**nothing)
    assert order.window[0] == NOW
    assert told.outcome is COMES
    assert "no plan" in str(told.reason)


def test_an_empty_plan_counts_as_none() -> None:
    order, told = order_of(planned_end="2025-11-03T10:00:00")
    assert order.window[0] == NOW
    assert told.outcome is DOUBTFUL


def test_an_order_without_stages_has_one() -> None:
    order, told = order_of([], produced_qty=4)
    assert [(stage.id, stage.name) for stage in order.stages] == [(0, "Üretim")]
    assert order.note == "Old system: 4 produced."
    assert told.outcome is COMES


def test_what_was_produced_is_good_of_the_last_stage_if_somebody_worked_on_it() -> None:
    done = {"status": "done", "actual_start": "2025-11-03T08:00:00", "actual_end": "2025-11-03T08:30:00"}
    order, _ = order_of([STAGE, {**STAGE, **done, "id": 2}], produced_qty=7)
    assert [stage.good for stage in order.stages] == [0, Decimal(7)]
    order, _ = order_of([{**STAGE, **done}, {**STAGE, "id": 2}], produced_qty=7)
    assert [stage.good for stage in order.stages] == [0, 0]
    assert order.note == "Old system: 7 produced."


def test_what_was_produced_and_is_no_quantity_stays() -> None:
    assert order_of(produced_qty=-3)[1].outcome is DOUBTFUL


def test_a_lot_that_cannot_be_kept_is_left_out() -> None:
    order, told = order_of(lot_no="x" * 201)
    assert order.lot_no is None
    assert told.outcome is DOUBTFUL
    assert order_of(lot_no=None)[1].outcome is COMES


def test_who_opened_it_and_its_machine_are_left_out_if_they_are_not_there() -> None:
    order, told = order_of(created_by=99, machine_id=7)
    assert (order.created_by, order.machine_id) == (None, None)
    assert told.outcome is COMES
    assert "created_by 99 is not there" in str(told.reason)


def test_more_stages_than_an_order_may_have_stay() -> None:
    found = judge(work_orders=[ORDERED], work_order_stages=[{**STAGE, "id": n} for n in range(1, 43)])
    assert len(found.plant.orders[0].stages) == 40
    assert [each.row_id for each in found.verdicts if each.outcome is STAYS] == [41, 42]


def test_rows_without_an_id_of_their_own_stay() -> None:
    found = judge(work_orders=[ORDERED, ORDERED, {"id": None}])
    assert [(each.row_id, each.outcome) for each in found.verdicts] == [(1, COMES), ("row 2", STAYS), ("row 3", STAYS)]


# --- assignments ---


def test_people_are_assigned_once_and_only_if_they_are_there() -> None:
    rows = [{"id": n, "user_id": user, "work_order_stage_id": 1} for n, user in enumerate((1, 1, 2, None), start=1)]
    found = judge(
        users=[{"id": 1, "username": "veli", "password_hash": CHECKED}],
        work_orders=[ORDERED],
        work_order_stages=[STAGE],
        stage_assignments=rows,
    )
    assert found.plant.orders[0].stages[0].assignees == (1,)
    told = [each.outcome for each in found.verdicts if each.table == "stage_assignments"]
    assert told == [COMES, COMES, STAYS, STAYS]


def test_who_stays_or_cannot_sign_in_is_not_assigned_and_that_is_told() -> None:
    people: list[Row] = [{"id": 1, "username": "\x00"}, {"id": 2, "username": "veli", "password_hash": "$6$x"}]
    rows = [{"id": n, "user_id": n, "work_order_stage_id": 1} for n in (1, 2)]
    found = judge(users=people, work_orders=[ORDERED], work_order_stages=[STAGE], stage_assignments=rows)
    told = [verdict(found, "stage_assignments", n) for n in (1, 2)]
    assert [each.outcome for each in told] == [STAYS, DOUBTFUL]
    assert "Person 2 is inactive" in str(told[1].reason)


def test_one_end_of_a_plan_alone_is_told() -> None:
    assert order_of(planned_end=None)[1].outcome is DOUBTFUL


def test_what_is_said_of_a_huge_text_is_one_short_line() -> None:
    told = verdict(judge(work_orders=[{**ORDERED, "product_code": "x\n" * 9000}]), "work_orders").reason
    assert told is not None
    assert (len(told) < 400, "\n" in told) == (True, False)


def test_more_people_than_a_stage_may_have_stay() -> None:
    rows = [{"id": n, "user_id": n, "work_order_stage_id": 1} for n in range(1, 32)]
    people: list[Row] = [{"id": n, "username": f"veli{n}"} for n in range(1, 32)]
    found = judge(users=people, work_orders=[ORDERED], work_order_stages=[STAGE], stage_assignments=rows)
    assert len(found.plant.orders[0].stages[0].assignees) == 30
    assert verdict(found, "stage_assignments", 31).outcome is STAYS
