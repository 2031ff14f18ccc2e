"""Days of issues: what became of issues on a local day.

Medians do not add up, so a day keeps the times themselves. All times are by the server's clock, from the creation of
the issue. An issue that was reopened counts as neither acknowledged nor resolved before.
"""

from dataclasses import dataclass
from datetime import date, datetime

from chalicelib.domain.instants import milliseconds
from chalicelib.domain.intervals import local_day
from chalicelib.domain.orders.issues import Issue, IssueType

MOST_A_DAY = 1_000
"""How many issues a day keeps, so that it stays one item. No plant answers as many."""


@dataclass(frozen=True)
class IssueOfDay:
    """What became of an issue on a day.

    `acknowledged` and `resolved` are milliseconds since its creation; None if that was on another day, or never.
    """

    id: str
    type: IssueType
    machine_id: str | None
    reported: bool = False
    acknowledged: int | None = None
    resolved: int | None = None


@dataclass(frozen=True)
class IssuesOfDay:
    """What became of issues on a local day, as of `made_at`. With `more` there were more issues than a day keeps."""

    day: date
    issues: tuple[IssueOfDay, ...] = ()
    made_at: datetime | None = None
    more: bool = False
    revision: int = 0


def by_day(issue: Issue, timezone: str) -> dict[date, IssueOfDay]:
    """What became of an issue, by local day."""

    def spent(at: datetime | None, day: date) -> int | None:
        """The milliseconds from the creation to an instant of this day."""
        return milliseconds(at - issue.created_at) if at and local_day(at, timezone) == day else None

    instants = filter(None, (issue.created_at, issue.acknowledged_at, issue.resolved_at))
    return {
        day: IssueOfDay(
            issue.id,
            issue.type,
            issue.machine_id,
            reported=spent(issue.created_at, day) is not None,
            acknowledged=spent(issue.acknowledged_at, day),
            resolved=spent(issue.resolved_at, day),
        )
        for day in {local_day(at, timezone) for at in instants}
    }


def remade(day: IssuesOfDay, issue_id: str, now: IssueOfDay | None, made_at: datetime) -> IssuesOfDay:
    """The day with what became of an issue on it; None if nothing did. Its other issues stay."""
    others = tuple(each for each in day.issues if each.id != issue_id)
    more = day.more or (now is not None and len(others) >= MOST_A_DAY)
    issues = (*others, *([now] if now else []))[:MOST_A_DAY]
    return IssuesOfDay(day.day, issues, made_at, more, day.revision + 1)
