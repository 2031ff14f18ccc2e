"""Numbers for the old app: given once, kept for ever, whoever asks at the same time."""

import pytest

from chalicelib.domain.errors import InvalidFields
from chalicelib.domain.old_ids import MOST, Kind, OldIdNotFound, OldIdTaken
from chalicelib.services import old_ids
from chalicelib.storage import old_ids as stored
from tests.disturbances import at_commit
from tests.machines import watched

T = "acme"


@pytest.fixture(autouse=True)
def _table(table: None, waits: list[float]) -> None:
    """An empty table, and waits that take no time."""


def test_numbers_count_from_one_in_the_order_asked_for_and_stay() -> None:
    first = old_ids.numbers_of(T, "order", ["WO-9", "WO-1", "WO-9"])

    assert first == {"WO-9": 1, "WO-1": 2}
    assert list(first) == ["WO-9", "WO-1"]
    assert old_ids.numbers_of(T, "order", ["WO-5", "WO-1", "WO-9"]) == {"WO-5": 3, "WO-1": 2, "WO-9": 1}
    assert [old_ids.id_of(T, "order", number) for number in (1, 2, 3)] == ["WO-9", "WO-1", "WO-5"]


def test_each_kind_and_each_tenant_counts_for_itself() -> None:
    old_ids.numbers_of(T, "order", ["A", "B"])

    assert old_ids.numbers_of(T, "user", ["B"]) == old_ids.numbers_of("blue", "order", ["B"]) == {"B": 1}
    unknown: list[tuple[str, Kind, int]] = [("blue", "order", 2), (T, "user", 2), (T, "order", 3), (T, "order", 0)]
    for tenant, kind, number in unknown:
        with pytest.raises(OldIdNotFound):
            old_ids.id_of(tenant, kind, number)


def test_what_has_numbers_costs_a_read_for_each_hundred_and_nothing_is_written() -> None:
    many = [f"S-{n}" for n in range(130)]
    given = old_ids.numbers_of(T, "stage", many)
    with watched() as called:
        again = old_ids.numbers_of(T, "stage", many)

    assert list(again.values()) == list(range(1, 131))
    assert (again, called) == (given, ["BatchGetItem"] * 2)
    with watched() as called:
        assert old_ids.numbers_of(T, "stage", []) == {}
    assert called == []


def test_new_numbers_are_given_in_transactions_that_fit() -> None:
    with watched() as called:
        old_ids.numbers_of(T, "stage", [f"S-{n}" for n in range(stored.MOST_A_WRITE + 1)])

    assert called == ["BatchGetItem", *["BatchGetItem", "TransactWriteItems"] * 2]


def test_two_who_ask_at_once_are_given_the_same_numbers() -> None:
    others: dict[str, int] = {}

    with at_commit(before=lambda: others.update(old_ids.numbers_of(T, "order", ["B", "C"]))):
        mine = old_ids.numbers_of(T, "order", ["A", "B"])

    assert others == {"B": 1, "C": 2}
    assert mine == {"A": 3, "B": 1}


def test_everything_numbered_meanwhile_is_not_numbered_again() -> None:
    with at_commit(before=lambda: old_ids.numbers_of(T, "order", ["A"])):
        assert old_ids.numbers_of(T, "order", ["A"]) == {"A": 1}
    assert old_ids.numbers_of(T, "order", ["B"]) == {"B": 2}


def test_the_old_database_keeps_its_numbers_and_new_ones_are_above_them() -> None:
    kept = {f"WO-{n}": n * 10 for n in range(1, 61)}
    old_ids.registered(T, "order", kept)

    assert old_ids.numbers_of(T, "order", kept) == kept
    assert old_ids.id_of(T, "order", 600) == "WO-60"
    assert old_ids.numbers_of(T, "order", ["new"]) == {"new": 601}
    with watched() as called:
        old_ids.registered(T, "order", kept)
    assert called == ["BatchGetItem"] * 2
    old_ids.registered(T, "order", {**kept, "WO-0": 5})
    assert old_ids.numbers_of(T, "order", ["WO-0", "newer"]) == {"WO-0": 5, "newer": 602}


@pytest.mark.parametrize(("id_", "number"), [("new", 7), ("A", 8)])
def test_a_number_or_an_id_that_belongs_to_another_is_a_clash(id_: str, number: int) -> None:
    old_ids.registered(T, "machine", {"A": 7})

    with pytest.raises(OldIdTaken) as refused:
        old_ids.registered(T, "machine", {"fine": 1, id_: number})

    assert f"machine {number} cannot be {id_}: 7 is A already" in refused.value.detail
    with pytest.raises(OldIdNotFound):
        old_ids.id_of(T, "machine", 1)


def test_a_number_given_while_the_old_ones_come_is_a_clash_and_never_a_second_meaning() -> None:
    with (
        at_commit(before=lambda: old_ids.numbers_of(T, "order", ["new"])),
        pytest.raises(OldIdTaken),
    ):
        old_ids.registered(T, "order", {"WO-1": 1})

    assert old_ids.id_of(T, "order", 1) == "new"


def test_numbers_that_the_app_cannot_hold_or_that_mean_two_are_refused_together() -> None:
    old_ids.registered(T, "order", {"most": MOST, "least": 1})

    with pytest.raises(InvalidFields) as refused:
        old_ids.registered(T, "order", {"a": 0, "b": MOST + 1, "c": 3, "d": 3, "fine": 4})

    told = {each.field: each.code for each in refused.value.errors}
    assert told == {"a": "bad_id", "b": "bad_id", "c": "duplicate", "d": "duplicate"}
    with pytest.raises(OldIdNotFound):
        old_ids.id_of(T, "order", 4)
