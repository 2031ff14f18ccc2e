"""Metrics of local days by groups: by product, customer, stage, worker, machine or line."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from chalicelib.domain.numbers.dimensions import IDS, WHOLE, Dimension, Group, Place
from chalicelib.domain.people.users import Actor
from chalicelib.services.numbers.days import MeasuredDay, measured, unrecorded, waiting_of
from chalicelib.services.pages import ListPage
from chalicelib.services.tenants import settings_of
from chalicelib.storage import cursors
from chalicelib.storage.numbers import daily_sums
from chalicelib.storage.numbers.daily_sums import Daily

DAY = timedelta(days=1)


@dataclass(frozen=True)
class Asked:
    """Which sums are asked for: of a dimension, or of one value of it, on the days from `first` to `last`, included."""

    dimension: Dimension
    first: date
    last: date
    value: str | None = None


@dataclass(frozen=True)
class Read:
    """The sums that were read, by their place in the list, up to a day. `after` is the place to go on from, if any."""

    sums: Mapping[str, Daily]
    upto: date
    after: str | None


def of_groups(actor: Actor, asked: Asked, *, limit: int, cursor: str | None) -> ListPage[MeasuredDay]:
    """A page of the sums of groups, by day, then by value. What has no facts is left out.

    A day of an earlier release of which the groups are not known has one item without sums. Costs four queries; with a
    value, three and one request for all its days. Raises BadCursor.
    """
    tenant = actor.tenant
    bound = cursors.list_id("days", tenant, asked)
    after = cursors.opened(cursor, bound)["after"] if cursor else ""
    waiting, settings = waiting_of(tenant), settings_of(tenant)
    read = _of_value(tenant, asked, after, limit) if asked.value is not None else _of_all(tenant, asked, after, limit)
    since = date.fromisoformat(after[:10]) if after else asked.first
    plant = {made.day: made for made in daily_sums.between(tenant, since, read.upto)}
    unknown = {day: made for day, made in plant.items() if not _knows(made, asked.dimension)}
    former = {day for day, made in plant.items() if not made.current}
    rows = {
        place: replace(made, form=1) if made.day in former else made
        for place, made in read.sums.items()
        if made.sums.facts and made.day not in unknown
    }
    rows |= {day.isoformat(): made for day, made in unknown.items() if day.isoformat() > after}
    places = sorted(rows)
    shown, goes_on = places[:limit], places[limit - 1] if len(places) > limit else read.after
    days = [measured(rows[place], settings, waiting) for place in shown]
    items = [day if day.group != WHOLE else unrecorded(day, Group(asked.dimension, asked.value or "")) for day in days]
    return ListPage(items, cursors.sealed({"after": goes_on}, bound) if goes_on else None)


def _knows(plant: Daily, dimension: Dimension) -> bool:
    """Whether the sums of a dimension are known of a day. Those of a text were once kept for each spelling of it."""
    return plant.sums.whole and (plant.current or dimension in IDS)


def _of_all(tenant: str, asked: Asked, after: str, limit: int) -> Read:
    """Read the sums of the values of a dimension."""
    found = daily_sums.page(tenant, asked.dimension, (asked.first, asked.last), after=after, limit=limit)
    last = found[-1] if len(found) == limit else None
    return Read(dict(found), last[1].day if last else asked.last, last[0] if last else None)


def _of_value(tenant: str, asked: Asked, after: str, limit: int) -> Read:
    """Read the sums of one value, of at most `limit` days."""
    first = date.fromisoformat(after) + DAY if after else asked.first
    last = min(asked.last, first + (limit - 1) * DAY)
    group = Group(asked.dimension, asked.value or "").key
    found = daily_sums.find(tenant, [Place(day, group) for day in _days(first, last)])
    sums = {place.day.isoformat(): made for place, made in found.items()}
    return Read(sums, last, last.isoformat() if last < asked.last else None)


def _days(first: date, last: date) -> Sequence[date]:
    return [first + n * DAY for n in range((last - first).days + 1)]
