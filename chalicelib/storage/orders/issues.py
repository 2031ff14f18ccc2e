"""Issues in the table, in the partition of their order."""

from collections.abc import Iterator
from datetime import datetime

from chalicelib.domain.intervals import Interval
from chalicelib.domain.orders.issues import Issue, IssueStatus, Note
from chalicelib.storage import lookup, streams, table
from chalicelib.storage.items import Item, item
from chalicelib.storage.keys import andon as keys
from chalicelib.storage.keys.orders import order
from chalicelib.storage.keys.shape import between_instants, time_key
from chalicelib.storage.pages import Page
from chalicelib.storage.table import Check, Put
from chalicelib.storage.writes import Write


def put(tenant: str, issue: Issue) -> Put:
    """The write of a new or changed issue, on the condition that nobody else wrote it since it was read."""
    return Put(_as_item(tenant, issue), table.at_count(issue.revision))


def change(tenant: str, issue: Issue) -> Write:
    """The write of an issue that no command changed."""
    return Write((put(tenant, issue),))


def unchanged(tenant: str, issue: Issue) -> Write:
    """The check that nobody wrote an issue since it was read."""
    return Write(checks=(Check(keys.issue(tenant, issue.id), table.at_count(issue.revision)),))


def _as_item(tenant: str, issue: Issue) -> Item:
    at = time_key(issue.created_at, issue.id)
    resolved = issue.status is IssueStatus.RESOLVED
    return item(
        keys.issue(tenant, issue.id),
        "issue",
        issue,
        by_state=(keys.issues_by_state(tenant, resolved=resolved), at),
        by_owner=(keys.issues_of_reporter(tenant, issue.created_by), at),
        revision=issue.revision + 1,
    )


def note_item(tenant: str, note: Note) -> Item:
    """The item of a note on an issue."""
    return item(keys.note(tenant, note.issue_id, note.received_at, note.id), "note", note)


def notes(tenant: str, issue_id: str, *, limit: int, cursor: str | None = None, forward: bool = True) -> Page:
    """A page of the notes on an issue, oldest first, or backwards."""
    partition, prefix = keys.notes(tenant, issue_id)
    return table.page(None, partition, limit=limit, cursor=cursor, begins_with=prefix, forward=forward)


def find(tenant: str, issue_id: str) -> Issue | None:
    """Read one issue, consistently; None if there is none. Raises IssueNotFound if the id cannot be an issue's."""
    return lookup.find(keys.issue(tenant, issue_id), Issue)


def unresolved(tenant: str) -> list[Issue]:
    """All unresolved issues, by creation. The list is slightly behind the issues."""
    listed = table.page("by_state", keys.issues_by_state(tenant, resolved=False))
    return [item.read(Issue) for item in listed.items]


def by_state(
    tenant: str,
    *,
    resolved: bool,
    since: datetime | None,
    limit: int,
    cursor: str | None,
    filters: object,
    forward: bool,
) -> Page:
    """A page of the resolved or the unresolved issues by creation, from an instant on, or backwards."""
    return table.page(
        "by_state",
        keys.issues_by_state(tenant, resolved=resolved),
        limit=limit,
        cursor=cursor,
        filters=filters,
        forward=forward,
        between=between_instants(since, None),
    )


def created_in(
    tenant: str, window: Interval, *, resolved: bool, after: str, limit: int
) -> tuple[dict[str, Issue], bool]:
    """The resolved or the unresolved issues that were created in a window, oldest first, at most `limit` of them.

    Each by its place in the list; only those after a place, if it is not empty. And whether there are more.
    """
    first, last = between_instants(*window)
    # A space sorts before everything that a place may go on with.
    between = (f"{after} ", last) if after else (first, last)
    found = table.page("by_state", keys.issues_by_state(tenant, resolved=resolved), limit=limit, between=between)
    return {str(each.GSI1SK): each.read(Issue) for each in found.items}, bool(found.place)


def created_before(tenant: str, before: datetime) -> Iterator[Issue]:
    """All issues that were created before an instant, the unresolved ones first, read page by page."""
    for resolved in (False, True):
        for found in streams.until("by_state", keys.issues_by_state(tenant, resolved=resolved), before):
            yield found.read(Issue)


def of_order(
    tenant: str, order_id: str, *, limit: int, cursor: str | None, filters: object, forward: bool = True
) -> Page:
    """A page of the issues of an order, oldest first, or backwards."""
    return _of(order(tenant, order_id).pk, limit=limit, cursor=cursor, filters=filters, forward=forward)


def of_machine(
    tenant: str, machine_id: str, *, limit: int, cursor: str | None, filters: object, forward: bool = True
) -> Page:
    """A page of the issues that were reported on a machine, oldest first, or backwards."""
    return _of(keys.of_machine(tenant, machine_id), limit=limit, cursor=cursor, filters=filters, forward=forward)


def _of(partition: str, *, limit: int, cursor: str | None, filters: object, forward: bool) -> Page:
    prefix = keys.ISSUE_PREFIX
    return table.page(None, partition, limit=limit, cursor=cursor, filters=filters, begins_with=prefix, forward=forward)
