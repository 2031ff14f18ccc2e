"""Issues in the table, in the partition of their order."""

from chalicelib.domain.orders.issues import Issue, IssueStatus
from chalicelib.storage import keys, table
from chalicelib.storage.items import Item, item
from chalicelib.storage.pages import Page


def as_item(tenant: str, issue: Issue) -> Item:
    """Make the item of an issue."""
    at = keys.at(issue.created_at, issue.id)
    resolved = issue.status is IssueStatus.RESOLVED
    return item(
        keys.issue(tenant, issue.work_order_id, issue.id),
        "issue",
        issue,
        by_state=(keys.issues_by_state(tenant, resolved=resolved), at),
        by_owner=(keys.issues_of_reporter(tenant, issue.created_by), at),
    )


def find(tenant: str, order_id: str, issue_id: str) -> Issue | None:
    """Read one issue, consistently."""
    found = table.get(keys.issue(tenant, order_id, issue_id))
    return None if found is None else found.read(Issue)


def unresolved(tenant: str) -> list[Issue]:
    """All issues that nobody has resolved, by creation; the list lags a little behind the issues."""
    found = table.page("by_state", keys.issues_by_state(tenant, resolved=False))
    return [each.read(Issue) for each in found.items]


def of_order(tenant: str, order_id: str, *, limit: int, cursor: str | None, filters: object) -> Page:
    """A page of the issues of an order, in order of their report."""
    partition = keys.order(tenant, order_id).pk
    prefix = keys.ISSUE_PREFIX
    return table.page(None, partition, limit=limit, cursor=cursor, filters=filters, begins_with=prefix)
