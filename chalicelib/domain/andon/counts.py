"""How many issues are open: the numbers of a badge."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from chalicelib.domain.orders.issues import Issue, IssueStatus, Priority
from chalicelib.domain.people.users import Actor


@dataclass(frozen=True)
class OpenIssues:
    """How many issues are not resolved: all, by priority, not acknowledged, and the actor's own.

    One's own are those that one reported and those that are assigned to one.
    """

    open: int
    by_priority: Mapping[Priority, int]
    unacknowledged: int
    mine: int


def counted(issues: Sequence[Issue], actor: Actor) -> OpenIssues:
    """Count issues that are not resolved."""
    by_priority = Counter(issue.priority for issue in issues)
    return OpenIssues(
        open=len(issues),
        by_priority={priority: by_priority[priority] for priority in Priority},
        unacknowledged=sum(issue.status is IssueStatus.OPEN for issue in issues),
        mine=sum(actor.user_id in (issue.created_by, issue.assignee_id) for issue in issues),
    )
