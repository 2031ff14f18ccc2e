"""Aggregates in the table: projections of orders and facts of days. Writes depend on a revision.

The sums of a day are written in the transaction that changes its facts. So they always belong to the facts.
"""

import json
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from chalicelib.domain.digests import digest
from chalicelib.domain.numbers.day_facts import Fact, FactKey, GivenUpFact, OrderFact, SessionFact, StageFact, line_of
from chalicelib.domain.numbers.projections import ProjectedFact, Projection
from chalicelib.domain.numbers.remaining import OrderRemaining
from chalicelib.domain.orders.work_orders import order_id_of
from chalicelib.storage import table
from chalicelib.storage.codec import CONVERTER
from chalicelib.storage.items import Item, item
from chalicelib.storage.keys import numbers as keys
from chalicelib.storage.keys.shape import IndexPlace, Key
from chalicelib.storage.numbers import daily_sums, done_stages, remaining
from chalicelib.storage.numbers.daily_sums import Daily
from chalicelib.storage.numbers.remaining import Recount
from chalicelib.storage.orders.assignments import Move
from chalicelib.storage.table import Put

MOST_A_REQUEST = 100
KINDS: dict[str, type[Fact]] = {
    "stage_fact": StageFact,
    "order_fact": OrderFact,
    "given_up_fact": GivenUpFact,
    "session_fact": SessionFact,
}
KIND_OF = {fact_type: kind for kind, fact_type in KINDS.items()}


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
    sums: Iterable[Daily],
    recount: Recount | None,
) -> None:
    """Write a step of an order's projection in one transaction, on the condition that no revision has changed.

    A fact and its entry are written and deleted together, with the sums of its day and groups. So the cost of a fact
    does not depend on the number of facts. `recount` is None if what remains is as before. `moves` add assignments to
    their worker's list or remove them, if the assignments still exist. Raises ConditionFailed, Collision.
    """
    step = item(keys.projection(tenant, order_id), "projection", head, revision=head.revision)
    puts = [
        Put(step, table.follows(step)),
        *(Put(_fact_item(tenant, key, fact)) for key, fact in facts.items()),
        *(
            Put(_entry(tenant, order_id, ProjectedFact(key, digest_of(fact), line_of(fact))))
            for key, fact in facts.items()
        ),
        *(daily_sums.to_put(tenant, made) for made in sums),
        *(remaining.puts(tenant, order_id, recount) if recount else ()),
    ]
    deletes = [at for key in gone for at in (_fact_at(tenant, key), _entry_at(tenant, order_id, key))]
    table.transact(puts, deletes, [(move.key, _placing(move.place)) for move in moves])


def facts(tenant: str, wanted: Sequence[FactKey]) -> dict[FactKey, Fact]:
    """Read facts, consistently, 100 a request. Unknown ones are left out."""
    found: dict[FactKey, Fact] = {}
    for start in range(0, len(wanted), MOST_A_REQUEST):
        at = {_fact_at(tenant, key): key for key in wanted[start : start + MOST_A_REQUEST]}
        found |= {at[where]: _fact(stored) for where, stored in table.batch_get(at).items()}
    return found


def facts_of(tenant: str, day: date, *, without: Iterable[FactKey] = ()) -> list[Fact]:
    """Read all facts of a day, consistently, and leave some out."""
    left_out = {_fact_at(tenant, key) for key in without}
    return [_fact(item) for item in table.query(keys.day(tenant, day.isoformat())) if item.key not in left_out]


def keyed_facts_of(tenant: str, day: date) -> dict[FactKey, Fact]:
    """Read all facts of a day, consistently, by their keys."""
    found = table.query(keys.day(tenant, day.isoformat()))
    return {FactKey(day, *keys.subject_of_fact(each.SK)): _fact(each) for each in found}


def sessions_of(tenant: str, day: date) -> Iterator[tuple[str, SessionFact]]:
    """Read the facts of the sessions that touched a day, each with the session's id, consistently."""
    at = keys.session_facts(tenant, day.isoformat())
    for stored in table.query(at.pk, at.sk):
        yield stored.SK.removeprefix(at.sk), stored.read(SessionFact)


def orders_of(tenant: str, day: date) -> set[str]:
    """The ids of the orders that have facts in a day. Facts of sessions of earlier releases do not name theirs."""
    return {order_id for stored in table.query(keys.day(tenant, day.isoformat())) for order_id in _orders_in(stored)}


def page_of_sessions(tenant: str, day: date, *, after: str, limit: int) -> list[tuple[str, SessionFact]]:
    """Read at most `limit` facts of sessions that touched a day, by the sessions' ids, consistently, in one query.

    Only those after an id, if it is not empty.
    """
    at = keys.session_facts(tenant, day.isoformat())
    # A space sorts before everything that an id may go on with, and `~` after it.
    between = (f"{at.sk}{after} " if after else at.sk, f"{at.sk}~")
    found = table.query(at.pk, between=between, limit=limit)
    return [(stored.key.sk.removeprefix(at.sk), stored.read(SessionFact)) for stored in found]


def _orders_in(stored: Item) -> Iterator[str]:
    """The id of the order of a fact, if the fact tells it."""
    fact, identity = _fact(stored), keys.id_of_fact(stored.SK)
    if isinstance(fact, SessionFact):
        yield from [order_id_of(fact.stage_id)] if fact.stage_id else []
    elif isinstance(fact, OrderFact) or (isinstance(fact, GivenUpFact) and fact.is_order):
        yield identity
    else:
        yield order_id_of(identity)


def _fact(stored: Item) -> Fact:
    return stored.read(KINDS[stored.kind])


def _fact_item(tenant: str, key: FactKey, fact: Fact) -> Item:
    place = done_stages.place_of(tenant, key, fact)
    return item(_fact_at(tenant, key), KIND_OF[type(fact)], fact, by_state=place)


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
