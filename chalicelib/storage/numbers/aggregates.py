"""Aggregates in the table: projections of orders, facts of days, and daily sums, each guarded by its revision."""

import hashlib
import json
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from chalicelib.domain.markers import Marker
from chalicelib.domain.numbers.days import DaySums, Fact, FactKey, OrderFact, SessionFact, StageFact
from chalicelib.domain.numbers.projections import ProjectedFact, Projection
from chalicelib.storage import keys, markers, table
from chalicelib.storage.items import CONVERTER, Item, item
from chalicelib.storage.keys import Key
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
    """What an order has put into days: the head of its projection, its entries, and the revision (None: nothing yet).

    A fact has an entry, or it is still on the head.
    """

    head: Projection
    entries: dict[FactKey, ProjectedFact]
    revision: int | None


def projection(tenant: str, order_id: str) -> Projected:
    """Read what an order has put into days, consistently, in one query. The head comes first, and its revision guards.

    Whoever writes an entry raises it, so entries that were read after it are those of that revision, or it has moved.
    """
    at = keys.projection(tenant, order_id)
    found = list(table.query(at.pk, at.sk))
    if not found:
        return Projected(Projection(), {}, None)
    head, *others = found
    entries = (each.read(ProjectedFact) for each in others)
    return Projected(head.read(Projection), {entry.key: entry for entry in entries}, int(head.revision or 0))


def digest(fact: Fact) -> str:
    """Say in few characters what a fact says."""
    plain = json.dumps(CONVERTER.unstructure(fact), sort_keys=True, default=str)
    return hashlib.sha256(plain.encode()).hexdigest()[:16]


def write_projection(
    tenant: str,
    order_id: str,
    head: Projection,
    *,
    revision: int | None,
    facts: Mapping[FactKey, Fact],
    gone: Collection[FactKey],
    listed: Mapping[Key, tuple[str, str] | None],
    marker: Marker | None,
) -> None:
    """Write a step of an order's projection in one transaction, on the condition that nobody else took one meanwhile.

    A fact is written with its entry and goes with it: what a fact costs does not depend on how many there are.
    `listed` puts assignments into their worker's list, or (None) takes them off; only where they still exist.
    Raises ConditionFailed, Collision.
    """
    step = item(keys.projection(tenant, order_id), "projection", head, revision=(revision or 0) + 1)
    puts = [
        Put(step, table.at_revision(revision)),
        *(Put(item(_fact_at(tenant, key), KIND_OF[type(fact)], fact)) for key, fact in facts.items()),
        *(Put(_entry(tenant, order_id, ProjectedFact(key, digest(fact)))) for key, fact in facts.items()),
        *([Put(markers.as_item(marker))] if marker else []),
    ]
    deletes = [at for key in gone for at in (_fact_at(tenant, key), _entry_at(tenant, order_id, key))]
    table.transact(puts, deletes, [(key, _listing(entry)) for key, entry in listed.items()])


def facts_of(tenant: str, day: date) -> Iterator[Fact]:
    """Read all facts of a day, consistently."""
    for found in table.query(keys.day(tenant, day.isoformat())):
        yield found.read(KINDS[found.kind])


def daily(tenant: str, day: date) -> Daily | None:
    """Read a day's sums, consistently."""
    found = table.get(keys.daily(tenant, NO_DIMENSION, day.isoformat()))
    return None if found is None else _read(found)


def put_daily(tenant: str, made: Daily, *, revision: int | None) -> None:
    """Write a day's sums, on the condition that nobody wrote them since. Raises ConditionFailed."""
    at = keys.daily(tenant, NO_DIMENSION, made.day.isoformat())
    table.put(item(at, "daily", made, revision=made.revision, without=("revision",)), table.at_revision(revision))


def dailies(tenant: str, first: date, last: date) -> list[Daily]:
    """Read the sums of the days from one to another, both included, in one query."""
    partition = keys.daily(tenant, NO_DIMENSION, "").pk
    return [_read(found) for found in table.query(partition, between=(first.isoformat(), last.isoformat()))]


def _read(found: Item) -> Daily:
    found.data["revision"] = int(found.revision or 0)
    return found.read(Daily)


def _fact_at(tenant: str, key: FactKey) -> Key:
    return keys.day_fact(tenant, key.day.isoformat(), key.subject, key.identity)


def _entry(tenant: str, order_id: str, projected: ProjectedFact) -> Item:
    return item(_entry_at(tenant, order_id, projected.key), "projected", projected)


def _entry_at(tenant: str, order_id: str, key: FactKey) -> Key:
    return keys.projected(tenant, order_id, key.day.isoformat(), key.subject, key.identity)


def _listing(entry: tuple[str, str] | None) -> list[object]:
    """The update that puts an assignment into a worker's list, or takes it off."""
    if entry is None:
        return [Item.GSI2PK.remove(), Item.GSI2SK.remove()]
    return [Item.GSI2PK.set(entry[0]), Item.GSI2SK.set(entry[1])]
