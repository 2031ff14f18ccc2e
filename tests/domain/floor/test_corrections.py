"""Corrections: who may correct a closed session, with which values, and the effect on its stage."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from chalicelib.domain.errors import InvalidFields
from chalicelib.domain.floor.corrections import (
    Correct,
    CorrectionForbidden,
    SessionCorrected,
    SessionNotFound,
    SessionStillOpen,
    SessionVoided,
    correct,
)
from chalicelib.domain.floor.sessions import OverAllowedQuantity
from chalicelib.domain.orders.changes import Change, UpstreamShort
from chalicelib.domain.orders.commands import Command
from chalicelib.domain.orders.flows import Flow
from chalicelib.domain.orders.session_records import Quantities, Session, SessionKind
from chalicelib.domain.orders.statuses import StageStatus
from chalicelib.domain.orders.transitions import OrderIsHeld
from chalicelib.domain.orders.work_orders import Held, Order, Stage
from chalicelib.domain.people.users import Actor
from chalicelib.domain.tenant_settings import DEFAULT_SETTINGS
from tests.domain.builders import (
    DAY,
    FIRST,
    HOUR,
    MINUTE,
    MORNING,
    OYA,
    PELIN,
    VELI,
    a_session,
    a_stage,
    an_order,
    clock,
    finished,
    in_progress,
    paused,
)

MADE = Quantities(Decimal(4), {"surface": Decimal(2)}, Decimal(1))
SESSION = a_session(MORNING, MORNING + HOUR, made=MADE, name="s")
TOTALS: dict[str, Any] = {"good": Decimal(4), "scrap": Decimal(2), "rework": Decimal(1)}


def give(
    order: Order,
    actor: Actor,
    recorded: Sequence[Session] = (SESSION,),
    *,
    session: str = "s",
    at: datetime = MORNING + 2 * HOUR,
    **values: Any,
) -> Change:
    """Correct a session, an hour after it ended unless told otherwise."""
    wanted = Correct(session, "miscounted", **values)
    return correct(order, actor, Command("correction", "correct", FIRST, wanted, at), DEFAULT_SETTINGS, recorded)


def corrected(order: Order, recorded: Sequence[Session] = (SESSION,), **values: Any) -> tuple[Stage, Session]:
    """The stage and the session after a planner's correction."""
    change = give(order, PELIN, recorded, **values)
    (session,) = change.sessions
    assert (change.result, change.created) == (session, False)
    return change.order.stages[0], session


def an_hours_work(**fields: Any) -> Order:
    """An order with one paused stage on which that session was worked."""
    return an_order(paused(**(TOTALS | fields)))


def test_a_correction_is_a_record_of_its_own_that_stands_in_the_place_of_the_other() -> None:
    stage, session = corrected(an_hours_work(), good=Decimal(3))
    assert (session.id, session.corrects, session.booked_by) == ("correction", "s", "pelin")
    assert session.received_at == MORNING + 2 * HOUR
    assert session.made == replace(MADE, good=Decimal(3))
    assert (stage.good, stage.scrap, stage.rework) == (Decimal(3), Decimal(2), Decimal(1))


def test_what_is_not_named_stays() -> None:
    machine = replace(SESSION, machine_id="M1", note="old", pause_reason="break")
    _, session = corrected(an_hours_work(), [machine], rework=Decimal(0))
    same = replace(session, id="s", corrects=None, booked_by="veli", received_at=SESSION.received_at, made=MADE)
    assert (session.first_id, session.first_started_at) == ("s", SESSION.started_at)
    assert replace(same, first_id=None, first_started_at=None) == machine


def test_everything_can_be_corrected() -> None:
    values: dict[str, Any] = {
        "started_at": MORNING + MINUTE,
        "ended_at": MORNING + 2 * MINUTE,
        "machine_id": "M2",
        "kind": SessionKind.SETUP,
        "note": "new",
    }
    stage, session = corrected(an_hours_work(), **values)
    assert {name: getattr(session, name) for name in values} == values
    assert (stage.started_at, stage.last_session_end) == (MORNING + MINUTE, MORNING + 2 * MINUTE)


@pytest.mark.parametrize(
    ("values", "scrap"),
    [
        ({}, {"surface": Decimal(2)}),
        ({"scrap": Decimal(3)}, {"surface": Decimal(3)}),
        ({"scrap_reason": "setup"}, {"setup": Decimal(2)}),
        ({"scrap": Decimal(3), "scrap_reason": "setup"}, {"setup": Decimal(3)}),
        ({"scrap": Decimal(0)}, None),
    ],
)
def test_scrap_keeps_its_reason_unless_another_is_named(values: Any, scrap: dict[str, Decimal] | None) -> None:
    _, session = corrected(an_hours_work(), good=Decimal(4), **values)
    assert session.made.scrap == scrap


def test_scrap_of_several_reasons_keeps_them_as_long_as_its_quantity_and_is_other_beyond() -> None:
    mixed = replace(SESSION, made=replace(MADE, scrap={"surface": Decimal(1), "setup": Decimal(1)}))
    _, same = corrected(an_hours_work(), [mixed], scrap=Decimal(2), good=Decimal(1))
    assert same.made.scrap == mixed.made.scrap
    _, session = corrected(an_hours_work(), [mixed], scrap=Decimal(3))
    assert session.made.scrap == {"other": Decimal(3)}


def test_another_kind_moves_what_was_made_out_of_the_rework_or_back() -> None:
    stage, _ = corrected(an_hours_work(), kind=SessionKind.REWORK)
    assert (stage.good, stage.good_from_rework, stage.rework) == (Decimal(4), Decimal(4), Decimal(-5))
    reworked = replace(SESSION, kind=SessionKind.REWORK)
    back, _ = corrected(an_order(stage), [reworked], kind=SessionKind.RUN)
    assert back == an_hours_work().stages[0]


def test_a_voided_session_counts_for_nothing() -> None:
    stage, session = corrected(an_hours_work(), void=True)
    assert (session.voided, session.made) == (True, Quantities())
    assert stage == paused(started_at=None, last_session_end=None)


def test_a_stage_begins_and_rests_with_the_sessions_that_are_left() -> None:
    other = a_session(MORNING + 10 * MINUTE, MORNING + 20 * MINUTE, name="other")
    stage, _ = corrected(an_hours_work(), [SESSION, other], void=True)
    assert (stage.started_at, stage.last_session_end) == (other.started_at, other.ended_at)


def test_a_session_that_goes_on_still_begins_its_stage() -> None:
    stage, _ = corrected(an_order(in_progress(**TOTALS)), void=True)
    assert (stage.started_at, stage.last_session_end) == (MORNING, None)


def test_a_done_stage_ended_when_it_was_said_or_with_its_last_session_if_that_is_later() -> None:
    done = finished(**TOTALS, closed_at=MORNING + 30 * MINUTE)
    shorter, _ = corrected(an_order(done), ended_at=MORNING + 50 * MINUTE)
    shortest, _ = corrected(an_order(done), ended_at=MORNING + 10 * MINUTE)
    assert (shorter.ended_at, shortest.ended_at) == (MORNING + 50 * MINUTE, MORNING + 30 * MINUTE)
    assert shorter.status is StageStatus.DONE


def test_a_done_stage_is_not_worked_on_after_its_end() -> None:
    with pytest.raises(InvalidFields, match="ended_at: must not be after the stage's end"):
        give(an_order(finished(closed_at=MORNING)), PELIN, ended_at=MORNING + HOUR + MINUTE)


def test_only_the_newest_of_a_chain_is_corrected() -> None:
    newest = replace(SESSION, id="newest", corrects="s", received_at=MORNING + 2 * HOUR)
    with pytest.raises(SessionCorrected, match="Session newest replaces it") as refused:
        give(an_hours_work(), PELIN, [SESSION, newest], good=Decimal(1))
    assert refused.value.since == newest.received_at
    stage, session = corrected(an_hours_work(), [SESSION, newest], session="newest", good=Decimal(1))
    assert (session.corrects, stage.good) == ("newest", Decimal(1))


@pytest.mark.parametrize("session", ["s", "gone"])
def test_what_was_voided_stays_void(session: str) -> None:
    gone = replace(SESSION, id="gone", corrects="s", voided=True, made=Quantities())
    with pytest.raises(SessionVoided, match="book a new session"):
        give(an_hours_work(), PELIN, [SESSION, gone], session=session, good=Decimal(1))


def test_there_must_be_such_a_session_and_it_must_be_over() -> None:
    with pytest.raises(SessionNotFound):
        give(an_hours_work(), PELIN, session="x", good=Decimal(1))
    with pytest.raises(SessionStillOpen) as refused:
        give(an_order(in_progress()), PELIN, session="of-veli", good=Decimal(1))
    assert refused.value.allowed == ("pause", "done")


def test_workers_correct_what_is_their_own_for_a_day_after_it_was_booked() -> None:
    order, booked_at = an_hours_work(assignee_ids=("veli", "oya")), SESSION.received_at
    assert give(order, VELI, at=booked_at + DAY, good=Decimal(1)).sessions
    for actor, at in ((VELI, booked_at + DAY + timedelta(milliseconds=1)), (OYA, booked_at)):
        with pytest.raises(CorrectionForbidden, match="24 hours"):
            give(order, actor, at=at, good=Decimal(1))
        assert give(order, PELIN, at=at, good=Decimal(1)).sessions


def test_correcting_again_does_not_give_a_worker_another_day() -> None:
    newest = replace(SESSION, id="newest", corrects="s", received_at=SESSION.received_at + DAY)
    with pytest.raises(CorrectionForbidden):
        give(an_hours_work(), VELI, [SESSION, newest], session="newest", at=clock(11, day=6), good=Decimal(1))


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"started_at": MORNING + 2 * HOUR}, "ended_at"),
        ({"ended_at": MORNING + 3 * HOUR}, "ended_at"),
        ({"started_at": MORNING - 2 * HOUR}, "started_at"),
        ({"scrap": Decimal(1), "scrap_reason": "rust"}, "scrap_reason"),
        ({"scrap": Decimal(0), "scrap_reason": "setup"}, "scrap_reason"),
    ],
)
def test_new_values_are_judged_as_booked_ones(values: Any, field: str) -> None:
    with pytest.raises(InvalidFields) as refused:
        give(an_hours_work(), VELI, **values)
    assert [error.field for error in refused.value.errors] == [field]


def test_times_that_are_not_named_are_not_judged_again() -> None:
    ancient = replace(SESSION, started_at=MORNING - 30 * DAY, ended_at=MORNING - 30 * DAY)
    assert give(an_hours_work(), VELI, [ancient], good=Decimal(1)).sessions


def test_a_worker_does_not_correct_beyond_the_allowed_and_a_planner_does_as_there_is_a_reason() -> None:
    with pytest.raises(OverAllowedQuantity):
        give(an_hours_work(), VELI, good=Decimal(11))
    assert corrected(an_hours_work(), good=Decimal(11))[0].good == 11


def test_what_another_stage_has_used_is_not_corrected_away() -> None:
    second = a_stage(2, good=Decimal(4))
    order = an_order(paused(**TOTALS), second, flow=Flow.STREAMING)
    with pytest.raises(UpstreamShort):
        give(order, PELIN, good=Decimal(3))
    assert corrected(order, good=Decimal(4), rework=Decimal(0))[0].rework == 0


def test_a_session_of_a_held_order_is_not_made_longer_than_the_hold_lets_it() -> None:
    held = replace(an_hours_work(), held=Held("no drawing", MORNING + 90 * MINUTE, "pelin"))
    with pytest.raises(OrderIsHeld):
        give(held, PELIN, ended_at=MORNING + 100 * MINUTE)
    assert corrected(held, ended_at=MORNING + 90 * MINUTE)[1].ended_at == MORNING + 90 * MINUTE
    assert corrected(held, good=Decimal(1))[1].ended_at == SESSION.ended_at
