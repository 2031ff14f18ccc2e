"""The end of a shift: which sessions are closed, which stay open, and the outcome on each stage."""

from datetime import datetime, timedelta

import pytest

from chalicelib.domain.errors import InvalidFields
from chalicelib.domain.floor.sessions import Closing
from chalicelib.domain.floor.sessions import closed as close
from chalicelib.domain.floor.shifts import CloseSessions, ShiftOutcome, close_sessions, ending, outcomes
from chalicelib.domain.instants import CLOCK_GRACE
from chalicelib.domain.orders.changes import Change
from chalicelib.domain.orders.commands import Command, Subject
from chalicelib.domain.orders.session_records import Cause
from chalicelib.domain.orders.statuses import StageStatus
from chalicelib.domain.orders.work_orders import Order, Stage
from chalicelib.domain.tenant_settings import DEFAULT_SETTINGS
from tests.domain.builders import (
    DAY,
    FIRST,
    HOUR,
    MINUTE,
    MORNING,
    ORDER_ID,
    PELIN,
    SECOND,
    a_stage,
    an_order,
    at_work,
    finished,
    in_progress,
    paused,
)
from tests.domain.happenings import told

EVENING = MORNING + 8 * HOUR
END = CloseSessions("shift_end", (FIRST, SECOND))
ON_M1 = CloseSessions("shift_end", machine_id="M1")


def ended(order: Order, wanted: CloseSessions = END, at: datetime | None = EVENING) -> Change:
    change = close_sessions(order, PELIN, the_end(wanted, at), DEFAULT_SETTINGS)
    return told(order, change, Subject.ORDER, ORDER_ID)


def the_end(wanted: CloseSessions = END, at: datetime | None = EVENING) -> Command[CloseSessions]:
    return Command("c1", "close_sessions", ORDER_ID, wanted, EVENING + HOUR, at, Subject.ORDER)


def refused(order: Order, wanted: CloseSessions = END, at: datetime | None = EVENING) -> dict[str, str]:
    with pytest.raises(InvalidFields) as refusal:
        ended(order, wanted, at)
    return {error.field: error.code for error in refusal.value.errors}


def test_whoever_is_still_at_work_is_paused_with_the_reason_at_the_end_of_the_shift() -> None:
    order = an_order(in_progress(at_work(), at_work("oya")), in_progress(position=2))

    change = ended(order)

    assert [stage.status for stage in change.order.stages] == [StageStatus.PAUSED] * 2
    assert [stage.open_sessions for stage in change.order.stages] == [(), ()]
    assert [(each.stage_id, each.worker_id) for each in change.sessions] == [
        (FIRST, "veli"),
        (FIRST, "oya"),
        (SECOND, "veli"),
    ]
    assert {(each.ended_at, each.received_at, each.booked_by, each.pause_reason) for each in change.sessions} == {
        (EVENING, EVENING + HOUR, "pelin", "shift_end")
    }
    assert change.result == change.order


def test_without_a_time_the_shift_ends_when_it_is_said() -> None:
    (session,) = ended(an_order(in_progress()), at=None).sessions

    assert session.ended_at == EVENING + HOUR


@pytest.mark.parametrize(("late", "closes"), [(timedelta(0), True), (timedelta(milliseconds=1), False)])
def test_what_the_next_shift_began_is_left_alone(late: timedelta, *, closes: bool) -> None:
    newcomer = at_work("oya", EVENING + late)
    change = ended(an_order(in_progress(at_work(), newcomer)))

    assert [each.worker_id for each in change.sessions] == ["veli", *(["oya"] if closes else [])]
    (stage,) = change.order.stages
    assert stage.open_sessions == (() if closes else (newcomer,))
    assert stage.status is (StageStatus.PAUSED if closes else StageStatus.IN_PROGRESS)


def test_only_the_stages_that_are_meant_are_closed() -> None:
    order = an_order(in_progress(), in_progress(position=2))

    change = ended(order, CloseSessions("shift_end", (SECOND,)))

    assert change.order.stage(FIRST) == order.stage(FIRST)
    assert [each.stage_id for each in change.sessions] == [SECOND]


def test_on_a_machine_whoever_works_at_it_is_paused_whatever_the_stage() -> None:
    first = in_progress(at_work(machine_id="M1"), at_work("oya", machine_id="M2"))
    second = in_progress(at_work(machine_id="M1"), position=2, machine_id="M2")
    order = an_order(first, second, a_stage(3, machine_id="M1"))

    change = ended(order, ON_M1)

    assert [(each.stage_id, each.worker_id) for each in change.sessions] == [(FIRST, "veli"), (SECOND, "veli")]
    assert [each.worker_id for each in change.order.stage(FIRST).open_sessions] == ["oya"]


@pytest.mark.parametrize("stage", [a_stage(), paused(), finished()])
def test_where_nothing_is_open_nothing_changes(stage: Stage) -> None:
    order = an_order(stage)

    assert ended(order) == Change(order, result=order)


def test_sessions_come_to_the_same_as_if_each_had_been_paused() -> None:
    order = an_order(in_progress(at_work(), at_work("oya", MORNING + MINUTE)))
    at_once = ended(order)

    stage = order.stage(FIRST)
    for session in at_once.sessions:
        own = stage.session_of(session.worker_id)
        assert own is not None
        closing = Closing(session.ended_at, session.received_at, "pelin", "shift_end", cause=Cause.SHIFT_END)
        stage, (alone,) = close(stage, [own], closing)
        assert alone == session
    assert stage == at_once.order.stage(FIRST)


def test_an_end_in_the_future_or_for_a_reason_not_listed_is_refused() -> None:
    ahead = EVENING + HOUR + CLOCK_GRACE + MINUTE

    assert refused(an_order(), CloseSessions("nap", (FIRST,)), ahead) == {"at": "in_future", "pause_reason": "unknown"}


def test_a_session_of_more_than_a_year_is_not_closed_unseen() -> None:
    order = an_order(in_progress(at_work(since=EVENING - 366 * DAY)), in_progress(at_work(), position=2))

    assert ended(order).sessions != ()
    assert refused(an_order(in_progress(at_work(since=EVENING - 366 * DAY - MINUTE)))) == {"at": "too_long"}


def test_it_is_told_of_every_stage_how_it_came_out() -> None:
    order = an_order(in_progress(), a_stage(2), a_stage(3))

    assert outcomes(ended(order), (SECOND, "unknown")) == {
        FIRST: ShiftOutcome.CLOSED,
        SECOND: ShiftOutcome.NOTHING_OPEN,
    }


def test_what_would_end_is_seen_without_an_order() -> None:
    stage = in_progress(at_work(machine_id="M1"))

    assert ending(stage, the_end(ON_M1)) == list(stage.open_sessions)
    assert ending(stage, the_end(ON_M1, MORNING - MINUTE)) == []
    assert ending(stage, the_end(CloseSessions("shift_end", (SECOND,)))) == []
