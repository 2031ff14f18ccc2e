"""The state machine of the floor with issues, which hypothesis runs, and what must hold at each step."""

from dataclasses import replace
from datetime import timedelta

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from chalicelib.domain.andon import answering, issues
from chalicelib.domain.errors import TakipError
from chalicelib.domain.kept import KEPT
from chalicelib.domain.orders.changes import Change
from chalicelib.domain.orders.commands import Command, Subject
from chalicelib.domain.orders.issues import ChangeIssue, Issue, IssueStatus, IssueType, NewIssue
from chalicelib.domain.orders.work_orders import settled
from chalicelib.domain.people.users import Actor
from chalicelib.domain.priorities import Priority
from chalicelib.domain.tenant_settings import DEFAULT_SETTINGS
from tests.domain.builders import PELIN
from tests.domain.floor_machine import Floor, actors, ages, stages
from tests.domain.happenings import told

priorities = st.sampled_from(Priority)
# One of two types, or next to none would be joined; most do not block, or next to nothing would go on.
reported = st.builds(
    NewIssue,
    type=st.sampled_from([IssueType.QUALITY, IssueType.TOOLING]),
    description=st.just("Scratches"),
    priority=priorities,
    blocking=st.sampled_from([False, False, True]),
)
answers = (
    st.just(answering.WITHDRAWAL)
    | st.just(ChangeIssue(status=IssueStatus.RESOLVED))
    | st.builds(
        ChangeIssue,
        status=st.just(KEPT) | st.sampled_from(IssueStatus),
        priority=st.just(KEPT) | priorities,
        blocking=st.sampled_from([KEPT, KEPT, False, True]),
    )
)


class FloorWithIssues(Floor):
    """The floor with issues that people report and answer."""

    def __init__(self) -> None:
        super().__init__()
        self.issues: list[Issue] = []

    @rule(actor=actors, stage=stages, age=ages, new=reported)
    def report_issue(self, actor: Actor, stage: str, age: timedelta | None, new: NewIssue) -> None:
        known = self.order.stage(stage).open_issue(new.type)
        joined = next((each for each in self.issues if each.id == known), None)
        at = None if age is None else self.now - age
        command = Command(f"{len(self.issues)}", "issue", stage, new, self.now, at)
        try:
            change = issues.report(self.order, actor, command, DEFAULT_SETTINGS, joined)
        except TakipError:
            return
        self._noticed(told(self.order, change, Subject.STAGE, stage), may_stop=new.blocking)

    @precondition(lambda self: self.issues)
    @rule(actor=actors | st.just(PELIN), which=st.integers(0, 9), wanted=answers)
    def answer_issue(self, actor: Actor, which: int, wanted: ChangeIssue) -> None:
        issue = self.issues[which % len(self.issues)]
        command = Command("c", "change_issue", issue.id, wanted, self.now, subject=Subject.ISSUE)
        try:
            change = issues.change(self.order, actor, command, issue, DEFAULT_SETTINGS)
        except TakipError:
            return
        told(self.order, change, Subject.ISSUE, issue.id)
        self._noticed(change, may_stop=wanted.blocking is True or wanted.status is IssueStatus.OPEN)

    def _noticed(self, change: Change, *, may_stop: bool) -> None:
        """Record what happened to an issue. It changes nothing of the order except sessions that it closes."""
        before, self.order = self.order, change.order
        self.sessions += change.sessions
        for issue in change.issues:
            self.issues = [*(each for each in self.issues if each.id != issue.id), issue]
        if change.sessions:
            assert may_stop
            assert all(self.order.stage(session.stage_id).blockers for session in change.sessions)
            return
        restored = zip(change.order.stages, before.stages, strict=True)
        stages = tuple(replace(now, open_issues=was.open_issues) for now, was in restored)
        assert settled(replace(change.order, stages=stages)) == before
