"""Writes: joined from parts, written all or nothing, and rehearsed without writing."""

import pytest

from chalicelib.domain.errors import Conflict
from chalicelib.storage import table, writes
from chalicelib.storage.conflicts import ConditionFailed
from chalicelib.storage.items import item
from chalicelib.storage.keys.shape import Key
from chalicelib.storage.table import Check, Put
from chalicelib.storage.writes import Rehearsal, Write
from tests.machines import watched

pytestmark = pytest.mark.usefixtures("table")

A, B, C = Key("P", "a"), Key("P", "b"), Key("P", "c")


def creation(*keys: Key) -> Write:
    """What is written so that these are there; the error for each that already exists names it."""
    puts = tuple(Put(item(key, "note", {"text": key.sk}), table.absent()) for key in keys)
    return Write(puts, taken={key: Conflict(key.sk) for key in keys})


def there() -> list[str]:
    return [each.SK for each in table.query("P")]


def test_writes_put_together_are_one_transaction() -> None:
    writes.commit(creation(A))

    with watched() as called:
        writes.commit(creation(B) + Write(deletes=(A,)) + Write(checks=(Check(C, table.absent()),)) + Write())

    assert called == ["TransactWriteItems"]
    assert there() == ["b"]


def test_a_key_that_already_exists_is_told_by_its_own_error_the_first_of_them() -> None:
    writes.commit(creation(B) + creation(C))

    with pytest.raises(Conflict, match="b"):
        writes.commit(creation(A) + creation(B) + creation(C))

    assert there() == ["b", "c"]


def test_a_condition_that_fails_elsewhere_is_a_lost_race() -> None:
    writes.commit(creation(C))

    with pytest.raises(ConditionFailed) as failed:
        writes.commit(creation(A) + Write(checks=(Check(C, table.absent()),)))

    assert failed.value.keys == {C}
    assert there() == ["c"]


def test_what_is_taken_must_be_there_and_is_taken_once() -> None:
    writes.commit(creation(A))
    writes.commit(Write(takes=(A,)) + creation(B))

    with pytest.raises(ConditionFailed) as failed:
        writes.commit(creation(C) + Write(takes=(A,)))

    assert failed.value.keys == {A}
    assert there() == ["b"]


def test_a_rehearsal_refuses_what_is_there_and_what_was_rehearsed_and_writes_nothing() -> None:
    writes.commit(creation(B))
    rehearsal = Rehearsal()

    with watched() as called:
        rehearsal.commit(creation(A))
        for taken in (A, B):
            with pytest.raises(Conflict, match=taken.sk):
                rehearsal.commit(creation(C, taken))
        rehearsal.commit(creation(C))

    assert called == ["BatchGetItem"] * 4
    assert there() == ["b"]


def test_nothing_to_write_is_no_request(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(table, "transact", lambda *_, **__: pytest.fail("DynamoDB refuses a transaction of nothing"))
    writes.commit(Write())
    writes.commit(Write() + Write())
