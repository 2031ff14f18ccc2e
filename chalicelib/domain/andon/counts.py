"""How many issues are open: the numbers of a badge."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from chalicelib.domain.andon.escalating import overdue
from chalicelib.domain.orders.issues import Issue, IssueStatus
from chalicelib.domain.people.users import Actor
from chalicelib.domain.priorities import Priority


@dataclass(frozen=True)
class OpenIssues:
    """How many issues are not resolved: all, by priority, not acknowledged, the actor's own, and overdue ones.

    One's own are those that one reported and those that are assigned to one. Of an overdue one a step of escalation was
    told, or is due, and what it waits for has not come.
    """

    open: int
    by_priority: Mapping[Priority, int]
    unacknowledged: int
    mine: int
    overdue: int


def counted(issues: Sequence[Issue], actor: Actor, now: datetime) -> OpenIssues:
    """Count issues that are not resolved, as of an instant."""
    by_priority = Counter(issue.priority for issue in issues)
    return OpenIssues(
        open=len(issues),
        by_priority={priority: by_priority[priority] for priority in Priority},
        unacknowledged=sum(issue.status is IssueStatus.OPEN for issue in issues),
        mine=sum(actor.user_id in (issue.created_by, issue.assignee_id) for issue in issues),
        overdue=sum(overdue(issue, now) for issue in issues),
    )
