"""Laws of stages that hold for all commands of several workers and a planner, late commands included."""

from collections import Counter
from datetime import datetime

from hypothesis import settings
from hypothesis.stateful import invariant

from chalicelib.domain.orders.flows import overdrawn
from chalicelib.domain.orders.issues import IssueStatus
from chalicelib.domain.orders.session_records import SessionKind
from chalicelib.domain.orders.statuses import OrderStatus, StageStatus
from chalicelib.domain.orders.transitions import TRANSITIONS, allowed
from tests.domain.builders import OYA, PELIN, VELI
from tests.domain.corrections_machine import FloorWithCorrections


class LawfulFloor(FloorWithCorrections):
    """The floor, and what holds on it after every step."""

    @invariant()
    def a_stage_is_in_progress_exactly_while_a_session_is_open(self) -> None:
        for stage in self.order.stages:
            assert (stage.status is StageStatus.IN_PROGRESS) == bool(stage.open_sessions)

    @invariant()
    def a_done_stage_has_an_end_and_nothing_in_it_ends_later(self) -> None:
        for stage in self.order.stages:
            assert stage.ended == (stage.ended_at is not None)
            if stage.ended_at is not None:
                assert all(session.ended_at <= stage.ended_at for session in self.of(stage))

    @invariant()
    def a_worker_has_at_most_one_session_open_on_a_stage(self) -> None:
        for stage in self.order.stages:
            assert max(Counter(each.worker_id for each in stage.open_sessions).values(), default=1) == 1

    @invariant()
    def totals_are_the_sums_over_sessions_and_reports(self) -> None:
        for stage in self.order.stages:
            of_stage = self.of(stage)
            made = [each.made for each in of_stage]
            reworked = [each.made for each in of_stage if each.kind is SessionKind.REWORK]
            assert stage.good == sum(each.good for each in made)
            assert stage.scrap == sum(each.scrapped for each in made)
            assert stage.good_from_rework == sum(each.good for each in reworked)
            assert stage.rework == sum(each.rework for each in made) - sum(e.good + e.scrapped for e in reworked)

    @invariant()
    def a_stage_begins_with_its_earliest_session_and_rests_since_its_latest(self) -> None:
        for stage in self.order.stages:
            going_on = {session.id for session in stage.open_sessions}
            starts = [session.started_at for session in self.of(stage)]
            ends = [session.ended_at for session in self.of(stage) if session.id not in going_on]
            assert stage.started_at == min(starts, default=None)
            assert stage.last_session_end == max(ends, default=None)
            assert not (stage.status is StageStatus.PLANNED and starts)
            voided = any(session.voided for session in self.sessions if session.stage_id == stage.id)
            unbegun = {StageStatus.PLANNED, StageStatus.SKIPPED, StageStatus.CANCELLED}
            assert starts or voided or stage.status in unbegun

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
    def nobody_is_at_work_on_a_blocked_stage(self) -> None:
        assert not [stage for stage in self.order.stages if stage.blocked_since and stage.open_sessions]

    @invariant()
    def a_stage_remembers_exactly_its_issues_that_nobody_has_resolved(self) -> None:
        for stage in self.order.stages:
            known = {each.issue_id: (each.type, each.blocks_since is not None) for each in stage.open_issues}
            going_on = [each for each in self.issues if each.status is not IssueStatus.RESOLVED]
            assert known == {each.id: (each.type, each.blocking) for each in going_on if each.stage_id == stage.id}
            assert max(Counter(each.type for each in stage.open_issues).values(), default=1) == 1
            assert all(each.blocks_since <= self.now for each in stage.open_issues if each.blocks_since)

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


LawfulFloor.TestCase.settings = settings(max_examples=settings().max_examples * 3 // 2, stateful_step_count=40)
TestWhateverHappensOnTheFloor = LawfulFloor.TestCase
