"""Escalating an issue: which steps are due, what is kept, and when it ends."""

from dataclasses import replace
from datetime import timedelta

from chalicelib.domain.andon.escalating import MOST_KEPT, ended, escalated, overdue, timed
from chalicelib.domain.escalation import MOST_STEPS, Awaited, QuietHours, Step
from chalicelib.domain.orders.issues import Escalated, Issue, IssueStatus
from chalicelib.domain.people.users import Role
from chalicelib.domain.priorities import Priority
from chalicelib.domain.tenant_settings import DEFAULT_SETTINGS, TenantSettings
from tests.domain.builders import HOUR, MINUTE, MORNING, an_issue

ACK, DONE = Awaited
OPEN, TAKEN, RESOLVED = IssueStatus


def policy(*steps: tuple[Priority, Awaited, int]) -> TenantSettings:
    told = tuple(Step(priority, awaited, minutes, (Role.PLANNER,), ("oya",)) for priority, awaited, minutes in steps)
    return replace(DEFAULT_SETTINGS, escalation=told)


HIGH = policy((Priority.HIGH, ACK, 5), (Priority.HIGH, ACK, 15), (Priority.HIGH, DONE, 60), (Priority.LOW, ACK, 30))
ISSUE = timed(an_issue(priority=Priority.HIGH, created_at=MORNING), HIGH)


def after(minutes: int, issue: Issue = ISSUE, settings: TenantSettings = HIGH) -> tuple[Issue, list[tuple[str, int]]]:
    """The issue after so many minutes, and the steps that are told then."""
    told_issue, told = escalated(issue, settings, MORNING + minutes * MINUTE)
    return told_issue, [(step.awaited.value, step.step) for step in told]


def next_in(issue: Issue) -> timedelta | None:
    return None if issue.next_escalation_at is None else issue.next_escalation_at - MORNING


def test_an_issue_climbs_the_steps_of_its_priority() -> None:
    assert next_in(ISSUE) == 5 * MINUTE
    once, told = after(5)
    assert (told, next_in(once)) == ([("acknowledged", 1)], 15 * MINUTE)
    assert once.escalations == (Escalated(ACK, 1, MORNING + 5 * MINUTE, (Role.PLANNER,), ("oya",)),)
    twice, told = after(15, once)
    assert (told, next_in(twice)) == ([("acknowledged", 2)], HOUR)
    thrice, told = after(61, twice)
    assert (told, next_in(thrice)) == ([("resolved", 1)], None)
    assert after(999, thrice) == (thrice, [])


def test_steps_that_came_due_together_are_told_together_in_order() -> None:
    late, told = after(600)
    assert told == [("acknowledged", 1), ("acknowledged", 2), ("resolved", 1)]
    assert next_in(late) is None


def test_an_issue_without_a_step_is_never_told() -> None:
    assert next_in(timed(an_issue(), DEFAULT_SETTINGS)) is None
    assert next_in(timed(an_issue(priority=Priority.NORMAL), HIGH)) is None


def test_an_acknowledged_issue_only_waits_to_be_resolved_and_a_resolved_one_for_nothing() -> None:
    once, _ = after(5)
    taken = timed(replace(once, status=TAKEN), HIGH)
    assert next_in(taken) == HOUR
    assert next_in(timed(replace(once, status=RESOLVED), HIGH)) is None
    assert next_in(ended(once)) is None


def test_a_reopened_issue_begins_anew_at_its_reopening() -> None:
    thrice, _ = after(600)
    again = timed(replace(thrice, reopened_at=MORNING + 20 * HOUR, reopened_count=1), HIGH)
    assert next_in(again) == 20 * HOUR + 5 * MINUTE
    _, told = after(20 * 60 + 5, again)
    assert told == [("acknowledged", 1)]


def test_another_priority_or_policy_goes_on_after_the_last_step_that_was_told() -> None:
    once, _ = after(5)
    assert next_in(timed(replace(once, priority=Priority.LOW), HIGH)) is None  # it has one step, and one was told
    assert next_in(timed(replace(ISSUE, priority=Priority.LOW), HIGH)) == 30 * MINUTE
    slower = policy((Priority.HIGH, ACK, 1), (Priority.HIGH, ACK, 240))
    assert next_in(timed(once, slower)) == 240 * MINUTE
    assert after(15, once, slower)[1] == []


def test_a_step_of_no_minutes_is_due_with_the_report() -> None:
    at_once = policy((Priority.HIGH, ACK, 0))
    assert next_in(timed(ISSUE, at_once)) == timedelta(0)
    assert after(0, ISSUE, at_once)[1] == [("acknowledged", 1)]


def test_quiet_hours_are_those_of_the_plants_clock() -> None:
    quiet = replace(HIGH, quiet_hours=QuietHours("11:00", "12:00"))  # 08:00 to 09:00 UTC, in Istanbul
    assert next_in(timed(ISSUE, quiet)) == HOUR + 5 * MINUTE


def test_what_was_told_is_kept_up_to_a_number() -> None:
    told = tuple(Escalated(ACK, n, MORNING) for n in range(1, MOST_KEPT + 1))
    after_one_more, _ = after(5, replace(ISSUE, escalations=told, reopened_count=1))
    assert len(after_one_more.escalations) == MOST_KEPT
    assert after_one_more.escalations[-1].reopened_count == 1
    assert MOST_KEPT >= 2 * MOST_STEPS


def test_an_issue_is_overdue_while_what_a_step_waits_for_has_not_come() -> None:
    now = MORNING + 6 * MINUTE
    once, _ = after(5)
    assert not overdue(ISSUE, MORNING)
    assert overdue(ISSUE, now)  # the clock has not come round yet
    assert overdue(once, now)
    assert not overdue(timed(replace(once, status=TAKEN), HIGH), now)
    late, _ = after(61)
    assert overdue(replace(late, status=TAKEN), now)
    assert not overdue(replace(late, status=RESOLVED), now)
    assert not overdue(timed(replace(late, reopened_count=1, reopened_at=now), HIGH), now)
