"""The law of timers: whatever commands and runs of the clock come, no step is told twice and none is forgotten."""

from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chalicelib import clock, ids, remembered
from chalicelib.domain.errors import Conflict
from chalicelib.domain.machines.machines import Machine
from chalicelib.domain.orders.commands import Command
from chalicelib.domain.orders.issues import ChangeIssue, Issue, IssueStatus, IssueType, NewIssue
from chalicelib.domain.people.users import Actor, Role
from chalicelib.domain.priorities import Priority
from chalicelib.domain.tenants import DEFAULT_TENANT
from chalicelib.services import tenants
from chalicelib.services.andon import machine_issues
from chalicelib.services.idempotency import Request
from chalicelib.storage import writes
from chalicelib.storage.machines import machines
from chalicelib.storage.orders import issues
from infra.bench.memory_table import MemoryTable
from tests.conftest import SetClock
from tests.disturbances import Crash, at_commit, crash
from tests.floor import HOUR, MINUTE, MORNING
from tests.services.andon.escalations import THREE_STEPS, decide, tick

PELIN = Actor(DEFAULT_TENANT, "pelin", Role.PLANNER)

CHANGES = {
    "acknowledge": ChangeIssue(status=IssueStatus.ACK),
    "resolve": ChangeIssue(status=IssueStatus.RESOLVED, cause="worn"),
    "reopen": ChangeIssue(status=IssueStatus.OPEN),
    "lower": ChangeIssue(priority=Priority.LOW),
    "raise": ChangeIssue(priority=Priority.HIGH),
    "note": ChangeIssue(note="still broken"),
}
# What happens to an issue, and what comes between its reading and its writing.
moves = st.tuples(
    st.sampled_from(["wait", "tick", "shorter", *CHANGES]), st.sampled_from(["", "", "tick", *CHANGES, "crash"])
)


@dataclass
class Press:
    """A machine with an issue, on a table in memory."""

    clock: SetClock
    table: MemoryTable = field(default_factory=lambda: MemoryTable(lambda _: None, 0, 0))
    issue_id: str = ""

    def begin(self) -> None:
        """Report an issue under a policy of three steps."""
        self.clock.set(MORNING)
        remembered.forget_records()
        decide(*THREE_STEPS)
        writes.commit(machines.creation(DEFAULT_TENANT, Machine("PRESS", "Press", created_at=MORNING)))
        new = NewIssue(IssueType.QUALITY, "Scratches.", Priority.HIGH)
        machine_issues.report(PELIN, self._command("PRESS", new), Request(), self._keep)

    def do(self, name: str) -> None:
        """A command, a run of the clock, or time that passes. A command that is refused changes nothing."""
        if name == "wait":
            self.clock.forward(7 * MINUTE)
        elif name == "tick":
            tick()
        elif name == "shorter":
            decide(*THREE_STEPS[::2])
        elif name:
            with suppress(Conflict):
                command = self._command(self.issue_id, CHANGES[name])
                machine_issues.change(PELIN, command, Request(), lambda *_: None, "PRESS")

    def meet(self, name: str, other: str) -> None:
        """Do something while something else comes first, or crash after it was written."""
        come: dict[str, Callable[[], object]]
        come = {"after": crash} if other == "crash" else {"before": lambda: self.do(other)}
        with suppress(Crash), at_commit(**come):
            self.do(name)

    def issue(self) -> Issue:
        """The issue as it is stored."""
        found = issues.find(DEFAULT_TENANT, self.issue_id)
        assert found is not None
        return found

    def items(self, kind: str) -> list[dict[str, Any]]:
        """The data of all items of a kind."""
        return [item.data for item in self.table._items.values() if item.kind == kind]

    def _keep(self, issue: Issue, _: bool) -> None:  # noqa: FBT001  called by the service
        self.issue_id = issue.id

    def _command(self, target: str, payload: Any) -> Command[Any]:
        return Command(ids.new(), "change", target, payload, clock.now())


@pytest.fixture
def press(environment: None, set_clock: SetClock, waits: list[float]) -> SetClock:
    """Only the clock: each example has a table of its own."""
    assert waits == []
    return set_clock


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(moves, max_size=12))
def test_no_step_is_told_twice_and_none_is_forgotten(press: SetClock, moves: list[tuple[str, str]]) -> None:
    made = Press(press)
    with made.table.in_place():
        made.begin()
        for name, other in moves:
            made.meet(name, other)
        made.clock.forward(3 * HOUR)
        tick()

        issue, told = made.issue(), made.items("outgoing")
        events = [event for each in told for event in each["events"] if event["type"] == "issue.escalated"]
        kept = Counter((each.reopened_count, each.awaited, each.step) for each in issue.escalations)
        assert max(kept.values(), default=1) == 1
        assert sum(kept.values()) == len(events)
        assert (made.items("timer"), issue.next_escalation_at) == ([], None)
        waits = {IssueStatus.OPEN: 2, IssueStatus.ACK: 1, IssueStatus.RESOLVED: 0}[issue.status]
        if issue.priority is Priority.HIGH:
            policy = tenants.settings_of(DEFAULT_TENANT).escalation
            own = {awaited: step for count, awaited, step in kept if count == issue.reopened_count}
            for awaited in list(type(THREE_STEPS[0].awaited))[2 - waits :]:
                assert own.get(awaited, 0) >= sum(step.awaited is awaited for step in policy)
