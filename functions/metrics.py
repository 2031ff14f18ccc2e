"""The doors of metrics over many orders, and of the catalogue of all metrics."""

from datetime import date, timedelta

from chalicelib.domain.errors import BadParameter
from chalicelib.domain.intervals import refuse_wrong_days
from chalicelib.domain.numbers.dimensions import WHOLE, Dimension, Group
from chalicelib.domain.sentences import say
from chalicelib.schemas.catalogue import CatalogueOut, catalogue_out
from chalicelib.schemas.days import MOST_DAYS, SHIFT, DayOut, DayRange, ListDays, Per, day_out, shift_out
from chalicelib.schemas.explained import explanation_out
from chalicelib.schemas.issue_numbers import IssueNumbersOut, issue_numbers_out
from chalicelib.schemas.summary import SummaryOut, summary_out
from chalicelib.services.idempotency import Answer
from chalicelib.services.numbers import days, explained_days, grouped_days, issue_days, shift_days, summary
from chalicelib.services.numbers.days import MeasuredDay
from chalicelib.services.numbers.grouped_days import Asked
from chalicelib.services.numbers.shift_days import MeasuredShift
from functions._endpoint import Call, Doors, page_of
from functions._rules import ListOf

doors = Doors(__name__)

DEFAULT_DAYS = 7


@doors.route("GET", "/metrics/daily", action="metrics.daily", query=ListDays, answers=ListOf(DayOut))
def list_days(call: Call) -> Answer:
    """Read the metrics of local days, `from` to `to`, by default the last seven; with `explain=1` the inputs of one."""
    if call.query.explain:
        return _explained(call)
    first, last = _range(call)
    group_by, value = call.query.group_by, call.query.value
    limit, cursor = call.query.limit, call.query.cursor
    if group_by == SHIFT or call.query.per is Per.SHIFT:
        if last - first >= timedelta(days=shift_days.MOST_DAYS):
            form = "Shifts are shown for at most {days} days; ask for fewer at once."
            raise BadParameter(say(form, days=shift_days.MOST_DAYS))
        if group_by in (SHIFT, Dimension.NONE):
            shifts = shift_days.of_plant(call.actor, first, last, value, limit=limit, cursor=cursor)
        else:
            asked = Asked(group_by, first, last, value)
            shifts = shift_days.of_groups(call.actor, asked, limit=limit, cursor=cursor)
        return page_of((_shift_shown(shift) for shift in shifts.items), shifts.next_cursor)
    if group_by is Dimension.NONE and value is not None:
        raise BadParameter(say("value needs group_by: say of what it is a value."))
    if group_by is Dimension.NONE:
        found = days.of_plant(call.actor, first, last, limit=limit, cursor=cursor)
    else:
        found = grouped_days.of_groups(call.actor, Asked(group_by, first, last, value), limit=limit, cursor=cursor)
    return page_of((_shown(day) for day in found.items), found.next_cursor)


@doors.route("GET", "/metrics/issues", action="metrics.daily", query=DayRange, answers=IssueNumbersOut)
def read_issue_numbers(call: Call) -> Answer:
    """Read how fast issues were answered in a range of local days, and how many repeat: all, by type and by machine."""
    return Answer(issue_numbers_out(issue_days.of_window(call.actor, *_range(call))).plain())


@doors.route("GET", "/metrics/summary", action="metrics.summary", answers=SummaryOut)
def read_summary(call: Call) -> Answer:
    """Read what runs, is late, blocked, held or forgotten now, and what was done and on time today."""
    plant = summary.of_plant(call.actor)
    today = plant.today
    return Answer(summary_out(plant.now, today.day, today.sums, today.measured).plain(), polled=True)


@doors.route("GET", "/metrics/catalogue", action="meta.read", answers=CatalogueOut)
def read_catalogue(_: Call) -> Answer:
    """Read every metric: its formula in words, unit, source, the reasons for which it is null, and an example."""
    return Answer(catalogue_out().plain())


def _explained(call: Call) -> Answer:
    """One day, group or shift with a page of its inputs. The cursor is that of the inputs."""
    day, last = _range(call)
    if day != last:
        raise BadParameter(say("explain shows one day: from and to must be the same."))
    if call.query.per is Per.SHIFT:
        raise BadParameter(say("explain does not go with per: it shows a day, a group or a shift of the plant."))
    group_by, value, page = (
        call.query.group_by,
        call.query.value,
        {"limit": call.query.limit, "cursor": call.query.cursor},
    )
    if group_by == SHIFT:
        shift, inputs = explained_days.of_plant_shift(call.actor, day, value, **page)
        shown = [_shift_shown(shift)] if shift else []
    else:
        if (group_by is Dimension.NONE) != (value is None):
            raise BadParameter(say("explain shows one value: give group_by and value, or neither."))
        made, inputs = explained_days.of_day(call.actor, day, Group(group_by, value or ""), **page)
        shown = [_shown(made)] if made else []
    told = explanation_out(inputs.items, inputs.next_cursor)
    explained = [each.model_copy(update={"explanation": told}) for each in shown]
    return page_of(explained, inputs.next_cursor if explained else None)


def _shown(day: MeasuredDay) -> DayOut:
    """A day as it is shown. The plant as a whole is no group."""
    group = None if day.group == WHOLE else day.group
    return day_out(day.day, group, day.sums if day.recorded else None, day.measured, day.issues)


def _shift_shown(shift: MeasuredShift) -> DayOut:
    """A shift as it is shown."""
    return shift_out(shift.day, shift.name, shift.group, shift.sums if shift.recorded else None, shift.measured)


def _range(call: Call) -> tuple[date, date]:
    """The first and the last day that are asked for. Raises BadParameter."""
    last = call.query.last or days.today(call.actor.tenant)
    first = call.query.first or last - timedelta(days=DEFAULT_DAYS - 1)
    refuse_wrong_days(first, last, MOST_DAYS)
    return first, last
