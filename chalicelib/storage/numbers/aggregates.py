"""Aggregates in the table: projections of orders, facts of days, and daily sums, each guarded by its revision."""

import json
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from chalicelib.domain.digests import digest
from chalicelib.domain.markers import Marker
from chalicelib.domain.numbers.days import DaySums, Fact, FactKey, OrderFact, SessionFact, StageFact
from chalicelib.domain.numbers.projections import ProjectedFact, Projection
from chalicelib.storage import markers, table
from chalicelib.storage.codec import CONVERTER
from chalicelib.storage.items import Item, item
from chalicelib.storage.keys import numbers as keys
from chalicelib.storage.keys.shape import IndexPlace, Key
from chalicelib.storage.orders.assignments import Move
from chalicelib.storage.table import Put

NO_DIMENSION = "none"
KINDS: dict[str, type[Fact]] = {"stage_fact": StageFact, "order_fact": OrderFact, "session_fact": SessionFact}
KIND_OF = {fact_type: kind for kind, fact_type in KINDS.items()}


@dataclass(frozen=True)
class Daily:
    """The sums of a local day as they were last made."""

    day: date
    sums: DaySums
    made_at: datetime
    revision: int


@dataclass(frozen=True)
class Projected:
    """What an order has put into days: the head of its projection, and its entries.

    A fact has an entry, or it is still on the head.
    """

    head: Projection
    entries: dict[FactKey, ProjectedFact]


def projection(tenant: str, order_id: str) -> Projected:
    """Read what an order has put into days, consistently, in one query. The head comes first, and its revision guards.

    Whoever writes an entry raises it, so entries that were read after it are those of that revision, or it has moved.
    """
    at = keys.projection(tenant, order_id)
    found = list(table.query(at.pk, at.sk))
    if not found:
        return Projected(Projection(), {})
    head, *others = found
    entries = (each.read(ProjectedFact) for each in others)
    return Projected(head.read(Projection), {entry.key: entry for entry in entries})


def digest_of(fact: Fact) -> str:
    """Say in few characters what a fact says."""
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
    marker: Marker | None,
) -> None:
    """Write a step of an order's projection in one transaction, on the condition that nobody else took it meanwhile.

    A fact is written with its entry and goes with it: what a fact costs does not depend on how many there are.
    `moves` put assignments into their worker's list, or take them off; only where they still exist.
    Raises ConditionFailed, Collision.
    """
    step = item(keys.projection(tenant, order_id), "projection", head, revision=head.revision)
    puts = [
        Put(step, table.at_revision(head.revision - 1)),
        *(Put(item(_fact_at(tenant, key), KIND_OF[type(fact)], fact)) for key, fact in facts.items()),
        *(Put(_entry(tenant, order_id, ProjectedFact(key, digest_of(fact)))) for key, fact in facts.items()),
        *([Put(markers.as_item(marker))] if marker else []),
    ]
    deletes = [at for key in gone for at in (_fact_at(tenant, key), _entry_at(tenant, order_id, key))]
    table.transact(puts, deletes, [(move.key, _placing(move.place)) for move in moves])


def facts_of(tenant: str, day: date) -> Iterator[Fact]:
    """Read all facts of a day, consistently."""
    for found in table.query(keys.day(tenant, day.isoformat())):
        yield found.read(KINDS[found.kind])


def daily(tenant: str, day: date) -> Daily | None:
    """Read a day's sums, consistently."""
    found = table.get(keys.daily(tenant, NO_DIMENSION, day.isoformat()))
    return None if found is None else found.read(Daily)


def put_daily(tenant: str, made: Daily) -> None:
    """Write a day's sums, on the condition that the revision before is the one that stands. Raises ConditionFailed."""
    at = keys.daily(tenant, NO_DIMENSION, made.day.isoformat())
    table.put(item(at, "daily", made, revision=made.revision), table.at_revision(made.revision - 1))


def dailies(tenant: str, first: date, last: date) -> list[Daily]:
    """Read the sums of the days from one to another, both included, in one query."""
    partition = keys.daily(tenant, NO_DIMENSION, "").pk
    return [found.read(Daily) for found in table.query(partition, between=(first.isoformat(), last.isoformat()))]


def _fact_at(tenant: str, key: FactKey) -> Key:
    return keys.day_fact(tenant, key.day.isoformat(), key.subject, key.identity)


def _entry(tenant: str, order_id: str, projected: ProjectedFact) -> Item:
    return item(_entry_at(tenant, order_id, projected.key), "projected", projected)


def _entry_at(tenant: str, order_id: str, key: FactKey) -> Key:
    return keys.projected(tenant, order_id, key.day.isoformat(), key.subject, key.identity)


def _placing(place: IndexPlace | None) -> list[object]:
    """The update that puts an assignment into a worker's list, or takes it off."""
    if place is None:
        return [Item.GSI2PK.remove(), Item.GSI2SK.remove()]
    return [Item.GSI2PK.set(place[0]), Item.GSI2SK.set(place[1])]
