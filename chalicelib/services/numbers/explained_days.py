"""Explained numbers of a local day: of the plant, of a group or of a shift, with a page of their inputs."""

from datetime import date, timedelta

from chalicelib.domain.intervals import bounds
from chalicelib.domain.numbers.calendars import DEFAULT, Calendar, planned_shifts
from chalicelib.domain.numbers.day_facts import FactKey, SessionFact
from chalicelib.domain.numbers.dimensions import WHOLE, Group
from chalicelib.domain.numbers.explained_days import DayFacts, of_group, of_shift
from chalicelib.domain.numbers.inputs import Input
from chalicelib.domain.numbers.shift_sums import shifts_of
from chalicelib.domain.people.users import Actor
from chalicelib.services.numbers import days, grouped_days, shift_days
from chalicelib.services.numbers.days import MeasuredDay
from chalicelib.services.numbers.grouped_days import Asked
from chalicelib.services.numbers.shift_days import MeasuredShift
from chalicelib.services.pages import ListPage, part_of
from chalicelib.services.tenants import settings_of
from chalicelib.storage import cursors
from chalicelib.storage.numbers import aggregates, calendars, issue_days

DAY = timedelta(days=1)
MOST_SHIFTS = 100


def of_day(
    actor: Actor, day: date, group: Group, *, limit: int, cursor: str | None
) -> tuple[MeasuredDay | None, ListPage[Input]]:
    """Measure a day of the plant or of a group, with a page of its inputs. None if it has no facts.

    Costs what the day costs; a query of its facts; for the plant a read of its issues; and a request for each 100
    sessions that begin or end with the day. Raises BadCursor.
    """
    tenant = actor.tenant
    if group == WHOLE:
        found = days.of_plant(actor, day, day, limit=1, cursor=None)
        issues = issue_days.of_day(tenant, day).issues
    else:
        asked = Asked(group.dimension, day, day, group.value)
        found = grouped_days.of_groups(actor, asked, limit=1, cursor=None)
        issues = ()
    inputs = of_group(bounds(day, settings_of(tenant).timezone), _facts(tenant, day), group, issues)
    return next(iter(found.items), None), _page(actor, inputs, (day, group), limit, cursor)


def of_plant_shift(
    actor: Actor, day: date, name: str | None, *, limit: int, cursor: str | None
) -> tuple[MeasuredShift | None, ListPage[Input]]:
    """Measure a shift of a day, with a page of its inputs; without a name the time outside. None if it has no facts.

    Costs what the shifts of the day cost, a read of the calendar, a query of the facts of each of its days, and a
    request for each 100 sessions that begin or end with these days. Raises BadCursor.
    """
    tenant, timezone = actor.tenant, settings_of(actor.tenant).timezone
    measured = shift_days.of_plant(actor, day, day, None, limit=MOST_SHIFTS, cursor=None).items
    shown = next((each for each in measured if not each.recorded or each.name == name), None)
    calendar = calendars.find(tenant, DEFAULT) or Calendar(DEFAULT)
    window = bounds(day, timezone)
    shifts = shifts_of(day, planned_shifts(calendar, window, timezone), timezone)
    spans = [span for shift in shifts if shift.name == name for span in shift.spans]
    last = day + DAY if spans and spans[-1][1] > window[1] else day
    recorded = shown is None or shown.recorded
    inputs = of_shift(spans, _facts(tenant, day, last), recorded=recorded)
    return shown, _page(actor, inputs, (day, "shift", name), limit, cursor)


def _facts(tenant: str, first: date, last: date | None = None) -> DayFacts:
    """The facts of a day, or of two, and which of their sessions have a part on the days around."""
    until = last or first
    facts = {
        key: fact for day in sorted({first, until}) for key, fact in aggregates.keyed_facts_of(tenant, day).items()
    }
    timezone = settings_of(tenant).timezone
    begin, end = bounds(first, timezone)[0], bounds(until, timezone)[1]
    sessions = [(key, fact) for key, fact in facts.items() if isinstance(fact, SessionFact)]
    before = [FactKey(first - DAY, key.subject, key.identity) for key, fact in sessions if fact.started_at == begin]
    after = [FactKey(until + DAY, key.subject, key.identity) for key, fact in sessions if fact.ended_at == end]
    return DayFacts(facts, aggregates.facts(tenant, [*before, *after]).keys())


def _page(actor: Actor, inputs: list[Input], asked: object, limit: int, cursor: str | None) -> ListPage[Input]:
    bound = cursors.list_id("inputs of days", actor.tenant, asked)
    return part_of(inputs, lambda each: each.place, bound, limit=limit, cursor=cursor)
