"""Escalating: when others are told of an issue that waits, by the plant's policy, and what becomes of the issue then.

A step counts by its number among the steps of its priority and of what is awaited. So after a change of the policy or
of the priority an issue goes on with the step after the last one that was told.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from chalicelib.domain.escalation import MOST_STEPS, Awaited, Step, due_at, ladder
from chalicelib.domain.orders.issues import Escalated, Issue, IssueStatus
from chalicelib.domain.tenant_settings import TenantSettings

MOST_KEPT = 2 * MOST_STEPS * len(Awaited)
"""How many told steps an issue keeps: at least those since its last reopening."""

_AWAITED = {
    IssueStatus.OPEN: tuple(Awaited),
    IssueStatus.ACK: (Awaited.RESOLVED,),
    IssueStatus.RESOLVED: (),
}


@dataclass(frozen=True)
class Due:
    """A step that was not told yet: its number, from 1, and when it is due."""

    at: datetime
    step: Step
    number: int


def timed(issue: Issue, settings: TenantSettings) -> Issue:
    """The issue with the time of its next escalation; None if nothing more is told."""
    return replace(issue, next_escalation_at=min((due.at for due in _coming(issue, settings)), default=None))


def ended(issue: Issue) -> Issue:
    """The issue without further escalation, because what it was about is over."""
    return replace(issue, next_escalation_at=None)


def escalated(issue: Issue, settings: TenantSettings, now: datetime) -> tuple[Issue, tuple[Escalated, ...]]:
    """The issue after all steps that are due now were told, with the time of the next one, and these steps in order."""
    due = sorted((each for each in _coming(issue, settings) if each.at <= now), key=lambda each: each.at)
    told = tuple(
        Escalated(each.step.awaited, each.number, now, each.step.roles, each.step.user_ids, issue.reopened_count)
        for each in due
    )
    after = replace(issue, escalations=(*issue.escalations, *told)[-MOST_KEPT:])
    return timed(after, settings), told


def overdue(issue: Issue, now: datetime) -> bool:
    """Whether a step was told, or is due now, and what it waits for has not come."""
    due = issue.next_escalation_at is not None and issue.next_escalation_at <= now
    return due or any(awaited in _AWAITED[issue.status] for awaited, _ in _told(issue))


def _coming(issue: Issue, settings: TenantSettings) -> Iterator[Due]:
    """The steps that will be told if nobody answers."""
    since, told = issue.reopened_at or issue.created_at, dict(_told(issue))
    for awaited in _AWAITED[issue.status]:
        steps = ladder(settings.escalation, issue.priority, awaited)
        for number, step in enumerate(steps, 1):
            if number > told.get(awaited, 0):
                yield Due(due_at(step, since, settings.quiet_hours, settings.timezone), step, number)


def _told(issue: Issue) -> Iterator[tuple[Awaited, int]]:
    """The steps that were told since the report or the last reopening, in order."""
    own = (each for each in issue.escalations if each.reopened_count == issue.reopened_count)
    return ((each.awaited, each.step) for each in own)
