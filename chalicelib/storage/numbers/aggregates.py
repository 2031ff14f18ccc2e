"""Aggregates in the table: projections of orders, facts of days, and daily sums. Writes depend on a revision.

The sums of a day are written in the transaction that changes its facts. So they always belong to the facts.
"""

import json
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from chalicelib.domain.digests import digest
from chalicelib.domain.numbers.days import DaySums, Fact, FactKey, OrderFact, SessionFact, StageFact
from chalicelib.domain.numbers.projections import ProjectedFact, Projection
from chalicelib.domain.numbers.remaining import OrderRemaining
from chalicelib.domain.numbers.running_sums import RunningSums, Span
from chalicelib.storage import lookup, table
from chalicelib.storage.codec import CONVERTER
from chalicelib.storage.items import Item, item
from chalicelib.storage.keys import numbers as keys
from chalicelib.storage.keys.shape import IndexPlace, Key
from chalicelib.storage.numbers import remaining
from chalicelib.storage.numbers.remaining import PlantRemaining, Recount
from chalicelib.storage.orders.assignments import Move
from chalicelib.storage.table import Put

NO_DIMENSION = "none"
KINDS: dict[str, type[Fact]] = {"stage_fact": StageFact, "order_fact": OrderFact, "session_fact": SessionFact}
KIND_OF = {fact_type: kind for kind, fact_type in KINDS.items()}


@dataclass(frozen=True)
class Daily:
    """The stored sums of a local day, and the times covered by its sessions, as in RunningSums."""

    day: date
    sums: DaySums
    made_at: datetime
    revision: int
    covered: tuple[Span, ...] | None = None

    @property
    def running(self) -> RunningSums:
        """The sums, to which facts can be added."""
        return RunningSums(self.sums, self.covered)


@dataclass(frozen=True)
class Standing:
    """What a step of a projection begins with: the sums of its days, the stored facts that it changes, and its plant.

    `plant` is None if the plant has no counts yet, or if the step does not change them.
    """

    days: dict[date, Daily]
    facts: dict[FactKey, Fact]
    plant: PlantRemaining | None


@dataclass(frozen=True)
class Projected:
    """What an order has stored in its plant's numbers: the head of its projection, its entries, and what remains of it.

    A fact has an entry, or it is still in the head.
    """

    head: Projection
    entries: dict[FactKey, ProjectedFact]
    remaining: OrderRemaining

    @property
    def keys(self) -> dict[FactKey, None]:
        """The keys of all stored facts, those with an entry first."""
        return dict.fromkeys([*self.entries, *(noted.key for noted in self.head.facts)])


def projection(tenant: str, order_id: str) -> Projected:
    """Read an order's projection, consistently, in one query. The head is read first.

    Each other write raises the head's revision. So the others belong to that revision, or the next write fails.
    """
    at, last = keys.projection(tenant, order_id), keys.remaining_of_order(tenant, order_id)
    head, remains, entries = Projection(), OrderRemaining(), []
    for each in table.query(at.pk, between=(at.sk, last.sk)):
        if each.kind == "projection":
            head = each.read(Projection)
        elif each.kind == "remaining":
            remains = each.read(OrderRemaining)
        else:
            entries.append(each.read(ProjectedFact))
    return Projected(head, {entry.key: entry for entry in entries}, remains)


def digest_of(fact: Fact) -> str:
    """A short digest of a fact."""
    plain = json.dumps(CONVERTER.unstructure(fact), sort_keys=True, default=str)
    return digest(plain.encode(), bits=64)


def write_projection(
    tenant: str,
    order_id: str,
    head: Projection,
    *,
    facts: Mapping[FactKey, Fact],
    gone: Collection[FactKey],
    moves: Iterable[Move],
    days: Iterable[Daily],
    recount: Recount | None,
) -> None:
    """Write a step of an order's projection in one transaction, on the condition that no revision has changed.

    A fact and its entry are written and deleted together, with the sums of their day. So the cost of a fact does not
    depend on the number of facts. `recount` is None if what remains is as before. `moves` add assignments to their
    worker's list or remove them, if the assignments still exist. Raises ConditionFailed, Collision.
    """
    step = item(keys.projection(tenant, order_id), "projection", head, revision=head.revision)
    puts = [
        Put(step, table.follows(step)),
        *(Put(item(_fact_at(tenant, key), KIND_OF[type(fact)], fact)) for key, fact in facts.items()),
        *(Put(_entry(tenant, order_id, ProjectedFact(key, digest_of(fact)))) for key, fact in facts.items()),
        *(_daily_put(tenant, made) for made in days),
        *(remaining.puts(tenant, order_id, recount) if recount else ()),
    ]
    deletes = [at for key in gone for at in (_fact_at(tenant, key), _entry_at(tenant, order_id, key))]
    table.transact(puts, deletes, [(move.key, _placing(move.place)) for move in moves])


def standing(tenant: str, days: Iterable[date], facts: Iterable[FactKey], *, plant: bool) -> Standing:
    """Read the sums of days, some facts and, if wanted, the counts of the plant, consistently, in one request.

    At most 100 together. Unknown ones are left out.
    """
    at_plant = [keys.remaining(tenant)] if plant else []
    at_days = {daily_at(tenant, day): day for day in days}
    at_facts = {_fact_at(tenant, key): key for key in facts}
    wanted = [*at_plant, *at_days, *at_facts]
    items = table.batch_get(wanted) if wanted else {}
    return Standing(
        {day: items[at].read(Daily) for at, day in at_days.items() if at in items},
        {key: _fact(items[at]) for at, key in at_facts.items() if at in items},
        lookup.among(items, keys.remaining(tenant), PlantRemaining),
    )


def facts_of(tenant: str, day: date, *, without: Iterable[FactKey] = ()) -> list[Fact]:
    """Read all facts of a day, consistently, and leave some out."""
    left_out = {_fact_at(tenant, key) for key in without}
    return [_fact(item) for item in table.query(keys.day(tenant, day.isoformat())) if item.key not in left_out]


def sessions_of(tenant: str, day: date) -> Iterator[SessionFact]:
    """Read the facts of the sessions that touched a day, consistently."""
    at = keys.session_facts(tenant, day.isoformat())
    for stored in table.query(at.pk, at.sk):
        yield stored.read(SessionFact)


def daily(tenant: str, day: date) -> Daily | None:
    """Read a day's sums, consistently."""
    return lookup.find(daily_at(tenant, day), Daily)


def put_daily(tenant: str, made: Daily) -> None:
    """Write a day's sums, on the condition that the stored revision is the one before. Raises ConditionFailed."""
    put = _daily_put(tenant, made)
    table.put(put.item, put.condition)


def dailies(tenant: str, first: date, last: date) -> list[Daily]:
    """Read the stored sums of the days from `first` to `last`, both included, in one query."""
    partition = keys.daily(tenant, NO_DIMENSION, "").pk
    return [sums.read(Daily) for sums in table.query(partition, between=(first.isoformat(), last.isoformat()))]


def daily_at(tenant: str, day: date) -> Key:
    """The key of the sums of a day."""
    return keys.daily(tenant, NO_DIMENSION, day.isoformat())


def _daily_put(tenant: str, made: Daily) -> Put:
    written = item(daily_at(tenant, made.day), "daily", made, revision=made.revision)
    return Put(written, table.follows(written))


def _fact(stored: Item) -> Fact:
    return stored.read(KINDS[stored.kind])


def _fact_at(tenant: str, key: FactKey) -> Key:
    return keys.day_fact(tenant, key.day.isoformat(), key.subject, key.identity)


def _entry(tenant: str, order_id: str, projected: ProjectedFact) -> Item:
    return item(_entry_at(tenant, order_id, projected.key), "projected", projected)


def _entry_at(tenant: str, order_id: str, key: FactKey) -> Key:
    return keys.projected(tenant, order_id, key.day.isoformat(), key.subject, key.identity)


def _placing(place: IndexPlace | None) -> list[object]:
    """The update that adds an assignment to a worker's list, or removes it."""
    if place is None:
        return [Item.GSI2PK.remove(), Item.GSI2SK.remove()]
    return [Item.GSI2PK.set(place[0]), Item.GSI2SK.set(place[1])]
