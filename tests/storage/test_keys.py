"""Two tenants never share a partition, whatever the other parts of a key are."""

import inspect
import re
from collections.abc import Callable
from datetime import UTC, date, datetime
from importlib import import_module
from pkgutil import iter_modules
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.telling.notifications import Audience
from chalicelib.domain.tenants import unnamable
from chalicelib.storage import keys, markers
from chalicelib.storage.keys import idempotency, machines, numbers, orders, people, shape, telling, timers
from chalicelib.storage.keys.shape import Key

# Of no tenant: markers, events, timers and late orders name theirs inside, an address may try any; the rest are parts.
NOBODYS = {
    numbers.marker,
    numbers.markers,
    numbers.late_after,
    numbers.late_order,
    numbers.days_between,
    people.throttle_of_address,
}
NOBODYS |= {machines.rollups_from, machines.explanations_from, machines.births_between, idempotency.part}
NOBODYS |= {numbers.id_of_fact, numbers.subject_of_fact, machines.other_hour, machines.other_hour_at}
NOBODYS |= {shape.tenant_of, machines.machine_of_chunks, shape.time_key, shape.between_instants, shape.month_of}
NOBODYS |= {telling.outgoing, telling.outbox, telling.written_at, telling.due, telling.due_delivery}
NOBODYS |= {timers.timer, timers.shard, timers.due_at}
NOBODYS |= {orders.correction_at, orders.report_at, orders.first_session_in}
TENANT_ID = re.compile(r"[a-z0-9][a-z0-9_-]{0,63}")

Make = Callable[..., Key | str]
MODULES = [import_module(found.name) for found in iter_modules(keys.__path__, f"{keys.__name__}.")]
FUNCTIONS: list[Make] = [
    each
    for module in MODULES
    for name, each in inspect.getmembers(module, inspect.isfunction)
    if each.__module__ == module.__name__ and each is not shape.of and not name.startswith("_")
]
TENANTS: list[Make] = [each for each in FUNCTIONS if each not in NOBODYS]

ANYTHING: dict[Any, st.SearchStrategy[Any]] = {
    str: st.text(max_size=20) | st.sampled_from(["", "#", "T#b", "#T#b#USERS"]),
    int: st.integers(0, 99),
    bool: st.booleans(),
    date: st.dates(),
    datetime: st.datetimes(timezones=st.just(UTC)),
    Audience: st.builds(Audience, st.sampled_from(["role", "user"]), st.text(max_size=20)),
}
TENANT_IDS = st.from_regex(TENANT_ID, fullmatch=True)


def arguments(make: Make) -> st.SearchStrategy[tuple[tuple[Any, ...], dict[str, Any]]]:
    """Whatever else a key may be made of: what stands by position, and what is named."""
    _, *others = inspect.signature(make).parameters.values()
    # A stage's id ends in its position, an issue's in its own id, or no key is made of it at all.
    drawn = {each.name: ANYTHING[each.annotation] for each in others}
    if "stage_id" in drawn:
        drawn["stage_id"] = st.builds("{}-{:02d}".format, ANYTHING[str], ANYTHING[int])
    if "issue_id" in drawn:
        drawn["issue_id"] = st.builds("{}-{}1".format, st.text(min_size=1), st.sampled_from(["i", "m"]))
    named = {each.name: drawn[each.name] for each in others if each.kind is each.KEYWORD_ONLY}
    return st.tuples(st.tuples(*(drawn[name] for name in drawn if name not in named)), st.fixed_dictionaries(named))


def partition(made: Key | str) -> str:
    return made if isinstance(made, str) else made.pk


def test_every_key_is_a_tenants_or_known_to_be_nobodys() -> None:
    first = {make: next(iter(inspect.signature(make).parameters)) for make in TENANTS}

    assert set(FUNCTIONS) >= NOBODYS
    assert {make for make, name in first.items() if name not in {"tenant", "tenant_id"}} == set()


@pytest.mark.parametrize("make", TENANTS, ids=lambda make: make.__name__)
@given(data=st.data(), tenant=TENANT_IDS)
def test_a_tenants_partition_begins_with_the_tenant_and_a_separator(
    make: Make, data: st.DataObject, tenant: str
) -> None:
    by_position, named = data.draw(arguments(make))

    made = partition(make(tenant, *by_position, **named))

    assert f"{made}#".startswith(f"T#{tenant}#")


@given(one=TENANT_IDS, other=TENANT_IDS)
def test_no_tenants_beginning_is_the_beginning_of_another(one: str, other: str) -> None:
    begins = f"T#{one}#".startswith(f"T#{other}#")

    assert begins == (one == other)


@given(st.text(max_size=70))
def test_a_tenants_id_holds_no_separator(tenant: str) -> None:
    assert bool(TENANT_ID.fullmatch(tenant)) == (unnamable(tenant) == [])
    assert unnamable(f"{tenant}#") != []


def test_the_list_of_tenants_and_the_markers_are_in_no_tenants_partitions() -> None:
    shards = {numbers.markers(bucket) for bucket in markers.BUCKETS}

    assert not [each for each in {people.TENANTS, numbers.LATE, *shards} if each.startswith("T#")]
