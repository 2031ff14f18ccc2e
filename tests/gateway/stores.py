"""Stores with readings, for tests."""

from datetime import UTC, datetime

from docs.examples.gateway.readings import Reading
from docs.examples.gateway.store import Store, StoreFull

NOW = datetime(2026, 1, 5, 10, tzinfo=UTC)


def reading(value: object, machine: str = "M1") -> Reading:
    return Reading(machine, "temperature", "main", value, NOW)


def fill(store: Store) -> int:
    """Fill the store until not one reading more has room; how many it took."""
    taken = 0
    for at_once in (100, 1):
        try:
            while True:
                store.add([reading(taken)] * at_once)
                taken += at_once
        except StoreFull:
            continue
    return taken


def empty(store: Store) -> None:
    while batch := store.oldest(500):
        store.remove(batch)
