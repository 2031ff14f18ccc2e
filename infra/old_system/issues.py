"""Judging issues of the old system: their types, their times, and who reported them."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from chalicelib.domain.orders import old_issues
from chalicelib.domain.orders.issues import IssueStatus, IssueType
from infra.old_system.plant import OldIssue
from infra.old_system.remarks import LOOK, Remark, Remarks, comes, doubtful
from infra.old_system.stages import past
from infra.old_system.tables import Row, Value
from infra.old_system.texts import LONGEST_NOTE, line_of, note_of

TABLE = "issues"


def judged(
    rows: Iterable[tuple[int, Row]], remarks: Remarks, people: frozenset[int], since: datetime, now: datetime
) -> tuple[OldIssue, ...]:
    """The issues of a stage, in the order of their reports. `since` is what is taken where no time is known."""
    found = []
    for row_id, row in rows:
        said: list[Remark] = []
        found.append(_issue(row_id, row, said, people, since, now))
        remarks.add(TABLE, row_id, *said)
    found.sort(key=lambda issue: (issue.created_at, issue.id))
    for joining, joined in _joined(found):
        reason = f"A stage has one open issue of each type, so it becomes a note on issue {joined}."
        remarks.add(TABLE, joining, doubtful(reason, LOOK))
    return tuple(found)


def _issue(
    row_id: int, row: Row, said: list[Remark], people: frozenset[int], since: datetime, now: datetime
) -> OldIssue:
    kind, text = _type_and_text(row, said)
    reporter = row.get("created_by")
    if reporter not in people:
        said.append(comes("Nobody who is there reported it, so it was reported by the planner who imports."))
    issue = OldIssue(
        id=row_id,
        type=kind,
        description=text,
        status=_status(row, said),
        created_by=reporter if isinstance(reporter, int) and reporter in people else None,
        created_at=past("created_at", row, now, said) or since,
    )
    if row.get("created_at") is None:
        said.append(doubtful("It has no time; the first time known of its order is taken.", LOOK))
    return _answered(issue, row, said, now)


def _answered(issue: OldIssue, row: Row, said: list[Remark], now: datetime) -> OldIssue:
    """The issue with the times of its answers, each not before the one before it."""
    if issue.status is IssueStatus.OPEN:
        return issue
    acknowledged = past("acknowledged_at", row, now, said)
    resolved = past("resolved_at", row, now, said) if issue.status is IssueStatus.RESOLVED else None
    first = max(acknowledged or issue.created_at, issue.created_at)
    last = max(resolved or first, first)
    missing = issue.status is IssueStatus.RESOLVED and resolved is None
    if missing or (issue.status is IssueStatus.ACK and acknowledged is None):
        said.append(doubtful("It has no time of its answer; the last time known of it is taken.", LOOK))
    if (acknowledged or first) != first or (resolved or last) != last:
        said.append(doubtful("It was answered before it was reported; it is answered then.", LOOK))
    if issue.status is IssueStatus.ACK:
        return replace(issue, acknowledged_at=first)
    return replace(issue, acknowledged_at=acknowledged and first, resolved_at=last)


def _type_and_text(row: Row, said: list[Remark]) -> tuple[IssueType, str]:
    """Takip's type, and the description. It begins with the old word, if the old app would be told another."""
    word = line_of(row.get("type")) or ""
    kind = old_issues.type_of(word)
    if kind is None:
        said.append(doubtful(f"Takip has no type {word or '(none)'}, so it is other.", LOOK))
    kept = kind or IssueType.OTHER
    description: Value = row.get("description")
    text = note_of(description)
    if text is None and str(description or "").strip():
        said.append(doubtful("Its text has characters that nobody can see, or is too long; it stays.", LOOK))
    known = word == old_issues.TYPES[kept][0]
    parts = [part for part in ("" if known else word, text or "") if part]
    return kept, ": ".join(parts)[:LONGEST_NOTE] or word or kept.value


def _status(row: Row, said: list[Remark]) -> IssueStatus:
    status = row.get("status")
    known = old_issues.STATUSES.get(str(status or "open").strip().lower())
    if known is None:
        said.append(doubtful(f"Takip has no status {status} of issues, so it is open.", LOOK))
    return known or IssueStatus.OPEN


def _joined(issues: Iterable[OldIssue]) -> Iterable[tuple[int, int]]:
    """Each issue that was reported while another of its type was open, beside that one."""
    standing: dict[IssueType, OldIssue] = {}
    for issue in issues:
        other = standing.get(issue.type)
        if other is not None and (other.resolved_at is None or other.resolved_at > issue.created_at):
            yield issue.id, other.id
        else:
            standing[issue.type] = issue
