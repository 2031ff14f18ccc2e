"""Late commands: a pause or report from a phone about a session that the server has closed meanwhile."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from typing import Any

import pytest

from chalicelib.domain.errors import InvalidFields
from chalicelib.domain.floor import offline
from chalicelib.domain.floor.sessions import OtherWorker, OverAllowedQuantity
from chalicelib.domain.floor.stages import Pause, Report
from chalicelib.domain.orders.changes import Change
from chalicelib.domain.orders.commands import Command
from chalicelib.domain.orders.session_records import Cause, Quantities, Session
from chalicelib.domain.orders.statuses import StageStatus
from chalicelib.domain.orders.work_orders import Order, Stage
from chalicelib.domain.people.users import Actor
from chalicelib.domain.tenant_settings import DEFAULT_SETTINGS
from tests.domain.builders import (
    DAY,
    FIRST,
    HOUR,
    MINUTE,
    MORNING,
    PELIN,
    VELI,
    a_session,
    an_order,
    at_work,
    finished,
    in_progress,
    paused,
)

HELD_AT = MORNING + HOUR
CLOSED = replace(
    a_session(MORNING, HELD_AT, name="s", made=Quantities(Decimal(2))), cause=Cause.HOLD, note="no drawing"
)


# Not assigned any more, which does not matter.
MINE = {"interrupted_ids": ("veli",), "assignee_ids": ()}


def said(payload: Pause | Report, at: datetime | None, received_at: datetime = HELD_AT + HOUR) -> Command[Any]:
    return Command("late", type(payload).__name__.lower(), FIRST, payload, received_at, at)


def give(order: Order, payload: Pause | Report, at: datetime, *, actor: Actor = VELI, **when: Any) -> Change:
    """Say something late of the session that the server closed."""
    decide: Any = offline.pause if isinstance(payload, Pause) else offline.report
    change: Change = decide(order, actor, said(payload, at, **when), DEFAULT_SETTINGS, CLOSED, [CLOSED])
    return change


def rested(**fields: Any) -> Order:
    return an_order(paused(**({"good": Decimal(2)} | fields)))


def test_a_pause_trims_the_session_to_when_it_was() -> None:
    change = give(rested(), Pause(pause_reason="break"), MORNING + 40 * MINUTE)
    (session,), stage = change.sessions, change.order.stages[0]
    assert (session.id, session.corrects, session.made) == ("late", "s", CLOSED.made)
    assert (session.started_at, session.ended_at) == (MORNING, MORNING + 40 * MINUTE)
    assert (session.pause_reason, session.cause, session.note) == ("break", None, "no drawing")
    assert (stage.last_session_end, stage.good, stage.status) == (session.ended_at, Decimal(2), StageStatus.PAUSED)
    assert change.result == stage


def test_a_pause_without_a_reason_is_other() -> None:
    (session,) = give(rested(), Pause(note="tea"), MORNING + MINUTE).sessions
    assert (session.pause_reason, session.note) == ("other", "tea")


def test_a_report_adds_to_the_session_and_leaves_its_times() -> None:
    wanted = Report(good=Decimal(3), scrap=Decimal(1), note="by hand")
    change = give(rested(), wanted, MORNING + 40 * MINUTE)
    (session,), stage = change.sessions, change.order.stages[0]
    assert (session.made, session.note) == (Quantities(Decimal(5), {"other": Decimal(1)}), "by hand")
    assert (session.ended_at, session.cause) == (HELD_AT, Cause.HOLD)
    assert (stage.good, stage.scrap, stage.last_session_end) == (Decimal(5), Decimal(1), HELD_AT)
    (other,) = give(rested(), Report(good=Decimal(3)), MORNING).sessions
    assert other.note == "no drawing"


def test_it_is_taken_whatever_the_stage_is_now() -> None:
    done = an_order(finished(good=Decimal(2), closed_at=HELD_AT + MINUTE, ended_at=HELD_AT + MINUTE))
    stage = give(done, Report(good=Decimal(1)), MORNING).order.stages[0]
    assert (stage.status, stage.good, stage.ended_at) == (StageStatus.DONE, Decimal(3), HELD_AT + MINUTE)


@pytest.mark.parametrize("wanted", [Pause(pause_reason="rust"), Report(), Report(scrap=Decimal(1), scrap_reason="x")])
def test_what_it_says_is_judged_as_ever(wanted: Pause | Report) -> None:
    with pytest.raises(InvalidFields):
        give(rested(), wanted, MORNING)


@pytest.mark.parametrize("wanted", [Pause(), Report(good=Decimal(1))])
def test_after_a_week_it_is_too_late(wanted: Pause | Report) -> None:
    with pytest.raises(InvalidFields, match="7 days"):
        give(rested(), wanted, MORNING, received_at=MORNING + 8 * DAY)
    planned = Pause("veli") if isinstance(wanted, Pause) else replace(wanted, worker_id="veli")
    assert give(rested(), planned, MORNING, actor=PELIN, received_at=MORNING + 8 * DAY).sessions


def test_no_more_than_the_allowed_is_taken() -> None:
    with pytest.raises(OverAllowedQuantity):
        give(rested(), Report(good=Decimal(9)), MORNING)


@pytest.mark.parametrize(
    ("order", "at", "late"),
    [
        (rested(**MINE), MORNING, True),
        (rested(**MINE), None, False),
        (rested(), MORNING, False),
        (rested(interrupted_ids=("oya",)), MORNING, False),
        (an_order(in_progress(at_work(since=MORNING), **MINE)), MORNING, False),
        (an_order(in_progress(at_work(since=HELD_AT), **MINE)), HELD_AT - MINUTE, True),
        (an_order(in_progress(at_work("oya"), **MINE)), MORNING, True),
    ],
)
def test_what_speaks_of_a_moment_without_an_open_session_may_be_late(
    order: Order, at: datetime | None, *, late: bool
) -> None:
    assert offline.may_be_late(order, VELI, said(Pause(), at)) is late


@pytest.mark.parametrize(
    ("recorded", "at", "found"),
    [
        ([CLOSED], MORNING, True),
        ([CLOSED], HELD_AT, True),
        ([CLOSED], HELD_AT + MINUTE, False),
        ([CLOSED], MORNING - MINUTE, False),
        ([replace(CLOSED, cause=None)], MORNING, False),
        ([replace(CLOSED, worker_id="oya")], MORNING, False),
        ([CLOSED, replace(CLOSED, id="void", corrects="s", voided=True)], MORNING, False),
        ([], MORNING, False),
    ],
)
def test_it_belongs_to_the_session_of_its_worker_that_the_server_closed_later(
    recorded: Sequence[Session], at: datetime, *, found: bool
) -> None:
    closed = offline.closed_later(VELI, said(Pause(), at), recorded)
    assert closed == (CLOSED if found else None)


def test_it_is_taken_on_the_session_as_it_stands_by_now() -> None:
    trimmed = replace(CLOSED, id="trimmed", corrects="s", ended_at=MORNING + 30 * MINUTE, cause=None)
    assert offline.closed_later(VELI, said(Pause(), MORNING + 40 * MINUTE), [CLOSED, trimmed]) == trimmed


def test_a_second_pause_makes_it_no_longer() -> None:
    trimmed = replace(CLOSED, id="trimmed", corrects="s", ended_at=MORNING + 30 * MINUTE, cause=None)
    command = said(Pause(pause_reason="break"), MORNING + 40 * MINUTE)
    change = offline.pause(rested(), VELI, command, DEFAULT_SETTINGS, trimmed, [CLOSED, trimmed])
    assert [(each.ended_at, each.pause_reason) for each in change.sessions] == [(trimmed.ended_at, "break")]


def test_whoever_lost_the_stage_is_shown_only_their_own_part_of_it() -> None:
    of_oya = replace(CLOSED, id="o", worker_id="oya", machine_id="M1", made=Quantities(Decimal(4)))
    order = rested(good=Decimal(6), interrupted_ids=("veli",), assignee_ids=("oya",))
    wanted = Report(good=Decimal(1))
    change = offline.report(order, VELI, said(wanted, MORNING + MINUTE), DEFAULT_SETTINGS, CLOSED, [CLOSED, of_oya])
    shown, stands = change.result, change.order.stages[0]
    assert isinstance(shown, Stage)
    assert (shown.good, shown.status, shown.people) == (Decimal(3), StageStatus.PAUSED, ())
    assert (shown.started_at, shown.last_session_end, shown.machine_id) == (MORNING, HELD_AT, None)
    assert (shown.name, shown.window, shown.interrupted_ids) == (stands.name, stands.window, ())
    assert (stands.good, stands.assignee_ids) == (Decimal(7), ("oya",))


def test_whoever_lost_the_stage_speaks_for_nobody_else() -> None:
    assert not offline.may_be_late(rested(**MINE), VELI, said(Pause("oya"), MORNING))
    assert offline.may_be_late(rested(**MINE), VELI, said(Pause("veli"), MORNING))


def test_nobody_but_a_planner_speaks_for_another() -> None:
    with pytest.raises(OtherWorker):
        offline.may_be_late(rested(), VELI, said(Pause("oya"), MORNING))
    of_oya = replace(CLOSED, worker_id="oya")
    assert offline.closed_later(PELIN, said(Pause("oya"), MORNING), [of_oya]) == of_oya
