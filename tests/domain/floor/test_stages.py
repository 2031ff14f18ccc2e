"""Starting and pausing stages, and who may work on them."""

from dataclasses import replace
from datetime import datetime
from decimal import Decimal

import pytest

from chalicelib.domain.errors import FieldError, InvalidFields
from chalicelib.domain.floor.sessions import NoOpenSession, OtherWorker, SessionAlreadyOpen, TooManyOpenSessions
from chalicelib.domain.floor.stages import Pause, Report, Start
from chalicelib.domain.orders.session_records import Quantities, SessionKind
from chalicelib.domain.orders.statuses import OrderStatus, StageStatus
from chalicelib.domain.orders.transitions import IllegalTransition, NotAssigned
from chalicelib.domain.orders.work_orders import StageNotFound
from chalicelib.domain.people.users import Actor
from chalicelib.domain.planning.assigning import Assign
from tests.domain.builders import (
    ADA,
    HOUR,
    MORNING,
    OYA,
    PELIN,
    SECOND,
    VELI,
    a_stage,
    an_order,
    at_work,
    clock,
    give,
    in_progress,
    paused,
)


def fields(refusal: pytest.ExceptionInfo[InvalidFields]) -> list[tuple[str, str]]:
    return [(error.field, error.code) for error in refusal.value.errors]


# --- start ------------------------------------------------------------------------------------------------------------


def test_starting_opens_a_session_of_the_worker_at_the_devices_time() -> None:
    change = give(an_order(), VELI, "start", Start(kind=SessionKind.SETUP), at=clock(8, 10), received_at=clock(9))
    stage = change.order.stages[0]
    (session,) = stage.open_sessions
    assert (session.worker_id, session.started_at, session.kind) == ("veli", clock(8, 10), SessionKind.SETUP)
    assert (stage.status, stage.started_at) == (StageStatus.IN_PROGRESS, clock(8, 10))
    assert (change.order.status, change.order.started_at) == (OrderStatus.IN_PROGRESS, clock(8, 10))
    assert (change.result, change.sessions, change.reports, change.created) == (stage, (), (), False)


def test_without_a_devices_time_a_command_happened_when_it_was_received() -> None:
    change = give(an_order(), VELI, "start", received_at=clock(9))
    assert change.order.stages[0].open_sessions[0].started_at == clock(9)


@pytest.mark.parametrize(("named", "machine"), [(None, "m1"), ("m2", "m2")])
def test_a_session_runs_on_the_stages_machine_unless_another_is_named(named: str | None, machine: str) -> None:
    change = give(an_order(a_stage(machine_id="m1")), VELI, "start", Start(machine_id=named))
    assert change.order.stages[0].open_sessions[0].machine_id == machine


def test_resuming_keeps_the_earliest_start() -> None:
    for at, started_at in ((clock(11), MORNING), (clock(7, 30), clock(7, 30))):
        change = give(an_order(paused()), VELI, "start", at=at, received_at=clock(11))
        assert change.order.stages[0].started_at == started_at


def test_several_workers_may_work_on_a_stage() -> None:
    order = an_order(in_progress(assignee_ids=("veli", "oya")))
    stage = give(order, OYA, "start").order.stages[0]
    assert [session.worker_id for session in stage.open_sessions] == ["veli", "oya"]


def test_a_worker_may_work_on_several_stages() -> None:
    change = give(an_order(in_progress(), a_stage(2)), VELI, "start", stage=SECOND)
    assert [stage.status for stage in change.order.stages] == [StageStatus.IN_PROGRESS, StageStatus.IN_PROGRESS]


def test_a_worker_has_one_open_session_on_a_stage() -> None:
    with pytest.raises(SessionAlreadyOpen) as refusal:
        give(an_order(in_progress()), VELI, "start")
    assert refusal.value.since == MORNING


def test_a_worker_cannot_start_a_stage_assigned_to_someone_else() -> None:
    with pytest.raises(StageNotFound):
        give(an_order(a_stage(assignee_ids=("oya",))), VELI, "start")


def test_a_worker_cannot_act_in_another_workers_name() -> None:
    for name, payload in (("start", Start("oya")), ("pause", Pause("oya")), ("report", Report("oya", Decimal(1)))):
        order = an_order(in_progress(at_work(), at_work("oya"), assignee_ids=("veli", "oya")))
        with pytest.raises(OtherWorker):
            give(order, VELI, name, payload)


@pytest.mark.parametrize("actor", [ADA, PELIN])
def test_planners_start_any_stage_for_anybody_and_for_themselves(actor: Actor) -> None:
    order = an_order(a_stage(assignee_ids=()))
    for worker_id in ("oya", None):
        (session,) = give(order, actor, "start", Start(worker_id)).order.stages[0].open_sessions
        assert session.worker_id == (worker_id or actor.user_id)


def test_naming_oneself_is_the_same_as_naming_nobody() -> None:
    assert give(an_order(), VELI, "start", Start("veli")).order.stages[0].open_sessions[0].worker_id == "veli"


def test_an_order_has_at_most_forty_open_sessions_over_all_its_stages() -> None:
    twenty = [at_work(f"w{n}") for n in range(20)]
    nineteen = in_progress(*twenty[:19], position=2, id=SECOND)
    order = an_order(in_progress(*twenty), nineteen)
    full = give(order, VELI, "start", stage=SECOND).order
    with pytest.raises(TooManyOpenSessions):
        give(full, PELIN, "start")


# --- pause ------------------------------------------------------------------------------------------------------------


def test_pausing_closes_the_workers_session_for_ever() -> None:
    order = an_order(in_progress(at_work(kind=SessionKind.REWORK, machine_id="m1")))
    change = give(order, VELI, "pause", Pause(pause_reason="break", note="tea"), at=clock(9), received_at=clock(10))
    stage = change.order.stages[0]
    (session,) = change.sessions
    assert (stage.status, stage.open_sessions, stage.last_session_end) == (StageStatus.PAUSED, (), clock(9))
    assert (session.id, session.stage_id, session.worker_id) == ("of-veli", stage.id, "veli")
    assert (session.started_at, session.ended_at, session.received_at) == (MORNING, clock(9), clock(10))
    assert (session.pause_reason, session.note, session.booked_by) == ("break", "tea", "veli")
    assert (session.kind, session.machine_id, session.made) == (SessionKind.REWORK, "m1", Quantities())


def test_a_pause_without_a_reason_has_another() -> None:
    assert give(an_order(in_progress()), VELI, "pause").sessions[0].pause_reason == "other"


def test_a_stage_stays_in_progress_until_its_last_session_closes() -> None:
    order = an_order(in_progress(at_work("veli"), at_work("oya"), assignee_ids=("veli", "oya")))
    first = give(order, VELI, "pause").order
    assert first.stages[0].status is StageStatus.IN_PROGRESS
    assert give(first, OYA, "pause").order.stages[0].status is StageStatus.PAUSED


def test_a_planner_pauses_somebody_by_name_only() -> None:
    order = an_order(in_progress())
    assert give(order, PELIN, "pause", Pause("veli")).sessions[0].booked_by == "pelin"
    with pytest.raises(NoOpenSession):
        give(order, PELIN, "pause")


def test_somebody_not_at_work_has_nothing_to_pause_or_report() -> None:
    order = an_order(in_progress(assignee_ids=("veli", "oya")))
    for name in ("pause", "report"):
        with pytest.raises(NoOpenSession):
            give(order, OYA, name)


def test_the_last_end_of_a_session_is_the_latest_whatever_the_order_of_closing() -> None:
    order = an_order(in_progress(at_work("veli"), at_work("oya"), assignee_ids=("veli", "oya")))
    after = give(order, VELI, "pause", at=clock(10)).order
    assert give(after, OYA, "pause", at=clock(9), received_at=clock(10)).order.stages[0].last_session_end == clock(10)


def test_a_pause_reason_is_one_of_the_plants_and_is_told_with_everything_else() -> None:
    with pytest.raises(InvalidFields) as refusal:
        give(an_order(in_progress()), VELI, "pause", Pause(pause_reason="rain"), at=clock(10), received_at=clock(9))
    assert fields(refusal) == [("at", "in_future"), ("pause_reason", "unknown")]
    assert "shift_end" in refusal.value.errors[1].message


# --- assign -----------------------------------------------------------------------------------------------------------


def test_assigning_replaces_the_people_each_once() -> None:
    stage = give(an_order(), PELIN, "assign", Assign(("oya", "ali", "oya"))).order.stages[0]
    assert stage.assignee_ids == ("oya", "ali")
    assert give(an_order(), ADA, "assign", Assign(())).order.stages[0].assignee_ids == ()


def test_assigning_changes_nothing_else() -> None:
    before = an_order(in_progress())
    after = give(before, PELIN, "assign", Assign(("oya",))).order
    assert replace(after.stages[0], assignee_ids=("veli",)) == before.stages[0]


def test_more_people_than_a_stage_or_an_order_takes_are_refused() -> None:
    crowd = tuple(f"w{n}" for n in range(31))
    give(an_order(), PELIN, "assign", Assign(crowd[:30]))
    with pytest.raises(InvalidFields) as refusal:
        give(an_order(), PELIN, "assign", Assign(crowd))
    assert refusal.value.errors == (FieldError("user_ids", "at most 30 assignees per stage", "too_many"),)
    full = an_order(*[a_stage(n, assignee_ids=crowd[:20]) for n in (1, 2, 3)], a_stage(4, assignee_ids=()))
    give(full, PELIN, "assign", Assign(crowd[:16]), stage="order-04")
    with pytest.raises(InvalidFields):
        give(full, PELIN, "assign", Assign(crowd[:17]), stage="order-04")


def test_somebody_unassigned_may_end_their_session_but_begin_or_finish_nothing() -> None:
    order = an_order(in_progress(assignee_ids=("oya",)))
    give(order, VELI, "report")
    give(order, VELI, "pause")
    for name in ("start", "done", "book"):
        with pytest.raises(NotAssigned) as refusal:
            give(order, VELI, name)
        assert refusal.value.allowed == ("pause", "report")


def test_a_worker_assigns_nobody() -> None:
    with pytest.raises(IllegalTransition):
        give(an_order(), VELI, "assign")


@pytest.mark.parametrize("at", [MORNING, MORNING + HOUR])
def test_an_order_is_not_changed_by_deciding_on_it(at: datetime) -> None:
    order = an_order(in_progress())
    before = replace(order)
    give(order, VELI, "pause", at=at)
    assert order == before
