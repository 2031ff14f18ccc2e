"""The doors of exports: rows for a spreadsheet or a program, in pages that can be put one behind the other."""

from datetime import date, timedelta
from typing import TypedDict

from chalicelib import clock
from chalicelib.domain.intervals import refuse_wrong_days
from chalicelib.domain.numbers.dimensions import WHOLE, Dimension
from chalicelib.schemas.days import MOST_DAYS, OUTSIDE, SHIFT, Per
from chalicelib.schemas.exported_days import ExportedDayOut, ListDaysExport, Of, exported_day
from chalicelib.schemas.exported_work import (
    ExportedSessionOut,
    ExportedStageOut,
    ListExportedStages,
    exported_session,
    exported_stage,
)
from chalicelib.schemas.exports import ExportedIssueOut, ExportedOrderOut, ListExport, exported_issue, exported_order
from chalicelib.services.idempotency import Answer
from chalicelib.services.numbers import days, exported_work, exports, grouped_days, shift_days
from chalicelib.services.numbers.days import MeasuredDay
from chalicelib.services.numbers.grouped_days import Asked
from chalicelib.services.numbers.shift_days import MeasuredShift
from chalicelib.services.tenants import settings_of
from functions._endpoint import Call, Doors, page_of
from functions._rules import RowsOf

doors = Doors(__name__)

DEFAULT_DAYS = 7


class Part(TypedDict):
    """Which page of a list is asked for."""

    limit: int
    cursor: str | None


@doors.route("GET", "/exports/daily", action="export.read", query=ListDaysExport, answers=RowsOf(ExportedDayOut))
def export_days(call: Call) -> Answer:
    """Export the numbers of local days, of the plant or (`group_by`) of each value; by default of the last seven."""
    first, last = _days(call)
    group_by = call.query.group_by
    by_shift = group_by == SHIFT or call.query.per is Per.SHIFT
    refuse_wrong_days(first, last, shift_days.MOST_DAYS if by_shift else MOST_DAYS)
    part = _part(call)
    if by_shift:
        dimension = Dimension.NONE if group_by == SHIFT else group_by
        shifts = shift_days.of_groups(call.actor, Asked(dimension, first, last), **part)
        return page_of(map(_shift_row, shifts.items), shifts.next_cursor)
    if group_by is Dimension.NONE:
        page = days.of_plant(call.actor, first, last, **part)
    else:
        page = grouped_days.of_groups(call.actor, Asked(group_by, first, last), **part)
    return page_of(map(_day_row, page.items), page.next_cursor)


def _day_row(day: MeasuredDay) -> ExportedDayOut:
    """The row of a day of the plant or of a group."""
    group = None if day.group == WHOLE else day.group.dimension
    of = Of(day.day, group, day.group.value or None, day.group.key.value or None)
    return exported_day(of, day.sums if day.recorded else None, day.measured, day.issues)


def _of_shift(shift: MeasuredShift) -> Of:
    """What the row of a shift is about."""
    if shift.group == WHOLE:
        return Of(shift.day, SHIFT, shift.name, shift.name, shift.name)
    return Of(shift.day, shift.group.dimension, shift.group.value, shift.group.key.value, shift.name)


def _shift_row(shift: MeasuredShift) -> ExportedDayOut:
    """The row of a shift."""
    reason = OUTSIDE if shift.name is None else None
    sums = shift.sums if shift.recorded else None
    return exported_day(_of_shift(shift), sums, shift.measured, reason=reason)


@doors.route("GET", "/exports/orders", action="export.read", query=ListExport, answers=RowsOf(ExportedOrderOut))
def export_orders(call: Call) -> Answer:
    """Export the orders that were opened in these local days, oldest first; by default of the last seven days."""
    now, settings = clock.now(), settings_of(call.tenant)
    page = exports.orders(call.tenant, *_days(call), **_part(call))
    return page_of((exported_order(order, now, settings) for order in page.items), page.next_cursor)


@doors.route("GET", "/exports/stages", action="export.read", query=ListExportedStages, answers=RowsOf(ExportedStageOut))
def export_stages(call: Call) -> Answer:
    """Export the stages that ended in these local days; with `state=active` those that go on and are due in them."""
    now, settings = clock.now(), settings_of(call.tenant)
    active = call.query.state == "active"
    page = exported_work.stages(call.tenant, *_days(call), active=active, **_part(call))
    rows = (exported_stage(each.order, each.stage, each.fact, now, settings) for each in page.items)
    return page_of(rows, page.next_cursor)


@doors.route("GET", "/exports/sessions", action="export.read", query=ListExport, answers=RowsOf(ExportedSessionOut))
def export_sessions(call: Call) -> Answer:
    """Export the parts of closed sessions that lie in these local days, day by day; by default of the last seven."""
    page = exported_work.sessions(call.tenant, *_days(call), **_part(call))
    rows = (exported_session(part.day, part.session_id, part.fact) for part in page.items)
    return page_of(rows, page.next_cursor)


@doors.route("GET", "/exports/issues", action="export.read", query=ListExport, answers=RowsOf(ExportedIssueOut))
def export_issues(call: Call) -> Answer:
    """Export the issues that were created in these local days, oldest first; by default of the last seven days."""
    page = exports.issues_reported(call.tenant, *_days(call), **_part(call))
    return page_of(map(exported_issue, page.items), page.next_cursor)


def _part(call: Call) -> Part:
    """The page that is asked for."""
    return Part(limit=call.query.limit, cursor=call.query.cursor)


def _days(call: Call) -> tuple[date, date]:
    """The first and the last day that are asked for."""
    last = call.query.last or days.today(call.tenant)
    return call.query.first or last - timedelta(days=DEFAULT_DAYS - 1), last
