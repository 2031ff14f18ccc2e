"""Daily sums: as they will be after facts changed, and made again from all facts of a day."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime

from chalicelib import clock
from chalicelib.domain.numbers import day_facts
from chalicelib.domain.numbers.day_facts import Fact
from chalicelib.domain.numbers.day_sums import DaySums
from chalicelib.domain.numbers.dimensions import WHOLE, Dimension, Place
from chalicelib.domain.numbers.projections import FactChange
from chalicelib.domain.numbers.running_sums import RunningSums, changed, of_facts
from chalicelib.storage.numbers import aggregates, daily_sums
from chalicelib.storage.numbers.daily_sums import FORM, Daily


def places_of(changes: Iterable[FactChange]) -> frozenset[Place]:
    """Whose sums of which days change."""
    return frozenset(place for change in changes for place in change.places)


def sums_after(
    tenant: str, changes: Sequence[FactChange], standing: Mapping[Place, Daily], made_at: datetime
) -> list[Daily]:
    """The sums that these changes touch, as they will be. `standing` are the stored ones.

    The facts of a day are read only if a session went from it, and then once for all sums of the day.
    """
    before = {place: standing.get(place, _nothing(place, made_at)) for place in sorted(places_of(changes))}
    after = {
        place: changed(known.running, gone=_gone(changes, place), new=_new(changes, place), group=place.group)
        for place, known in before.items()
    }
    days = {place.day for place, running in after.items() if running is None}
    keys = [change.key for change in changes]
    others = {day: aggregates.facts_of(tenant, day, without=keys) for day in days}
    made = []
    for place, known in after.items():
        running = known or of_facts([*_among(others[place.day], place), *_new(changes, place)], place.group)
        made.append(_after(before[place], running, made_at))
    return made


def remake(tenant: str, day: date) -> None:
    """Sum a local day from all its facts, in all dimensions. Reads the revisions first, then the facts.

    The sums of a day change together with its facts, so this is for markers of earlier releases and for repairs. Equal
    sums also get a new revision; otherwise a slower run could write older sums over them. Costs a query for each
    dimension, one of the facts, and a write for each value. Raises ConditionFailed.
    """
    for _, made in _made_again(tenant, day, Place(day, WHOLE)):
        daily_sums.put(tenant, made)


def repair(tenant: str, day: date) -> int:
    """Write those sums of a day that are not the sums of its facts, and return how many. Reads as `remake` does.

    They are of the present form from then on. Sums that no fact supports become nothing. They stay as items, because
    their revision guards them: if they were deleted, a slower run could write older sums as the first ones. Raises
    ConditionFailed.
    """
    wrong = [
        replace(made, form=FORM)
        for before, made in _made_again(tenant, day)
        if not before.revision or not before.current or before.running != made.running
    ]
    for made in wrong:
        daily_sums.put(tenant, made)
    return len(wrong)


def _made_again(tenant: str, day: date, *always: Place) -> Iterator[tuple[Daily, Daily]]:
    """The sums of a day as they are stored and as its facts make them, with the next revision.

    Of all places that have stored sums or facts, and of those that are named.
    """
    made_at = clock.now()
    standing = {each.place: each for dimension in Dimension for each in daily_sums.between(tenant, day, day, dimension)}
    facts = aggregates.facts_of(tenant, day)
    places = {place for fact in facts for place in day_facts.places_of(day, fact)}
    for place in sorted({*always, *standing, *places}):
        before = standing.get(place, _nothing(place, made_at))
        yield before, _after(before, of_facts(_among(facts, place), place.group), made_at)


def _nothing(place: Place, at: datetime) -> Daily:
    """Sums before the first fact."""
    return Daily(place.day, DaySums(), at, 0, covered=(), group=place.group, form=FORM)


def _after(before: Daily, running: RunningSums, made_at: datetime) -> Daily:
    """Sums as they are stored after others."""
    return replace(
        before,
        sums=running.sums,
        made_at=made_at,
        revision=before.revision + 1,
        covered=running.covered,
        spellings=running.spellings,
    )


def _gone(changes: Sequence[FactChange], place: Place) -> list[Fact]:
    """The facts that are taken from sums."""
    return _among([change.before for change in changes if change.before and change.key.day == place.day], place)


def _new(changes: Sequence[FactChange], place: Place) -> list[Fact]:
    """The facts that are added to sums."""
    return _among([change.after for change in changes if change.after and change.key.day == place.day], place)


def _among(facts: Sequence[Fact], place: Place) -> list[Fact]:
    """Those of the facts of a day that belong to sums."""
    return [fact for fact in facts if place in day_facts.places_of(place.day, fact)]
