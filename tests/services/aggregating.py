"""Helpers for tests of aggregation: the items in the table, and those that the rules expect."""

from collections.abc import Iterable
from datetime import date, timedelta
from functools import reduce
from typing import Any

from chalicelib import clock
from chalicelib.domain.numbers.day_facts import Fact, FactKey, places_of
from chalicelib.domain.numbers.day_sums import summed
from chalicelib.domain.numbers.dimensions import Dimension, Place
from chalicelib.domain.numbers.order_facts import facts_of
from chalicelib.domain.numbers.remaining import Remaining, counted
from chalicelib.domain.numbers.running_sums import combined, of_facts
from chalicelib.domain.tenant_settings import DEFAULT_SETTINGS
from chalicelib.domain.tenants import DEFAULT_TENANT
from chalicelib.services.numbers import recounting
from chalicelib.services.numbers.aggregation import Outcome, aggregate
from chalicelib.storage import markers
from chalicelib.storage.items import Item
from chalicelib.storage.machines import machines
from chalicelib.storage.numbers import aggregates, daily_sums, remaining
from chalicelib.storage.numbers.daily_sums import Daily
from chalicelib.storage.orders import issues, stages, work_orders
from tests.floor import HOUR, MORNING, Plant

Facts = dict[tuple[str, str], Fact]


def run() -> Outcome:
    """Mark what became late, and do the work of all tenants' buckets, with plenty of time."""
    recounting.mark_late()
    return aggregate(lambda: timedelta(minutes=1), markers.TENANT_BUCKETS)


def settle() -> None:
    """Aggregate until no marker waits."""
    for _ in range(10):
        if not markers.pending(markers.TENANT_BUCKETS):
            return
        run()
    raise AssertionError("markers stay")


def book(plant: Plant, stage: str, hours: int, **fields: Any) -> None:
    """Book a session of so many hours that ends now."""
    now = MORNING + 24 * HOUR
    body = {"started_at": (now - hours * HOUR).isoformat(), "ended_at": now.isoformat()} | fields
    assert plant.planner.post(f"/stages/{stage}/sessions", body).status == 201


def assert_settled() -> None:
    """Facts, days, the counts of what remains and workers' lists are what the rules make of the orders."""
    items = list(Item.scan())
    wanted = wanted_facts(str(each.data["id"]) for each in items if each.kind == "order")
    by_place = by_places((key.day, fact) for key, fact in wanted.items())

    assert standing_facts(items) == {
        (f"T#default#DAY#{key.day.isoformat()}", f"{key.subject}#{key.identity}"): fact for key, fact in wanted.items()
    }
    assert {daily.place: daily.sums for daily in dailies() if daily.sums.facts} == {
        place: summed(facts) for place, facts in by_place.items()
    }
    assert listed(items) == should_be_listed(items)
    assert remaining_of_plant() == remaining_by_the_rules()


def dailies() -> list[Daily]:
    """All stored sums of days, of all dimensions."""
    everything = (daily_sums.between(DEFAULT_TENANT, date.min, date.max, dimension) for dimension in Dimension)
    return [daily for of_dimension in everything for daily in of_dimension]


def by_places(facts: Iterable[tuple[date, Fact]]) -> dict[Place, list[Fact]]:
    """Facts with their days, by the sums that they belong to."""
    by_place: dict[Place, list[Fact]] = {}
    for day, fact in facts:
        for place in places_of(day, fact):
            by_place.setdefault(place, []).append(fact)
    return by_place


def remaining_of_plant() -> Remaining:
    """The stored counts of what remains of the plant."""
    stored = remaining.of_plant(DEFAULT_TENANT)
    return stored.counts if stored else Remaining()


def remaining_by_the_rules() -> Remaining:
    """What remains of the plant by the lists of its orders, stages and issues, all of them read."""
    return counted(
        work_orders.active_heads(DEFAULT_TENANT),
        stages.active(DEFAULT_TENANT),
        [issue.priority for issue in issues.unresolved(DEFAULT_TENANT)],
        clock.now(),
        DEFAULT_SETTINGS,
    ).counts


def assert_sums_follow_facts() -> None:
    """The sums of every day are those of its facts, and the plant's counts those of its orders, at any moment."""
    by_place = by_places(
        (date.fromisoformat(pk.rpartition("#")[2]), fact) for (pk, _), fact in standing_facts().items()
    )
    made = {daily.place: daily.running for daily in dailies()}

    assert made == {place: of_facts(by_place.get(place, []), place.group) for place in made.keys() | by_place.keys()}
    orders = remaining.of_orders(DEFAULT_TENANT).values()
    assert remaining_of_plant() == reduce(lambda plant, order: combined(plant, order.counts, 1), orders, Remaining())


def wanted_facts(order_ids: Iterable[str]) -> dict[FactKey, Fact]:
    """All facts that these orders come to by the rules, if no machine ever moved to another line."""
    facts: dict[FactKey, Fact] = {}
    for order_id in order_ids:
        worked = work_orders.load_worked(DEFAULT_TENANT, order_id)
        machine_of = {session.id: session.machine_id for session in worked.sessions if session.machine_id}
        known = machines.find_all(DEFAULT_TENANT, set(machine_of.values()))
        lines = {session_id: known[machine_id].line or "" for session_id, machine_id in machine_of.items()}
        facts |= facts_of(worked.order, worked.sessions, DEFAULT_SETTINGS, lines)
    return facts


def standing_facts(items: Iterable[Item] | None = None) -> Facts:
    """All facts in the table, by their keys."""
    known = aggregates.KINDS
    return {(each.PK, each.SK): each.read(known[each.kind]) for each in items or Item.scan() if each.kind in known}


def listed(items: Iterable[Item] | None = None) -> set[tuple[str, str]]:
    """The stages that stand in workers' lists, each with its list."""
    found = (each for each in items or Item.scan() if each.kind == "assignment" and each.GSI2PK)
    return {(str(each.GSI2PK), each.data["stage_id"]) for each in found}


def should_be_listed(items: Iterable[Item]) -> set[tuple[str, str]]:
    """All stages, each with the list of each of its workers: of what goes on, or of what ended."""
    stages = (each.data for each in items if each.kind == "stage")
    return {
        (f"T#default#WORKER#{user}{'#ENDED' if 'ended_at' in stage else ''}", stage["id"])
        for stage in stages
        for user in [*stage.get("assignee_ids", []), *(each["worker_id"] for each in stage.get("open_sessions", []))]
    }
