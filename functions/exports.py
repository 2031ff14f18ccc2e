"""The doors of exports: rows for a spreadsheet or a program, in pages that can be put one behind the other."""

from datetime import date, timedelta

from chalicelib import clock
from chalicelib.schemas.exports import (
    ExportedIssueOut,
    ExportedOrderOut,
    ListExport,
    exported_issue,
    exported_order,
)
from chalicelib.services.idempotency import Answer
from chalicelib.services.numbers import days, exports
from chalicelib.services.tenants import settings_of
from functions._endpoint import Call, Doors, page_of
from functions._rules import RowsOf

doors = Doors(__name__)

DEFAULT_DAYS = 7


@doors.route("GET", "/exports/orders", action="export.read", query=ListExport, answers=RowsOf(ExportedOrderOut))
def export_orders(call: Call) -> Answer:
    """Export the orders that were opened in these local days, oldest first; by default of the last seven days."""
    now, settings = clock.now(), settings_of(call.tenant)
    page = exports.orders(call.tenant, *_days(call), limit=call.query.limit, cursor=call.query.cursor)
    return page_of((exported_order(order, now, settings) for order in page.items), page.next_cursor)


@doors.route("GET", "/exports/issues", action="export.read", query=ListExport, answers=RowsOf(ExportedIssueOut))
def export_issues(call: Call) -> Answer:
    """Export the issues that were created in these local days, oldest first; by default of the last seven days."""
    page = exports.issues_reported(call.tenant, *_days(call), limit=call.query.limit, cursor=call.query.cursor)
    return page_of(map(exported_issue, page.items), page.next_cursor)


def _days(call: Call) -> tuple[date, date]:
    """The first and the last day that are asked for."""
    last = call.query.last or days.today(call.tenant)
    return call.query.first or last - timedelta(days=DEFAULT_DAYS - 1), last
