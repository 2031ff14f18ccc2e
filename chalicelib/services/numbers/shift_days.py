"""Metrics of local days by the shifts of the plant's calendar. They are summed when they are read."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from chalicelib import clock
from chalicelib.domain.intervals import bounds, local_day, total
from chalicelib.domain.numbers import days
from chalicelib.domain.numbers.calendars import DEFAULT, Calendar, planned_shifts
from chalicelib.domain.numbers.day_facts import Fact
from chalicelib.domain.numbers.day_sums import DaySums
from chalicelib.domain.numbers.metrics import Measured
from chalicelib.domain.numbers.settling import Waiting
from chalicelib.domain.numbers.shift_sums import ShiftOfDay, of_shift, shifts_of
from chalicelib.domain.people.users import Actor
from chalicelib.domain.tenant_settings import TenantSettings
from chalicelib.services.numbers.days import waiting_of
from chalicelib.services.pages import ListPage
from chalicelib.services.tenants import settings_of
from chalicelib.storage import cursors
from chalicelib.storage.numbers import aggregates, calendars, daily_sums
from chalicelib.storage.numbers.daily_sums import Daily

MOST_DAYS = 31
# A page ends after the day with which it has read so many facts: they are read and summed in a few seconds.
MOST_FACTS = 20_000
DAY = timedelta(days=1)


@dataclass(frozen=True)
class MeasuredShift:
    """A shift of a local day, its sums and its metrics. A name of None: the time outside every shift.

    If it is not `recorded`, facts of earlier releases do not say when something ended. Then it stands for the day.
    """

    day: date
    name: str | None
    sums: DaySums
    measured: Measured
    recorded: bool = True


def of_plant(
    actor: Actor, first: date, last: date, name: str | None, *, limit: int, cursor: str | None
) -> ListPage[MeasuredShift]:
    """A page of the shifts that began on the local days from `first` to `last`, with the time outside as the last one.

    With a name only these, and the days of which it is not known. What has no facts is left out. The calendar is that
    of the plant, each day with the plan that held then. Costs four requests, and one for each day and the
    day after the last. Raises BadCursor.
    """
    tenant = actor.tenant
    bound = cursors.list_id("shifts", tenant, first, last, name)
    after = cursors.opened(cursor, bound)["after"] if cursor else ""
    waiting = waiting_of(tenant)
    calendar = calendars.find(tenant, DEFAULT) or Calendar(DEFAULT)
    dailies = {made.day: made for made in daily_sums.between(tenant, first, last + DAY)}
    day = date.fromisoformat(after[:10]) if after else first
    rows: dict[str, MeasuredShift] = {}
    known, read = {day: aggregates.facts_of(tenant, day)}, 0
    while True:
        known = {day: known[day], day + DAY: aggregates.facts_of(tenant, day + DAY)}
        read += len(known[day])
        of_day = _of_day(day, known, calendar, settings_of(tenant), waiting, dailies)
        rows |= {
            place: made
            for place, made in ((f"{day.isoformat()} {n:02d}", made) for n, made in enumerate(of_day))
            if place > after and _asked_for(made, name)
        }
        if len(rows) >= limit or read >= MOST_FACTS or day == last:
            break
        day += DAY
    places = list(rows)
    goes_on = (day + DAY).isoformat() if day < last else None
    if len(places) > limit:
        goes_on = places[limit - 1]
    shown = [rows[place] for place in places[:limit]]
    return ListPage(shown, cursors.sealed({"after": goes_on}, bound) if goes_on else None)


def _asked_for(made: MeasuredShift, name: str | None) -> bool:
    """Whether a shift is in the list of those with a name, or of all. A day that is not recorded is in every list."""
    return not made.recorded or (made.sums.facts > 0 and name in (None, made.name))


def _of_day(
    day: date,
    facts: Mapping[date, Sequence[Fact]],
    calendar: Calendar,
    settings: TenantSettings,
    waiting: Waiting,
    dailies: Mapping[date, Daily],
) -> Iterator[MeasuredShift]:
    """The shifts that begin on a day, measured. `facts` are those of the day and of the next one."""
    window = bounds(day, settings.timezone)
    shifts = shifts_of(day, planned_shifts(calendar, window, settings.timezone), settings.timezone)
    over_midnight = any(shift.window[1] > window[1] for shift in shifts)
    everything = [*facts[day], *(facts[day + DAY] if over_midnight else ())]
    if any(fact.groups is None for fact in everything):
        made = _measured(ShiftOfDay(day, None, (window,)), DaySums(), settings, waiting, dailies)
        unknown = replace(made, metrics=days.unrecorded(made.metrics))
        yield MeasuredShift(day, None, DaySums(), unknown, recorded=False)
        return
    for shift in shifts:
        sums = of_shift(shift, everything)
        yield MeasuredShift(day, shift.name, sums, _measured(shift, sums, settings, waiting, dailies))


def _measured(
    shift: ShiftOfDay, sums: DaySums, settings: TenantSettings, waiting: Waiting, dailies: Mapping[date, Daily]
) -> Measured:
    """Measure a shift. Its revision counts the changes of the days in which it lies."""
    window, timezone, now = shift.window, settings.timezone, clock.now()
    touched = {shift.day, local_day(window[1], timezone)} if window[1] > bounds(shift.day, timezone)[1] else {shift.day}
    made = [dailies[day] for day in touched if day in dailies]
    watermark = max((each.made_at for each in made), default=None)
    settled = not any(waiting.touches(day, timezone) for day in touched)
    return Measured(
        metrics=days.of_sums(sums, total(shift.spans)),
        window=window,
        timezone=timezone,
        as_of=watermark or now,
        revision=sum(each.revision for each in made),
        complete=settled and now >= window[1] + settings.late_window,
        inputs_count=sums.facts,
        watermark=watermark,
    )
