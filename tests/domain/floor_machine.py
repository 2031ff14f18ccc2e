"""An order and its people as a state machine that hypothesis runs, and the laws of each step."""

import copy
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule

from chalicelib.domain.errors import TakipError
from chalicelib.domain.floor.stages import Book, Pause, Report, Start
from chalicelib.domain.orders.changes import Change
from chalicelib.domain.orders.commands import Because, Command, Subject
from chalicelib.domain.orders.flows import Flow
from chalicelib.domain.orders.session_records import (
    OpenSession,
    Session,
    SessionKind,
    SessionReport,
    completed,
    standing,
)
from chalicelib.domain.orders.transitions import TRANSITIONS, IllegalTransition, allowed
from chalicelib.domain.orders.work_orders import Order, Stage, StageNotFound
from chalicelib.domain.people.users import Actor
from chalicelib.domain.planning import holding
from chalicelib.domain.planning.assigning import Assign
from chalicelib.domain.tenant_settings import DEFAULT_SETTINGS
from tests.domain.builders import (
    BECAUSE,
    FIRST,
    HOUR,
    MINUTE,
    MORNING,
    ORDER_ID,
    OYA,
    PELIN,
    SECOND,
    VELI,
    a_stage,
    an_order,
    give,
)
from tests.domain.happenings import told

actors = st.sampled_from([VELI, OYA, PELIN])
stages = st.sampled_from([FIRST, SECOND])
# Mostly oneself and mostly about now, or next to nothing would ever be accepted.
workers = st.just(None) | st.sampled_from([None, "veli", "oya", "pelin"])
ages = st.none() | st.integers(-6, 60).map(lambda minutes: minutes * MINUTE) | st.timedeltas(-HOUR, timedelta(days=9))
amounts = st.sampled_from([Decimal(0), Decimal(1), Decimal("2.5"), Decimal(8)])
kinds = st.sampled_from(SessionKind)
reasons = st.sampled_from([None, None, "sold more"])
made = {"worker_id": workers, "good": amounts, "scrap": amounts, "rework": amounts, "reason": reasons}
reported = st.builds(Report, **made)
# Cancelling ends the game, so it is rare.
strokes = st.sampled_from([*[holding.hold, holding.release] * 10, holding.cancel])
booked = st.builds(Book, **made, started_at=st.just(MORNING), ended_at=st.just(MORNING), kind=kinds)


class Floor(RuleBasedStateMachine):
    """An order of ten pieces in two stages, with all people who may give commands."""

    def __init__(self) -> None:
        super().__init__()
        self.now = MORNING
        self.order: Order = an_order(
            a_stage(1, assignee_ids=("veli", "oya")), a_stage(2), created_at=MORNING - 8 * 24 * HOUR
        )
        self.sessions: list[Session] = []
        self.reports: list[SessionReport] = []
        self.begun: dict[str, OpenSession] = {}

    @initialize(flow=st.sampled_from(Flow))
    def an_order_flows(self, flow: Flow) -> None:
        self.order = replace(self.order, flow=flow)

    @rule(minutes=st.integers(1, 600))
    def time_passes(self, minutes: int) -> None:
        self.now += minutes * MINUTE

    @rule(actor=actors, stage=stages, age=ages, worker=workers, kind=kinds)
    def start(self, actor: Actor, stage: str, age: timedelta | None, worker: str | None, kind: SessionKind) -> None:
        self._given(actor, "start", Start(worker, kind=kind), stage, age)

    @rule(actor=actors, stage=stages, age=ages, worker=workers)
    def pause(self, actor: Actor, stage: str, age: timedelta | None, worker: str | None) -> None:
        self._given(actor, "pause", Pause(worker), stage, age)

    @rule(name=st.sampled_from(["report", "report", "done"]), actor=actors, stage=stages, age=ages, made=reported)
    def report(self, name: str, actor: Actor, stage: str, age: timedelta | None, made: Report) -> None:
        self._given(actor, name, made, stage, age)

    @rule(actor=actors, stage=stages, ago=st.integers(-5, 900), length=st.integers(-5, 300), made=booked)
    def book(self, actor: Actor, stage: str, ago: int, length: int, made: Book) -> None:
        start = self.now - ago * MINUTE
        self._given(actor, "book", replace(made, started_at=start, ended_at=start + length * MINUTE), stage, None)

    @rule(actor=actors, stage=stages, people=st.sets(st.sampled_from(["veli", "oya"])))
    def assign(self, actor: Actor, stage: str, people: set[str]) -> None:
        self._given(actor, "assign", Assign(tuple(sorted(people))), stage, None)

    @rule(actor=actors, name=st.sampled_from(["skip", "reopen"]), stage=stages)
    def end_or_begin_again(self, actor: Actor, name: str, stage: str) -> None:
        self._given(actor, name, BECAUSE, stage, None)

    @rule(decide=strokes)
    def stroke(self, decide: Any) -> None:
        """Hold, release or cancel the order. Hold and release change only the sessions they close."""
        before = self.order
        command: Command[Because] = Command("c", decide.__name__, ORDER_ID, BECAUSE, self.now, subject=Subject.ORDER)
        if decide.__name__ not in holding.allowed(before, PELIN):
            with pytest.raises(holding.IllegalOrderTransition):
                decide(before, PELIN, command, DEFAULT_SETTINGS)
            return
        change = told(before, decide(before, PELIN, command, DEFAULT_SETTINGS), Subject.ORDER, ORDER_ID)
        self.order = change.order
        self.sessions += change.sessions
        if decide is holding.release:
            assert replace(change.order, held=before.held) == before

    def _given(self, actor: Actor, name: str, payload: Any, stage_id: str, age: timedelta | None) -> None:
        """Give a command, and check the laws of one command."""
        before, untouched = self.order, copy.deepcopy(self.order)
        stage, at = before.stage(stage_id), None if age is None else self.now - age
        legal = any(
            row.source is stage.status and row.command == name and actor.role in row.roles for row in TRANSITIONS
        )
        refusal: TakipError | None = None
        try:
            change = give(before, actor, name, payload, stage=stage_id, at=at, received_at=self.now)
        except TakipError as error:
            refusal = error
        else:
            self._accepted(change, stage, actor, payload)
        if not stage.open_to(actor):
            assert isinstance(refusal, StageNotFound)
        elif not legal:
            assert isinstance(refusal, IllegalTransition)
            assert refusal.allowed == tuple(allowed(before, stage, actor))
        else:
            assert not isinstance(refusal, StageNotFound | IllegalTransition)
        assert before == untouched, "a decision changed what it was given"

    def _accepted(self, change: Change, before: Stage, actor: Actor, payload: Any) -> None:
        """Record an accepted command, and check the laws of its change."""
        after = change.order.stage(before.id)
        assert [each for each in change.order.stages if each is not after] == [
            each for each in self.order.stages if each is not before
        ]
        self.order = change.order
        if after.good > before.good and after.good > self.order.quantity:
            assert actor.plans
            assert payload.reason
        assert before.ended_at in (None, after.ended_at) or not after.ended
        opened = [session for session in after.open_sessions if session not in before.open_sessions]
        self.begun |= {session.id: session for session in opened}
        self.sessions += change.sessions
        self.reports += change.reports

    def of(self, stage: Stage) -> list[Session]:
        """The sessions of a stage that count, with their quantities. Open ones count as if they ended now."""
        going_on = [
            Session(each.id, stage.id, each.worker_id, each.kind, each.started_at, self.now, self.now, each.worker_id)
            for each in stage.open_sessions
        ]
        closed = [session for session in self.sessions if session.stage_id == stage.id]
        return standing(completed(closed + going_on, self.reports))
