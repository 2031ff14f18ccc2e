"""Every change of status by any command has a row in a table, and every row of the tables happens."""

from collections.abc import Callable, Iterator
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cache, partial
from itertools import count, product
from typing import Any

from chalicelib.domain.andon import answering, issues
from chalicelib.domain.errors import TakipError
from chalicelib.domain.floor import corrections, shifts
from chalicelib.domain.orders import transitions
from chalicelib.domain.orders.changes import Change
from chalicelib.domain.orders.commands import Command, Subject
from chalicelib.domain.orders.issues import ChangeIssue, Issue, IssueStatus, IssueType, NewIssue
from chalicelib.domain.orders.session_records import Session, standing
from chalicelib.domain.orders.state_machines import OF_ORDERS, OF_STAGES
from chalicelib.domain.orders.work_orders import Order
from chalicelib.domain.planning import holding, replanning
from chalicelib.domain.tenant_settings import DEFAULT_SETTINGS
from tests.domain.builders import (
    BECAUSE,
    COMMANDS,
    FIRST,
    HOUR,
    MORNING,
    ORDER_ID,
    PELIN,
    SECOND,
    VELI,
    a_stage,
    an_order,
    give,
)
from tests.domain.happenings import told

NOON = MORNING + 4 * HOUR
BROKEN = NewIssue(IssueType.TOOLING, "The drill is blunt.", blocking=True)
ON_ORDERS: dict[str, tuple[Callable[..., Change], Any]] = {
    "hold": (holding.hold, BECAUSE),
    "release": (holding.release, BECAUSE),
    "cancel": (holding.cancel, BECAUSE),
    "replan": (replanning.replan_order, replanning.ReplanOrder("late", priority=9)),
    "close_sessions": (shifts.close_sessions, shifts.CloseSessions("shift_end", (FIRST, SECOND))),
}
ON_FIRST = (Subject.STAGE, FIRST)
ANSWERS = (*(ChangeIssue(status=status) for status in IssueStatus), ChangeIssue(blocking=True))

Step = tuple[tuple[Subject, str], str, Callable[[], Change]]
Seen = tuple[Subject, StrEnum, str, StrEnum]

_numbers = count(1)


@dataclass(frozen=True)
class Floor:
    """An order of two stages with all that was recorded of it; its first stage may have an issue."""

    order: Order
    sessions: tuple[Session, ...] = ()
    issue: Issue | None = None

    @property
    def standing(self) -> object:
        """All that decides what may happen next, without times and quantities."""
        stages = [(each.status, each.started_at is None, bool(each.blockers)) for each in self.order.stages]
        return self.order.status, self.order.held is None, *stages, self.issue and self.issue.status

    def after(self, change: Change) -> "Floor":
        """The floor as a command has left it."""
        return Floor(change.order, self.sessions + change.sessions, (*change.issues, self.issue)[0])


def a_command(name: str, subject: Subject, target: str, payload: Any) -> Command[Any]:
    return Command(f"c{next(_numbers)}", name, target, payload, NOON, subject=subject)


def steps(floor: Floor) -> Iterator[Step]:
    """All that anybody could try, whether it is allowed or not."""
    order = floor.order
    for stage, name in product((FIRST, SECOND), COMMANDS):
        yield (Subject.STAGE, stage), name, partial(give, order, PELIN, name, stage=stage, received_at=NOON)
    for name, (rule, payload) in ON_ORDERS.items():
        command = a_command(name, Subject.ORDER, ORDER_ID, payload)
        yield (Subject.ORDER, ORDER_ID), name, partial(rule, order, PELIN, command, DEFAULT_SETTINGS)
    for session in standing(floor.sessions):
        void = corrections.Correct(session.id, "miscounted", void=True)
        command = a_command("correct", Subject.STAGE, session.stage_id, void)
        recorded = [each for each in floor.sessions if each.stage_id == session.stage_id]
        decide = partial(corrections.correct, order, PELIN, command, DEFAULT_SETTINGS, recorded)
        yield (Subject.STAGE, session.stage_id), "correct", decide
    if floor.issue is None:
        for new in (BROKEN, replace(BROKEN, blocking=False)):
            yield (
                ON_FIRST,
                "issue",
                partial(issues.report, order, VELI, a_command("issue", *ON_FIRST, new), DEFAULT_SETTINGS),
            )
        return
    for actor, wanted in [*((PELIN, each) for each in ANSWERS), (VELI, answering.WITHDRAWAL)]:
        command = a_command("change_issue", Subject.ISSUE, floor.issue.id, wanted)
        yield (
            (Subject.ISSUE, floor.issue.id),
            "change_issue",
            partial(issues.change, order, actor, command, floor.issue, DEFAULT_SETTINGS),
        )


@cache
def everything_that_happens() -> tuple[set[Seen], set[Seen]]:
    """What becomes of an order's and of a stage's status, from wherever any sequence of commands leads."""
    of_orders, of_stages = set[Seen](), set[Seen]()
    waiting = [Floor(an_order(a_stage(1), a_stage(2)))]
    known = {waiting[0].standing}
    while waiting:
        floor = waiting.pop()
        for (subject, target), name, decide in steps(floor):
            try:
                change = decide()
            except TakipError:
                continue
            told(floor.order, change, subject, target)
            of_orders.add((subject, floor.order.status, name, change.order.status))
            pairs = zip(floor.order.stages, change.order.stages, strict=True)
            of_stages |= {(subject, was.status, name, now.status) for was, now in pairs}
            after = floor.after(change)
            if after.standing not in known:
                known.add(after.standing)
                waiting.append(after)
    return of_orders, of_stages


def changes(seen: AbstractSet[Seen]) -> set[Seen]:
    return {each for each in seen if each[1] is not each[3]}


def test_an_orders_status_changes_exactly_as_the_tables_say() -> None:
    seen, _ = everything_that_happens()
    own = {(Subject.ORDER, row.source, row.command, row.target) for row in holding.TRANSITIONS}
    follows = {(row.subject, row.source, row.command, row.target) for row in OF_ORDERS}
    assert changes(seen) == changes(own) | follows
    assert own <= seen


def test_a_stages_status_changes_exactly_as_the_tables_say() -> None:
    _, seen = everything_that_happens()
    own = {(Subject.STAGE, row.source, row.command, row.target) for row in transitions.TRANSITIONS}
    follows = {(row.subject, row.source, row.command, row.target) for row in OF_STAGES}
    assert changes(seen) == changes(own) | follows
    assert own <= seen


def test_what_follows_is_never_offered_as_a_command() -> None:
    assert not {row.command for row in OF_ORDERS} & {row.command for row in holding.TRANSITIONS}
    assert not {row.command for row in OF_STAGES} & {row.command for row in transitions.TRANSITIONS}
