"""Laws that hold whatever several workers and a planner do to an order, and however late they say so."""

import copy
from collections import Counter
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from chalicelib.domain import orders
from chalicelib.domain.commands import Change, Command
from chalicelib.domain.errors import TakipError
from chalicelib.domain.flows import Flow, overdrawn
from chalicelib.domain.records import OpenSession, Report, Session, SessionKind, complete
from chalicelib.domain.stages import Book, Pause, Start
from chalicelib.domain.stages import Report as ReportMade
from chalicelib.domain.statuses import OrderStatus, StageStatus
from chalicelib.domain.supervision import Assign, Because
from chalicelib.domain.tenants import DEFAULT_SETTINGS
from chalicelib.domain.transitions import TRANSITIONS, IllegalTransition, allowed
from chalicelib.domain.users import Actor
from chalicelib.domain.work_orders import Order, Stage, StageNotFound
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

actors = st.sampled_from([VELI, OYA, PELIN])
stages = st.sampled_from([FIRST, SECOND])
# Mostly oneself and mostly about now, or next to nothing would ever be accepted.
workers = st.just(None) | st.sampled_from([None, "veli", "oya", "pelin"])
ages = st.none() | st.integers(-6, 60).map(lambda minutes: minutes * MINUTE) | st.timedeltas(-HOUR, timedelta(days=9))
amounts = st.sampled_from([Decimal(0), Decimal(1), Decimal("2.5"), Decimal(8)])
kinds = st.sampled_from(SessionKind)
reasons = st.sampled_from([None, None, "sold more"])
made = {"worker_id": workers, "good": amounts, "scrap": amounts, "rework": amounts, "reason": reasons}
reported = st.builds(ReportMade, **made)
# Cancelling ends the game, so it is rare.
strokes = st.sampled_from([*[orders.hold, orders.release] * 10, orders.cancel])
booked = st.builds(Book, **made, started_at=st.just(MORNING), ended_at=st.just(MORNING), kind=kinds)


class Floor(RuleBasedStateMachine):
    """An order of ten pieces in two stages, and everybody who has a say in it."""

    def __init__(self) -> None:
        super().__init__()
        self.now = MORNING
        self.order: Order = an_order(
            a_stage(1, assignee_ids=("veli", "oya")), a_stage(2), created_at=MORNING - 8 * 24 * HOUR
        )
        self.sessions: list[Session] = []
        self.reports: list[Report] = []
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
    def report(self, name: str, actor: Actor, stage: str, age: timedelta | None, made: ReportMade) -> None:
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
        """Hold, release or cancel the whole order; holding and releasing change nothing but the sessions they close."""
        before = self.order
        command: Command[Because] = Command("c", decide.__name__, ORDER_ID, BECAUSE, self.now, on_order=True)
        if decide.__name__ not in orders.allowed(before, PELIN):
            with pytest.raises(orders.IllegalOrderTransition):
                decide(before, PELIN, command, DEFAULT_SETTINGS)
            return
        change = decide(before, PELIN, command, DEFAULT_SETTINGS)
        self.order = change.order
        self.sessions += change.sessions
        if decide is orders.release:
            assert replace(change.order, held=before.held) == before

    def _given(self, actor: Actor, name: str, payload: Any, stage_id: str, age: timedelta | None) -> None:
        """Give a command, and hold its outcome to the laws of a single one."""
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
        """Remember what was accepted, and hold the change to the laws of one."""
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

    def _of(self, stage: Stage) -> list[Session]:
        """The closed sessions of a stage, and those that go on as if they ended now, with what was made in each."""
        going_on = [
            Session(each.id, stage.id, each.worker_id, each.kind, each.started_at, self.now, self.now, each.worker_id)
            for each in stage.open_sessions
        ]
        closed = [session for session in self.sessions if session.stage_id == stage.id]
        return complete(closed + going_on, self.reports)

    @invariant()
    def a_stage_is_in_progress_exactly_while_a_session_is_open(self) -> None:
        for stage in self.order.stages:
            assert (stage.status is StageStatus.IN_PROGRESS) == bool(stage.open_sessions)

    @invariant()
    def a_done_stage_has_an_end_and_nothing_in_it_ends_later(self) -> None:
        for stage in self.order.stages:
            assert stage.ended == (stage.ended_at is not None)
            if stage.ended_at is not None:
                assert all(session.ended_at <= stage.ended_at for session in self._of(stage))

    @invariant()
    def a_worker_has_at_most_one_session_open_on_a_stage(self) -> None:
        for stage in self.order.stages:
            assert max(Counter(each.worker_id for each in stage.open_sessions).values(), default=1) == 1

    @invariant()
    def totals_are_the_sums_over_sessions_and_reports(self) -> None:
        for stage in self.order.stages:
            of_stage = self._of(stage)
            made = [each.made for each in of_stage]
            reworked = [each.made for each in of_stage if each.kind is SessionKind.REWORK]
            assert stage.good == sum(each.good for each in made)
            assert stage.scrap == sum(each.scrapped for each in made)
            assert stage.good_from_rework == sum(each.good for each in reworked)
            assert stage.rework == sum(each.rework for each in made) - sum(e.good + e.scrapped for e in reworked)

    @invariant()
    def a_stage_begins_with_its_earliest_session_and_rests_since_its_latest(self) -> None:
        for stage in self.order.stages:
            closed = [session for session in self.sessions if session.stage_id == stage.id]
            starts = [session.started_at for session in self._of(stage)]
            assert stage.started_at == min(starts, default=None)
            assert stage.last_session_end == max((session.ended_at for session in closed), default=None)
            assert not (stage.status is StageStatus.PLANNED and starts)
            assert starts or stage.status in {StageStatus.PLANNED, StageStatus.SKIPPED, StageStatus.CANCELLED}

    @invariant()
    def an_orders_status_follows_its_stages(self) -> None:
        statuses = {stage.status for stage in self.order.stages}
        ends: list[datetime] = [stage.ended_at for stage in self.order.stages if stage.ended_at is not None]
        starts = [stage.started_at for stage in self.order.stages if stage.started_at is not None]
        if all(status.ended for status in statuses):
            assert self.order.status.closed
            assert self.order.ended_at == max(ends)
        else:
            assert not self.order.status.closed
            assert self.order.status is OrderStatus.IN_PROGRESS or not starts
            assert self.order.ended_at is None
        assert self.order.started_at == min(starts, default=None)

    @invariant()
    def nobody_is_at_work_on_a_held_or_closed_order(self) -> None:
        if self.order.held or self.order.status.closed:
            assert not any(stage.open_sessions for stage in self.order.stages)

    @invariant()
    def nothing_comes_out_that_did_not_go_in(self) -> None:
        assert overdrawn(self.order.flow, self.order.progress) is None

    @invariant()
    def a_closed_session_is_the_one_that_was_opened_and_is_closed_once(self) -> None:
        assert max(Counter(session.id for session in self.sessions).values(), default=1) == 1
        for session in self.sessions:
            assert session.started_at <= session.ended_at
            opened = self.begun.get(session.id)
            if opened is not None:
                same = (opened.worker_id, opened.started_at, opened.kind)
                assert (session.worker_id, session.started_at, session.kind) == same

    @invariant()
    def everything_allowed_is_in_the_table(self) -> None:
        for stage in self.order.stages:
            for actor in (VELI, OYA, PELIN):
                rows = {row.command for row in TRANSITIONS if row.source is stage.status and actor.role in row.roles}
                assert set(allowed(self.order, stage, actor)) <= rows


Floor.TestCase.settings = settings(max_examples=150, stateful_step_count=40, deadline=None)
TestWhateverHappensOnTheFloor = Floor.TestCase
