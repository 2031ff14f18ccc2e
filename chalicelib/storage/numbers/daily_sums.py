"""Daily sums in the table: one item for each day, dimension and value. Writes depend on a revision."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from chalicelib.domain.numbers.day_sums import DaySums
from chalicelib.domain.numbers.dimensions import WHOLE, Dimension, Group, Place
from chalicelib.domain.numbers.running_sums import RunningSums, Span
from chalicelib.domain.numbers.spellings import shown
from chalicelib.storage import lookup, table
from chalicelib.storage.items import Item, item
from chalicelib.storage.keys import numbers as keys
from chalicelib.storage.keys.shape import Key
from chalicelib.storage.numbers.remaining import PlantRemaining
from chalicelib.storage.table import Put

FORM = 2
"""The form of sums. Those of form 1 do not count what was given up, and are kept for each spelling of a group."""


@dataclass(frozen=True)
class Daily:
    """The stored sums of a group on a local day, with the times covered by its sessions and its spellings.

    `group` is the key of the group. `form` is that of the first sums of the day, until it is rebuilt. The others are as
    in RunningSums.
    """

    day: date
    sums: DaySums
    made_at: datetime
    revision: int
    covered: tuple[Span, ...] | None = None
    group: Group = WHOLE
    spellings: Mapping[str, int] = field(default_factory=dict)
    form: int = 1

    @property
    def current(self) -> bool:
        """Whether they are of the present form."""
        return self.form == FORM

    @property
    def place(self) -> Place:
        """Whose sums of which day they are."""
        return Place(self.day, self.group)

    @property
    def running(self) -> RunningSums:
        """The sums, to which facts can be added."""
        return RunningSums(self.sums, self.covered, self.spellings)

    @property
    def shown(self) -> Group:
        """The group as it is written."""
        return shown(self.group, self.sums.facts, self.spellings)


@dataclass(frozen=True)
class Standing:
    """What a step of a projection begins with: the sums that it changes, and its plant.

    `plant` is None if the plant has no counts yet, or if the step does not change them.
    """

    sums: Mapping[Place, Daily]
    plant: PlantRemaining | None


def standing(tenant: str, places: Iterable[Place], *, plant: bool) -> Standing:
    """Read sums and, if wanted, the counts of the plant, consistently, in one request. At most 100 together."""
    at_plant = [keys.remaining(tenant)] if plant else []
    at_sums = {at(tenant, place): place for place in places}
    wanted = [*at_plant, *at_sums]
    items = table.batch_get(wanted) if wanted else {}
    return Standing(_read(at_sums, items), lookup.among(items, keys.remaining(tenant), PlantRemaining))


def find(tenant: str, places: Iterable[Place]) -> dict[Place, Daily]:
    """Read at most 100 sums, consistently, in one request. Unknown ones are left out."""
    at_sums = {at(tenant, place): place for place in places}
    return _read(at_sums, table.batch_get(at_sums))


def put(tenant: str, made: Daily) -> None:
    """Write sums, on the condition that the stored revision is the one before. Raises ConditionFailed."""
    written = to_put(tenant, made)
    table.put(written.item, written.condition)


def to_put(tenant: str, made: Daily) -> Put:
    """The write of sums, on the condition that the stored revision is the one before."""
    written = item(at(tenant, made.place), "daily", made, revision=made.revision)
    return Put(written, table.follows(written))


def between(tenant: str, first: date, last: date, dimension: Dimension = Dimension.NONE) -> list[Daily]:
    """Read the stored sums of a dimension of the days from `first` to `last`, both included, in one query."""
    partition, sort_keys = _range(tenant, dimension, first, last, "")
    return [sums.read(Daily) for sums in table.query(partition, between=sort_keys)]


def page(
    tenant: str, dimension: Dimension, days: tuple[date, date], *, after: str, limit: int
) -> Sequence[tuple[str, Daily]]:
    """Read at most `limit` sums of a dimension, with their sort keys, consistently, in one query.

    In order of their days, both ends of the range included, then of their values; only those after a sort key.
    """
    partition, sort_keys = _range(tenant, dimension, *days, after)
    found = table.query(partition, between=sort_keys, limit=limit)
    return [(stored.key.sk, stored.read(Daily)) for stored in found]


def at(tenant: str, place: Place) -> Key:
    """The key of sums."""
    dimension, value = place.group
    if dimension is Dimension.NONE:
        return keys.daily(tenant, dimension, place.day.isoformat())
    return keys.daily_of_value(tenant, dimension, place.day.isoformat(), value)


def _range(tenant: str, dimension: Dimension, first: date, last: date, after: str) -> tuple[str, tuple[str, str]]:
    partition = keys.daily(tenant, dimension, "").pk
    return partition, keys.days_between(first.isoformat(), last.isoformat(), after)


def _read(places: Mapping[Key, Place], items: Mapping[Key, Item]) -> dict[Place, Daily]:
    return {place: items[where].read(Daily) for where, place in places.items() if where in items}
