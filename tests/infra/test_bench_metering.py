"""Units are computed from the bytes of items, by DynamoDB's rules; a meter counts what a client really sent."""

from collections.abc import Callable
from typing import Any

import pytest

from chalicelib.storage import table
from chalicelib.storage.conflicts import ConditionFailed
from chalicelib.storage.items import Item, item
from chalicelib.storage.keys.shape import Key
from chalicelib.storage.table import Check, Put
from infra.bench.capacity import item_size, number_size, read_units, value_size, write_units
from infra.bench.metering import Meter

A, B = Key("P", "A"), Key("P", "B")


def note(key: Key = A, kilobytes: float = 0.5, state: str | None = None) -> Item:
    """An item of about so many kilobytes, with or without a place in an index."""
    return item(key, "note", {"text": "x" * int(1024 * kilobytes - 100)}, by_state=(state, "1") if state else None)


def metered(act: Callable[[], Any]) -> tuple[int, float, int]:
    """The requests, the read units and the write units of what is done."""
    with Meter(Item._get_connection().connection.client).running() as meter:
        act()
    return meter.requests, meter.read, meter.write


@pytest.mark.parametrize(
    ("text", "size"),
    [
        ("0", 1),
        ("7", 2),
        ("-7", 3),
        ("42", 2),
        ("420", 3),
        ("4200", 2),
        ("123", 3),
        ("0.5", 2),
        ("0.05", 2),
        ("1E+130", 2),
    ],
)
def test_a_number_has_a_byte_for_two_digits_and_zeros_at_its_ends_are_free(text: str, size: int) -> None:
    assert number_size(text) == size


def test_an_items_size_is_that_of_its_names_and_values() -> None:
    nested = {"M": {"ab": {"S": "ğ"}, "c": {"L": [{"BOOL": True}, {"NULL": True}]}}}
    assert item_size({"PK": {"S": "order"}, "raw": {"B": "eHh4"}}) == (2 + 5) + (3 + 3)
    assert value_size(nested) == 3 + (1 + 2 + 2) + (1 + 1 + 3 + (1 + 1) + (1 + 1))
    assert value_size({"SS": ["a", "ğ"]}) == 3
    with pytest.raises(KeyError, match="NS"):
        value_size({"NS": ["1"]})


def test_reading_is_rounded_up_to_four_kilobytes_and_costs_half_if_it_may_be_old() -> None:
    assert [read_units(size, consistent=True) for size in (0, 1, 4096, 4097)] == [1, 1, 1, 2]
    assert read_units(4097, consistent=False) == 1


@pytest.mark.parametrize(
    ("before", "after", "units"),
    [
        (None, "a", 2),  # the item and its entry
        ("a", None, 2),
        ("a", "b", 3),  # the entry moves
        ("a", "a changed", 2),
        ("a", "a", 1),  # the index sees no change
        (None, None, 1),
    ],
)
def test_an_entry_in_an_index_costs_what_changes_in_it(before: str | None, after: str | None, units: int) -> None:
    def stored(state: str | None) -> dict[str, dict[str, str]] | None:
        if state is None:
            return None
        place, _, text = state.partition(" ")
        return {"PK": {"S": "P"}, "GSI1PK": {"S": place}, "GSI1SK": {"S": "1"}, "text": {"S": text}}

    assert write_units(stored(before), stored(after), transaction=False) == units
    assert write_units(stored(before), stored(after), transaction=True) == units + 1


@pytest.mark.usefixtures("table")
def test_a_query_costs_the_bytes_of_everything_that_it_passes_over() -> None:
    table.batch_put([note(Key("P", f"{n:03d}"), kilobytes=10) for n in range(80)])

    found, nothing = metered(lambda: list(table.query("P"))), metered(lambda: list(table.query("Q")))

    assert (found, nothing) == ((1, 199, 0), (1, 1, 0))


@pytest.mark.usefixtures("table")
def test_items_that_are_read_one_by_one_are_rounded_up_one_by_one() -> None:
    table.put(note(kilobytes=5))

    assert metered(lambda: table.get(A)) == (1, 2, 0)
    assert metered(lambda: table.get(B)) == (1, 1, 0)
    assert metered(lambda: table.batch_get([A, B])) == (1, 3, 0)


@pytest.mark.usefixtures("table")
def test_a_write_costs_the_larger_of_both_sizes_and_twice_that_in_a_transaction() -> None:
    assert metered(lambda: table.put(note(kilobytes=1.5))) == (1, 0, 2)
    assert metered(lambda: table.put(note(kilobytes=0.5))) == (1, 0, 2)
    assert metered(lambda: table.batch_put([note(), note(B, 2.5, "active")])) == (1, 0, 1 + 3 + 3)
    update = (B, [Item.GSI1PK.remove(), Item.GSI1SK.remove()])
    assert metered(lambda: table.transact([Put(note())], updates=[update])) == (1, 0, 2 + 2 * 3 + 3)
    assert metered(lambda: table.transact([], [A], checks=[Check(B, Item.PK.exists())])) == (1, 0, 2 + 2 * 3)


@pytest.mark.usefixtures("table")
def test_a_write_that_is_refused_costs_the_item_that_is_there() -> None:
    table.put(note(kilobytes=2.5))

    def refused() -> None:
        with pytest.raises(ConditionFailed):
            table.put(note(kilobytes=0.5), table.absent())
        with pytest.raises(ConditionFailed):
            table.transact([Put(note(kilobytes=0.5), table.absent()), Put(note(B))])

    assert metered(refused) == (2, 0, 3 + 2 * 3 + 2)


@pytest.mark.usefixtures("table")
def test_bytes_that_are_not_returned_cannot_be_counted() -> None:
    table.put(note())

    with pytest.raises(ValueError, match="passes over bytes"):
        metered(lambda: list(Item.query("P", attributes_to_get=["PK"])))


@pytest.mark.usefixtures("table")
def test_nothing_is_counted_before_and_after() -> None:
    metered(lambda: table.put(note()))
    meter = Meter(Item._get_connection().connection.client)
    table.put(note())

    assert (meter.requests, meter.read, meter.write, meter.items) == (0, 0, 0, 0)
