"""The state machine of the floor with corrections, voided sessions, and late commands from before a hold."""

from datetime import timedelta
from decimal import Decimal
from itertools import count
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from chalicelib.domain.errors import TakipError
from chalicelib.domain.floor import corrections, offline
from chalicelib.domain.floor.corrections import Correct
from chalicelib.domain.floor.stages import Pause, Report
from chalicelib.domain.kept import KEPT, Kept
from chalicelib.domain.orders.changes import Change
from chalicelib.domain.orders.commands import Command, Subject
from chalicelib.domain.orders.session_records import Session, completed, standing
from chalicelib.domain.people.users import Actor
from chalicelib.domain.tenant_settings import DEFAULT_SETTINGS
from tests.domain.builders import MINUTE
from tests.domain.floor_machine import actors, amounts, kinds, reported
from tests.domain.happenings import told
from tests.domain.issues_machine import FloorWithIssues

# How far a time moves; where it is kept, not at all.
moves = st.just(KEPT) | st.integers(-90, 90).map(lambda minutes: minutes * MINUTE)
quantities = st.just(KEPT) | amounts
values = st.fixed_dictionaries(
    {"good": amounts, "scrap": quantities, "rework": quantities, "kind": st.just(KEPT) | kinds}
)
rarely = st.sampled_from([False, False, True])
_numbers = count(1)


class FloorWithCorrections(FloorWithIssues):
    """The floor with corrections: a record is replaced by another one, never changed."""

    @precondition(lambda self: self.sessions)
    @rule(actor=actors, which=st.integers(0, 99), values=values, start=moves, end=moves, void=rarely)
    def correct(
        self, actor: Actor, which: int, values: Any, start: timedelta | Kept, end: timedelta | Kept, *, void: bool
    ) -> None:
        """Correct or void any recorded session. Only the newest of a chain can be corrected."""
        old = self.sessions[which % len(self.sessions)]
        wanted = Correct(old.id, "miscounted", void=True)
        if not void:
            started_at = start if isinstance(start, Kept) else old.started_at + start
            ended_at = end if isinstance(end, Kept) else old.ended_at + end
            wanted = Correct(old.id, "miscounted", started_at=started_at, ended_at=ended_at, **values)
        recorded = self._recorded(old.stage_id)
        stood = old.id in {each.id for each in standing(recorded)}
        command = Command(f"correction-{next(_numbers)}", "correct", old.stage_id, wanted, self.now)
        try:
            change = corrections.correct(self.order, actor, command, DEFAULT_SETTINGS, recorded)
        except TakipError:
            return
        assert stood
        self._chained(change, old, actor, may_exceed=True)

    @precondition(lambda self: any(each.cause for each in self.sessions))
    @rule(actor=actors, which=st.integers(0, 99), ago=st.integers(-5, 60), pausing=st.booleans(), made=reported)
    def say_late(self, actor: Actor, which: int, ago: int, made: Report, *, pausing: bool) -> None:
        """Give a late command on a session that the server closed, with a time before the closing."""
        closed = [each for each in self.sessions if each.cause]
        named = closed[which % len(closed)]
        said = Pause(made.worker_id) if pausing else made
        command: Command[Any] = Command(
            f"late-{next(_numbers)}", "late", named.stage_id, said, self.now, named.ended_at - ago * MINUTE
        )
        decide: Any = offline.pause if pausing else offline.report
        recorded = self._recorded(named.stage_id)
        try:
            if not offline.may_be_late(self.order, actor, command):
                return
            old = offline.closed_later(actor, command, recorded)
            if old is None:
                return
            change = decide(self.order, actor, command, DEFAULT_SETTINGS, old, recorded)
        except TakipError:
            return
        self._chained(change, old, actor, may_exceed=bool(made.reason))

    def _recorded(self, stage_id: str) -> list[Session]:
        """Everything ever recorded on a stage, as the table returns it."""
        return [each for each in completed(self.sessions, self.reports) if each.stage_id == stage_id]

    def _chained(self, change: Change, old: Session, actor: Actor, *, may_exceed: bool) -> None:
        """Check the laws of a correction: only the sums and times of its stage change."""
        (new,) = told(self.order, change, Subject.STAGE, old.stage_id).sessions
        before, after = (order.stage(old.stage_id) for order in (self.order, change.order))
        assert (new.corrects, new.worker_id, new.stage_id) == (old.id, old.worker_id, old.stage_id)
        assert (after.status, after.open_sessions, change.order.status) == (
            before.status,
            before.open_sessions,
            self.order.status,
        )
        if after.good > max(before.good, Decimal(10)):
            assert actor.plans
            assert may_exceed
        self.order = change.order
        self.sessions += change.sessions
