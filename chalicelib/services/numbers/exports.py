"""Exports: pages of orders, stages, issues and days of a range of local days, oldest first."""

from collections.abc import Sequence
from datetime import date
from itertools import accumulate

from chalicelib.domain import intervals
from chalicelib.domain.intervals import Interval
from chalicelib.domain.orders.issues import Issue
from chalicelib.domain.orders.work_orders import Order
from chalicelib.services.pages import ListPage, page_of
from chalicelib.services.tenants import settings_of
from chalicelib.storage import cursors
from chalicelib.storage.orders import issues, work_orders

# An answer has at most 6 MB. A text of quotation marks is four times as long in it.
MOST_CHARACTERS = 1_000_000


def orders(tenant: str, first: date, last: date, *, limit: int, cursor: str | None) -> ListPage[Order]:
    """A page of the heads of the orders that were opened in these days. Raises BadParameter, BadCursor.

    Costs one query.
    """
    window = window_of(tenant, first, last)
    return page_of(work_orders.opened_in(tenant, window, limit=limit, cursor=cursor), Order)


def issues_reported(tenant: str, first: date, last: date, *, limit: int, cursor: str | None) -> ListPage[Issue]:
    """A page of the issues that were created in these days. Raises BadParameter, BadCursor.

    Open issues and resolved ones are two lists. Each page reads both from one place on, so an issue that is resolved
    meanwhile is neither missed nor given twice. Costs two queries.
    """
    window = window_of(tenant, first, last)
    list_id = cursors.list_id("exports", "issues", tenant, window)
    after = cursors.opened(cursor, list_id)["after"] if cursor else ""
    lists = [issues.created_in(tenant, window, resolved=each, after=after, limit=limit) for each in (False, True)]
    # Behind the end of a list that goes on there may be an issue before the next one of the other list.
    until = min((max(found) for found, more in lists if more), default="~")
    listed = sorted({place: issue for found, _ in lists for place, issue in found.items() if place <= until}.items())
    shown = listed[: min(limit, _fitting([issue for _, issue in listed]))]
    more = len(shown) < len(listed) or until != "~"
    next_cursor = cursors.sealed({"after": shown[-1][0]}, list_id) if more else None
    return ListPage([issue for _, issue in shown], next_cursor)


def _fitting(found: Sequence[Issue]) -> int:
    """How many of these issues fit into an answer, at least one."""
    sizes = accumulate(len(each.description) + len(each.cause or "") + len(each.action or "") for each in found)
    return max(1, sum(size <= MOST_CHARACTERS for size in sizes))


def window_of(tenant: str, first: date, last: date) -> Interval:
    """The instants of the local days from `first` to `last`, both included. Raises BadParameter."""
    intervals.refuse_wrong_days(first, last)
    timezone = settings_of(tenant).timezone
    return intervals.bounds(first, timezone)[0], intervals.bounds(last, timezone)[1]
