"""Bringing orders of the old system over, with the commands and the rules of everybody."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from chalicelib import clock, ids
from chalicelib.domain.errors import TakipError, Unavailable
from chalicelib.domain.orders.commands import Command, Subject
from chalicelib.domain.orders.issues import ChangeIssue, Issue, IssueNotFound, IssueStatus, NewIssue, issue_id
from chalicelib.domain.orders.session_records import Session
from chalicelib.domain.orders.work_orders import OrderNotFound, Stage, order_id_of
from chalicelib.domain.people.users import Actor
from chalicelib.domain.planning.assigning import Assign
from chalicelib.services.andon import issues
from chalicelib.services.floor import stage_commands
from chalicelib.services.idempotency import Answer, Request
from chalicelib.services.orders import work_orders
from chalicelib.services.people import known_people
from chalicelib.services.planning.opening import open_work_order
from infra.old_system.issues import TABLE as ISSUES
from infra.old_system.orders import ORDERS, STAGES
from infra.old_system.plant import OldIssue, OldOrder, OldStage
from infra.old_system.steps import Crew, differences, id_of, opening, steps_of

MOST_A_PAGE = 1000
KEPT_OUT = "What it belongs to was kept out."
LATER = "Its order is in Takip without it, and no stage is added to an order. Open another order for it."


@dataclass(frozen=True)
class Refused:
    """A row that a rule of Takip kept out, or that changed since and no run brings, with the reason."""

    table: str
    row_id: int
    reason: str


def refusal_of(act: Callable[[], None]) -> str | None:
    """Act; why a rule of Takip refused it, None if none did. Raises Unavailable."""
    try:
        act()
    except Unavailable:
        raise
    except TakipError as refusal:
        return f"{refusal.title}: {refusal.detail}"
    return None


class Brought:
    """What was done with an order or a product: the commands, what was refused, and Takip's ids of its issues."""

    def __init__(self) -> None:
        self.commands = 0
        self.refused: list[Refused] = []
        self.issues: dict[str, int] = {}

    def tried(self, table: str, row_id: int, act: Callable[[], None]) -> bool:
        """Whether it was done. A refusal is noted, and the rest goes on. Raises Unavailable."""
        reason = refusal_of(act)
        if reason is not None:
            self.refused.append(Refused(table, row_id, reason))
        return reason is None


@dataclass(frozen=True)
class Bringer:
    """Brings orders over as a planner. `people` and `machines` are Takip's ids by those of the old system.

    `barred` are the rows whose number stands for something else in Takip: nothing is written for them.
    """

    planner: Actor
    people: Mapping[int, str]
    machines: Mapping[int, str]
    barred: frozenset[tuple[str, int]] = frozenset()

    def bring(self, old: OldOrder) -> Brought:
        """Bring an order to where it is in the old system. What is there already stays as it is.

        Costs a query, and a transaction for each command. Raises Unavailable.
        """
        done = Brought()
        if (ORDERS, old.id) in self.barred:
            _left(old.stages, done)
            return done
        try:
            order, recorded = work_orders.read_worked(self.planner, id_of(old))
        except OrderNotFound:
            if not done.tried(ORDERS, old.id, lambda: self._open(old, done)):
                _left(old.stages, done)
                return done
            order, recorded = work_orders.read_worked(self.planner, id_of(old))
        for stage, each in zip(order.stages, old.stages, strict=False):
            if (STAGES, each.id) in self.barred:
                _left_issues(each, done)
            elif each.id:
                own = [session for session in recorded if session.stage_id == stage.id]
                self._bring_stage(each, stage, own, done)
        _left(old.stages[len(order.stages) :], done, LATER)
        done.refused += [Refused(ORDERS, old.id, reason) for reason in differences(old, order)]
        return done

    def _open(self, old: OldOrder, done: Brought) -> None:
        machine = self.machines.get(old.machine_id) if old.machine_id else None
        request = Request(f"old-order-{old.id}", as_of=old.opened_at)
        open_work_order(self._named(old.created_by), opening(old, machine, self._able), request, lambda order: order.id)
        done.commands += 1

    def _bring_stage(self, old: OldStage, stage: Stage, recorded: list[Session], done: Brought) -> None:
        def work() -> None:
            able = self._able(old)
            missing = [each for each in able if each not in stage.assignee_ids]
            if missing and not stage.ended:
                wanted = Assign((*stage.assignee_ids, *missing))
                self._give(Command(ids.new(), "assign", stage.id, wanted, clock.now()), done)
            for step in steps_of(old, stage, recorded, self._crew(old, able)):
                self._give(step, done)

        done.tried(STAGES, old.id, work)
        for issue in sorted(old.issues, key=lambda each: (each.resolved_at is None, each.created_at, each.id)):
            done.tried(ISSUES, issue.id, partial(self._bring_issue, issue, stage, done))

    def _bring_issue(self, old: OldIssue, stage: Stage, done: Brought) -> None:
        """Report an issue and answer it, as far as it was answered and is not in Takip."""
        number = f"old_issue_{old.id}"
        known = issue_id(order_id_of(stage.id), number)
        try:
            issue = issues.read(self.planner, known)
        except IssueNotFound:
            if self._joined_before(stage, number):
                return
            new = NewIssue(old.type, old.description)
            report = Command(number, "issue", stage.id, new, old.created_at, at=old.created_at)
            reported = self._give(report, done, self._named(old.created_by))
            if reported.data != known:
                return
            issue = issues.read(self.planner, known)
        done.issues[known] = old.id
        self._answer(old, issue, done)

    def _joined_before(self, stage: Stage, number: str) -> bool:
        """Whether an earlier run reported this, and it became a note on an issue that was open. Costs a query."""
        order_id, cursor = order_id_of(stage.id), None
        while True:
            page = work_orders.history(self.planner, order_id, limit=MOST_A_PAGE, cursor=cursor)
            if any(record.id == number for record in page.items):
                return True
            if page.next_cursor is None:
                return False
            cursor = page.next_cursor

    def _answer(self, old: OldIssue, issue: Issue, done: Brought) -> None:
        """Acknowledge and resolve an issue as it was. One that was reopened in Takip is left alone."""
        answers = ((IssueStatus.ACK, old.acknowledged_at), (IssueStatus.RESOLVED, old.resolved_at))
        order = list(IssueStatus)
        for status, at in answers if not issue.reopened_count else ():
            if at is not None and order.index(issue.status) < order.index(status):
                wanted, number = ChangeIssue(status=status), f"old_issue_{old.id}_{status.value}"
                answer = Command(number, "change_issue", issue.id, wanted, at, at=at, subject=Subject.ISSUE)
                issues.change(self.planner, answer, Request(number, as_of=at), _as_it_is)
                done.commands += 1

    def _give(self, command: Command[Any], done: Brought, actor: Actor | None = None) -> Answer:
        request = Request(command.id, as_of=command.received_at)
        answer = stage_commands.run(actor or self.planner, command, request, lambda change, _: change.result.id)
        done.commands += 1
        return answer

    def _named(self, person: int | None) -> Actor:
        """The planner in the name of a person, who did it in the old system; without one the planner themselves."""
        return replace(self.planner, user_id=self.people.get(person or 0, self.planner.user_id))

    def _crew(self, old: OldStage, able: Sequence[str]) -> Crew:
        everyone = self._assigned(old)
        booked = everyone[0] if len(everyone) == 1 else self.planner.user_id
        return Crew(booked, booked if booked in able else self.planner.user_id)

    def _assigned(self, old: OldStage) -> list[str]:
        return [self.people[each] for each in old.assignees if each in self.people]

    def _able(self, old: OldStage) -> tuple[str, ...]:
        """The assigned people who may work: those who are active in Takip."""
        wanted = self._assigned(old)
        known = known_people.find((self.planner.tenant, each) for each in wanted)
        return tuple(each for each in wanted if (found := known.get((self.planner.tenant, each))) and found.active)


def _left(stages: Sequence[OldStage], done: Brought, reason: str = KEPT_OUT) -> None:
    """Tell of stages that are kept out, and of their issues."""
    for stage in stages:
        done.refused += [Refused(STAGES, stage.id, reason)] if stage.id else []
        _left_issues(stage, done)


def _left_issues(stage: OldStage, done: Brought) -> None:
    done.refused += [Refused(ISSUES, issue.id, KEPT_OUT) for issue in stage.issues]


def _as_it_is(issue: Issue) -> str:
    return issue.id
