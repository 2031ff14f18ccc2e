"""Slow clocks: what is a little too early is moved and told; what is more is refused as before."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from chalicelib.domain.errors import InvalidFields
from chalicelib.domain.floor import stages
from chalicelib.domain.floor.grace import Starts, dated, graceful, no_starts, start_of_worker, starts_of_all
from chalicelib.domain.floor.stages import Book, Pause, Report, Start
from chalicelib.domain.orders.changes import Change, Decide
from chalicelib.domain.orders.commands import Command
from chalicelib.domain.orders.work_orders import Order
from chalicelib.domain.people.users import Actor
from chalicelib.domain.planning import assigning
from chalicelib.domain.planning.assigning import Assign
from chalicelib.domain.tenant_settings import DEFAULT_SETTINGS
from tests.domain.builders import FIRST, MINUTE, MORNING, PELIN, VELI, a_stage, an_order, at_work, clock, in_progress

RULES: dict[str, tuple[Decide[Any], Any, Starts]] = {
    "start": (stages.start, Start(), no_starts),
    "pause": (stages.pause, Pause(), start_of_worker),
    "report": (stages.report, Report(good=1), start_of_worker),  # type: ignore[arg-type]
    "done": (stages.done, Report(), starts_of_all),
}
SECONDS = timedelta(seconds=30)


def told(order: Order, name: str, at: datetime | None, actor: Actor = VELI) -> Change:
    decide, payload, starts = RULES[name]
    command: Command[Any] = Command("c1", name, FIRST, payload, clock(10), at)
    return graceful(decide, starts=starts)(order, actor, command, DEFAULT_SETTINGS)


def test_a_start_a_little_before_the_order_was_created_is_moved_there_and_told() -> None:
    order = an_order(created_at=MORNING)
    change = told(order, "start", MORNING - SECONDS)
    assert change.adjusted == {"at": MORNING}
    assert change.order.stage(FIRST).open_sessions[0].started_at == MORNING
    assert told(order, "start", MORNING).adjusted == {}
    assert told(order, "start", None).adjusted == {}
    assert told(order, "start", MORNING - 5 * MINUTE).adjusted == {"at": MORNING}
    with pytest.raises(InvalidFields, match="before the order"):
        told(order, "start", MORNING - 5 * MINUTE - timedelta(milliseconds=1))


def test_a_planner_names_any_past_and_nothing_is_moved() -> None:
    change = told(an_order(created_at=MORNING), "start", MORNING - SECONDS, PELIN)
    assert change.adjusted == {}
    assert change.order.stage(FIRST).open_sessions[0].started_at == MORNING - SECONDS


@pytest.mark.parametrize("name", ["pause", "report", "done"])
def test_a_word_a_little_before_its_session_began_is_moved_to_its_start(name: str) -> None:
    order = an_order(in_progress(at_work(since=clock(9)), at_work("oya", since=clock(8))))
    assert told(order, name, clock(9) - SECONDS).adjusted == {"at": clock(9)}
    with pytest.raises(InvalidFields, match="before the start"):
        told(order, name, clock(9) - 6 * MINUTE)


def test_a_word_of_somebody_without_an_open_session_is_moved_to_no_start() -> None:
    stage = in_progress(at_work("oya", since=clock(9)))
    command: Command[Pause | Report] = Command("c1", "pause", FIRST, Pause(), clock(10), clock(9) - SECONDS)
    assert start_of_worker(stage, VELI, command) == []
    assert starts_of_all(stage, VELI, command) == [clock(9)]


def test_a_booked_session_a_little_before_the_order_is_moved_too() -> None:
    wanted = Book(started_at=MORNING - 2 * MINUTE, ended_at=MORNING - MINUTE)
    command = Command("c1", "book", FIRST, wanted, clock(10))
    change = graceful(stages.book)(an_order(created_at=MORNING), VELI, command, DEFAULT_SETTINGS)
    assert change.adjusted == {"started_at": MORNING, "ended_at": MORNING}
    assert (change.sessions[0].started_at, change.sessions[0].ended_at) == (MORNING, MORNING)


def test_a_time_that_decides_nothing_is_judged_as_any_other() -> None:
    command = Command("c1", "assign", FIRST, Assign(("veli",)), clock(10), clock(10, 5))
    decide = dated(assigning.assign)
    assert decide(an_order(a_stage()), PELIN, command, DEFAULT_SETTINGS).order.stage(FIRST).assignee_ids == ("veli",)
    with pytest.raises(InvalidFields, match="future"):
        decide(an_order(a_stage()), PELIN, replace(command, at=clock(10, 6)), DEFAULT_SETTINGS)
