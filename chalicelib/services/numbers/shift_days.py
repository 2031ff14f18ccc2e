"""Metrics of local days by shifts, of the plant or of each value of a dimension. They are summed when they are read."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from chalicelib import clock
from chalicelib.domain.intervals import bounds, local_day, total
from chalicelib.domain.numbers import days
from chalicelib.domain.numbers.calendars import DEFAULT, Calendar, planned_shifts
from chalicelib.domain.numbers.day_facts import Fact
from chalicelib.domain.numbers.day_sums import DaySums
from chalicelib.domain.numbers.dimensions import WHOLE, Dimension, Group
from chalicelib.domain.numbers.metrics import Measured
from chalicelib.domain.numbers.settling import Waiting
from chalicelib.domain.numbers.shift_sums import ShiftOfDay, grouped, of_shift, shifts_of
from chalicelib.domain.numbers.spellings import shown, spellings_of
from chalicelib.domain.people.users import Actor
from chalicelib.domain.tenant_settings import TenantSettings
from chalicelib.services.numbers.days import waiting_of
from chalicelib.services.numbers.grouped_days import Asked
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
    """A shift of a local day, of the plant or of a group: its sums and its metrics.

    A name of None: the time outside every shift.
    If it is not `recorded`, facts of earlier releases do not say when something ended. Then it stands for the day.
    """

    day: date
    name: str | None
    sums: DaySums
    measured: Measured
    group: Group = WHOLE
    recorded: bool = True


def of_plant(
    actor: Actor, first: date, last: date, name: str | None, *, limit: int, cursor: str | None
) -> ListPage[MeasuredShift]:
    """A page of the shifts that began on the local days from `first` to `last`, with the time outside as the last one.

    With a name only these, and the days of which it is not known. What has no facts is left out. The calendar is that
    of the plant, each day with the plan that held then. Costs four requests, and one for each day and the
    day after the last. Raises BadCursor.
    """
    return _page(actor, Asked(Dimension.NONE, first, last), name, limit=limit, cursor=cursor)


def of_groups(actor: Actor, asked: Asked, *, limit: int, cursor: str | None) -> ListPage[MeasuredShift]:
    """A page of the shifts of each value of a dimension, or of one value: by day, then by value, then by time.

    The shifts of a machine are those of its own calendar, if it has one; of all others those of the plant's. Costs what
    the shifts of the plant cost, and by machine a request for each 100 machines. Raises BadCursor.
    """
    return _page(actor, asked, None, limit=limit, cursor=cursor)


def _page(actor: Actor, asked: Asked, name: str | None, *, limit: int, cursor: str | None) -> ListPage[MeasuredShift]:
    tenant, first, last = actor.tenant, asked.first, asked.last
    bound = cursors.list_id("shifts", tenant, asked, name)
    after = cursors.opened(cursor, bound)["after"] if cursor else ""
    waiting = waiting_of(tenant)  # before the facts: a session that closes in between leaves a marker
    plans = _Calendars(tenant, {DEFAULT: calendars.find(tenant, DEFAULT) or Calendar(DEFAULT)})
    dailies = {made.day: made for made in daily_sums.between(tenant, first, last + DAY)}
    around = _Around(settings_of(tenant), waiting, dailies)
    day = date.fromisoformat(after[:10]) if after else first
    rows: dict[str, MeasuredShift] = {}
    known, read = {day: aggregates.facts_of(tenant, day)}, 0
    while True:
        known = {day: known[day], day + DAY: aggregates.facts_of(tenant, day + DAY)}
        read += len(known[day])
        of_day = _of_day(day, known, asked, plans, around)
        rows |= {place: made for place, made in of_day if place > after and _asked_for(made, name)}
        if len(rows) >= limit or read >= MOST_FACTS or day == last:
            break
        day += DAY
    places = list(rows)
    goes_on = (day + DAY).isoformat() if day < last else None
    if len(places) > limit:
        goes_on = places[limit - 1]
    items = [rows[place] for place in places[:limit]]
    return ListPage(items, cursors.sealed({"after": goes_on}, bound) if goes_on else None)


def _asked_for(made: MeasuredShift, name: str | None) -> bool:
    """Whether a shift is in the list of those with a name, or of all. A day that is not recorded is in every list."""
    return not made.recorded or (made.sums.facts > 0 and name in (None, made.name))


@dataclass(frozen=True)
class _Around:
    """What is the same for all shifts: the settings, what waits, and the sums of the days of the plant."""

    settings: TenantSettings
    waiting: Waiting
    dailies: Mapping[date, Daily]


@dataclass(frozen=True)
class _Calendars:
    """The calendars of groups: of the machines that have one, and the plant's for everything else."""

    tenant: str
    known: dict[str, Calendar | None]

    def of(self, groups: Iterable[Group]) -> dict[Group, Calendar]:
        """The calendar of each group. Those of machines are read once."""
        wanted = list(groups)
        new = [each.value for each in wanted if each.dimension is Dimension.MACHINE and each.value not in self.known]
        if new:
            found = calendars.find_all(self.tenant, new)
            self.known.update({machine_id: found.get(machine_id) for machine_id in new})
        plant = self.known[DEFAULT] or Calendar(DEFAULT)
        return {
            each: (self.known[each.value] if each.dimension is Dimension.MACHINE else None) or plant for each in wanted
        }


def _of_day(
    day: date,
    facts: Mapping[date, Sequence[Fact]],
    asked: Asked,
    plans: _Calendars,
    around: _Around,
) -> Iterator[tuple[str, MeasuredShift]]:
    """The shifts that begin on a day, measured, each with its place in the list. `facts` are of the day and the next.

    If some facts of the day do not name their groups, one item stands for it.
    """
    timezone = around.settings.timezone
    window = bounds(day, timezone)
    by_group = {of: grouped(facts[of], asked.dimension, asked.value) for of in (day, day + DAY)}
    groups = sorted({*by_group[day], *by_group[day + DAY]})
    shifts = {
        group: shifts_of(day, planned_shifts(calendar, window, timezone), timezone)
        for group, calendar in plans.of(groups).items()
    }
    late = {group for group in groups if any(shift.window[1] > window[1] for shift in shifts[group])}
    looked_at = [*facts[day], *(facts[day + DAY] if late else ())]
    if any(fact.groups is None for fact in looked_at):
        made = _measured(ShiftOfDay(day, None, (window,)), DaySums(), around)
        unknown = replace(made, metrics=days.unrecorded(made.metrics))
        yield f"{day.isoformat()} ", MeasuredShift(day, None, DaySums(), unknown, recorded=False)
        return
    for group in groups:
        own = [*by_group[day].get(group, ()), *(by_group[day + DAY].get(group, ()) if group in late else ())]
        as_written = shown(group, len(own), spellings_of(own, group))
        for n, shift in enumerate(shifts[group]):
            sums = of_shift(shift, own)
            measured = _measured(shift, sums, around)
            if not all(made.current for made in _touched(shift, around)):
                sums = sums.without_given_up
            # The end of a value sorts before everything that a longer one may go on with.
            place = f"{day.isoformat()} {group.value}\0{n:02d}"
            yield place, MeasuredShift(day, shift.name, sums, measured, as_written)


def _days_of(shift: ShiftOfDay, timezone: str) -> set[date]:
    """The local days in which a shift lies."""
    until = shift.window[1]
    later = {local_day(until, timezone)} if until > bounds(shift.day, timezone)[1] else set()
    return {shift.day} | later


def _touched(shift: ShiftOfDay, around: _Around) -> list[Daily]:
    """The sums of the days in which a shift lies."""
    days_of = _days_of(shift, around.settings.timezone)
    return [around.dailies[day] for day in days_of if day in around.dailies]


def _measured(shift: ShiftOfDay, sums: DaySums, around: _Around) -> Measured:
    """Measure a shift. Its revision counts the changes of the days in which it lies."""
    settings = around.settings
    window, timezone, now = shift.window, settings.timezone, clock.now()
    made = _touched(shift, around)
    watermark = max((each.made_at for each in made), default=None)
    settled = not any(around.waiting.touches(day, timezone) for day in _days_of(shift, timezone))
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
