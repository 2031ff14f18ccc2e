"""Finishing a stage, and booking a session that is over."""

from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from typing import Any

import pytest

from chalicelib.domain.errors import InvalidFields
from chalicelib.domain.floor.sessions import OtherWorker
from chalicelib.domain.floor.stages import Book, Report
from chalicelib.domain.orders.session_records import Quantities, Session, SessionKind
from chalicelib.domain.orders.statuses import OrderStatus, StageStatus
from chalicelib.domain.orders.transitions import IllegalTransition
from tests.domain.builders import (
    ADA,
    DAY,
    HOUR,
    MINUTE,
    MORNING,
    OYA,
    PELIN,
    SECOND,
    VELI,
    a_stage,
    an_order,
    at_work,
    clock,
    decimals,
    finished,
    give,
    in_progress,
    paused,
)

BOTH = ("veli", "oya")


def booked(start: datetime = MORNING, end: datetime = MORNING + HOUR, **fields: Any) -> Book:
    return Book(started_at=start, ended_at=end, **fields)


def refused(*given: Any, **named: Any) -> list[tuple[str, str]]:
    with pytest.raises(InvalidFields) as refusal:
        give(*given, **named)
    return [(error.field, error.code) for error in refusal.value.errors]


# --- done -------------------------------------------------------------------------------------------------------------


def test_finishing_closes_every_session_and_leaves_none_open() -> None:
    order = an_order(in_progress(at_work("veli"), at_work("oya", clock(9)), assignee_ids=BOTH))
    change = give(order, VELI, "done", Report(note="n"), at=clock(10), received_at=clock(11))
    stage = change.order.stages[0]
    assert (stage.status, stage.open_sessions, stage.ended_at) == (StageStatus.DONE, (), clock(10))
    assert {(each.worker_id, each.ended_at, each.received_at, each.booked_by) for each in change.sessions} == {
        ("veli", clock(10), clock(11), "veli"),
        ("oya", clock(10), clock(11), "veli"),
    }
    assert {(each.worker_id, each.pause_reason, each.note) for each in change.sessions} == {
        ("veli", None, "n"),
        ("oya", None, None),
    }


def test_the_last_quantities_belong_to_the_session_of_their_worker_only() -> None:
    order = an_order(in_progress(at_work("veli"), at_work("oya"), assignee_ids=BOTH))
    change = give(order, OYA, "done", Report(good=Decimal(4), scrap=Decimal(1)), at=clock(10))
    made = {session.worker_id: session.made for session in change.sessions}
    assert made == {"veli": Quantities(), "oya": Quantities(Decimal(4), {"other": Decimal(1)})}
    assert (change.order.stages[0].good, change.order.stages[0].scrap) == decimals(4, 1)


def test_a_planner_finishes_in_a_workers_name() -> None:
    change = give(an_order(in_progress()), PELIN, "done", Report("veli", Decimal(2)), at=clock(10))
    (session,) = change.sessions
    assert (session.worker_id, session.booked_by, session.made.good) == ("veli", "pelin", Decimal(2))


def test_what_is_made_with_no_session_open_goes_into_one_of_zero_length() -> None:
    order = an_order(paused(machine_id="m1"))
    change = give(order, VELI, "done", Report(good=Decimal(2), note="n"), at=clock(10), received_at=clock(11))
    (session,) = change.sessions
    assert (session.started_at, session.ended_at, session.received_at) == (clock(10), clock(10), clock(11))
    assert (session.worker_id, session.kind, session.machine_id) == ("veli", SessionKind.RUN, "m1")
    assert (session.made, session.note, session.stage_id) == (Quantities(Decimal(2)), "n", "order-01")
    assert change.order.stages[0].last_session_end == clock(10)


def test_a_session_of_zero_length_that_is_the_earliest_is_the_start_of_its_stage() -> None:
    order = an_order(paused(), created_at=MORNING - DAY)
    early = MORNING - HOUR
    change = give(order, VELI, "done", Report(good=Decimal(2)), at=early, received_at=clock(11))
    assert change.sessions[0].started_at == early
    assert (change.order.stages[0].started_at, change.order.started_at) == (early, early)


def test_a_finisher_without_a_session_gets_one_beside_those_that_close() -> None:
    order = an_order(in_progress(at_work("veli", kind=SessionKind.REWORK), rework=Decimal(5), assignee_ids=BOTH))
    change = give(order, OYA, "done", Report(good=Decimal(2)), at=clock(10))
    assert [(each.worker_id, each.made.good) for each in change.sessions] == [("veli", Decimal(0)), ("oya", Decimal(2))]
    assert (change.order.stages[0].rework, change.order.stages[0].good_from_rework) == decimals(5, 0)


def test_finishing_a_rework_session_takes_from_the_rework() -> None:
    order = an_order(in_progress(at_work(kind=SessionKind.REWORK), rework=Decimal(5)))
    stage = give(order, VELI, "done", Report(good=Decimal(2)), at=clock(10)).order.stages[0]
    assert (stage.rework, stage.good_from_rework) == decimals(3, 2)


def test_finishing_with_nothing_made_adds_no_session() -> None:
    assert give(an_order(paused()), VELI, "done", at=clock(10)).sessions == ()


def test_a_stage_ends_at_the_later_of_done_and_the_last_session() -> None:
    order = an_order(paused(last_session_end=clock(12)))
    assert give(order, VELI, "done", at=clock(10), received_at=clock(12)).order.stages[0].ended_at == clock(12)
    assert give(order, VELI, "done", at=clock(13)).order.stages[0].ended_at == clock(13)


def test_done_below_the_quantity_is_allowed() -> None:
    assert give(an_order(paused()), VELI, "done", at=clock(10)).order.status is OrderStatus.DONE


def test_an_order_is_done_with_its_last_stage_only() -> None:
    order = an_order(in_progress(), a_stage(2))
    assert give(order, VELI, "done", at=clock(10)).order.status is OrderStatus.IN_PROGRESS
    last = an_order(finished(), in_progress(position=2, id=SECOND))
    after = give(last, VELI, "done", stage=SECOND, at=clock(10)).order
    assert (after.status, after.ended_at) == (OrderStatus.DONE, clock(10))


def test_nobody_finishes_a_stage_that_never_began() -> None:
    with pytest.raises(IllegalTransition):
        give(an_order(), VELI, "done")


def test_done_is_not_before_the_start_of_any_session_it_closes_and_tells_all_that_is_wrong() -> None:
    order = an_order(in_progress(at_work("veli"), at_work("oya", clock(9)), assignee_ids=BOTH))
    wrong = Report(scrap=Decimal(1), scrap_reason="rust")
    assert refused(order, VELI, "done", wrong, at=clock(8, 30)) == [("at", "before_start"), ("scrap_reason", "unknown")]


# --- book -------------------------------------------------------------------------------------------------------------


def test_booking_on_a_planned_stage_starts_it_and_leaves_it_paused() -> None:
    change = give(an_order(), VELI, "book", booked(good=Decimal(2)), received_at=clock(12))
    stage = change.order.stages[0]
    assert (stage.status, stage.started_at, stage.last_session_end) == (StageStatus.PAUSED, MORNING, MORNING + HOUR)
    assert (stage.good, change.order.status, change.order.started_at) == (Decimal(2), OrderStatus.IN_PROGRESS, MORNING)
    assert change.created
    assert (change.result,) == change.sessions


def test_a_booked_session_is_as_it_was_written_down() -> None:
    payload = booked(machine_id="m2", kind=SessionKind.SETUP, rework=Decimal(1), note="n")
    session = give(an_order(a_stage(machine_id="m1")), VELI, "book", payload, received_at=clock(12)).result
    assert isinstance(session, Session)
    assert (session.machine_id, session.kind, session.note) == ("m2", SessionKind.SETUP, "n")
    assert (session.worker_id, session.booked_by, session.received_at) == ("veli", "veli", clock(12))
    assert session.made == Quantities(rework=Decimal(1))


def test_a_booked_session_ran_on_the_stages_machine_unless_told_otherwise() -> None:
    session = give(an_order(a_stage(machine_id="m1")), VELI, "book", booked()).result
    assert isinstance(session, Session)
    assert session.machine_id == "m1"


def test_booking_leaves_a_stage_in_progress_or_paused_as_it_was() -> None:
    for stage in (in_progress(), paused()):
        assert give(an_order(stage), VELI, "book").order.stages[0].status is stage.status


def test_sessions_may_overlap_also_of_the_same_worker_and_may_be_of_zero_length() -> None:
    order = give(an_order(in_progress()), VELI, "book").order
    again = give(order, VELI, "book", booked(clock(8, 30), clock(8, 30))).order
    assert again.stages[0].last_session_end == MORNING + HOUR


def test_an_earlier_booking_moves_the_start_of_stage_and_order() -> None:
    early = MORNING - HOUR
    after = give(an_order(paused()), VELI, "book", booked(early, MORNING)).order
    assert (after.stages[0].started_at, after.started_at) == (early, early)
    assert after.stages[0].last_session_end == MORNING + HOUR


def test_a_planner_books_on_a_done_stage_what_ended_no_later_than_it() -> None:
    order = an_order(finished())
    for actor in (PELIN, ADA):
        change = give(order, actor, "book", booked(MORNING - DAY, MORNING + HOUR, worker_id="oya", good=Decimal(1)))
        stage = change.order.stages[0]
        assert (stage.status, stage.ended_at, stage.started_at) == (StageStatus.DONE, MORNING + HOUR, MORNING - DAY)
        assert (stage.good, change.order.status) == (Decimal(1), OrderStatus.DONE)
    assert refused(order, PELIN, "book", booked(MORNING, clock(9, 1))) == [("ended_at", "after_end")]


def test_a_worker_books_nothing_on_a_done_stage() -> None:
    with pytest.raises(IllegalTransition) as refusal:
        give(an_order(finished()), VELI, "book")
    assert (refusal.value.allowed, refusal.value.since) == ((), MORNING + HOUR)


def test_a_worker_books_for_nobody_else() -> None:
    with pytest.raises(OtherWorker):
        give(an_order(), VELI, "book", booked(worker_id="oya"))


def test_everything_wrong_with_a_booking_is_told_at_once() -> None:
    wrong = booked(clock(13), clock(12), scrap=Decimal(1), scrap_reason="rust")
    assert refused(an_order(), VELI, "book", wrong, received_at=clock(11)) == [
        ("started_at", "in_future"),
        ("ended_at", "in_future"),
        ("ended_at", "before_start"),
        ("scrap_reason", "unknown"),
    ]
    assert refused(an_order(), VELI, "book", booked(MORNING - 9 * DAY, MORNING - DAY), received_at=MORNING) == [
        ("started_at", "before_order"),
        ("ended_at", "before_order"),
    ]


def test_a_worker_books_no_further_back_than_seven_days() -> None:
    order = an_order(created_at=MORNING - 30 * DAY)
    arrived = MORNING + 7 * DAY + MINUTE
    assert refused(order, VELI, "book", received_at=arrived) == [("started_at", "too_old")]
    give(order, PELIN, "book", received_at=arrived)


def test_rework_is_taken_by_a_booked_rework_session() -> None:
    order = an_order(paused(rework=Decimal(2)))
    stage = give(order, VELI, "book", booked(kind=SessionKind.REWORK, good=Decimal(1))).order.stages[0]
    assert (stage.rework, stage.good_from_rework) == decimals(1, 1)


def test_booking_changes_no_other_stage() -> None:
    before = an_order(a_stage(1), a_stage(2))
    after = give(before, VELI, "book").order
    assert after.stages[1] is before.stages[1]
    assert before == replace(before)
