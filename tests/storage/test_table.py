"""The table: translated errors, pages, batches, and keys that begin with their tenant."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from botocore.exceptions import ConnectionClosedError, ParamValidationError, ReadTimeoutError
from pynamodb.exceptions import PynamoDBException

from chalicelib.domain.errors import StorageUnavailable
from chalicelib.domain.schema import WRITTEN
from chalicelib.storage import table
from chalicelib.storage.conflicts import Collision, ConditionFailed
from chalicelib.storage.items import Item, item
from chalicelib.storage.keys.shape import Key
from chalicelib.storage.table import Put
from tests.conftest import SetClock
from tests.disturbances import cancelled, raising, times
from tests.floor import Plant
from tests.machines import refusal, watched

pytestmark = pytest.mark.usefixtures("table")

A, B, C = Key("P", "a"), Key("P", "b"), Key("P", "c")


def note(key: Key, text: str = "x", **fields: Any) -> Item:
    """An item that holds a text."""
    return item(key, "note", {"text": text}, **fields)


def texts() -> dict[str, str]:
    """What the items of the partition hold, by their sort keys."""
    return {each.SK: each.data["text"] for each in table.query("P")}


def test_a_transaction_writes_all_or_nothing_and_names_whose_condition_failed() -> None:
    table.put(note(A, "old"))
    table.put(note(B, "old", revision=3))

    with pytest.raises(ConditionFailed) as failed:
        table.transact(
            [
                Put(note(A, "new"), table.absent()),
                Put(note(B, "new"), table.at_revision(3)),
                Put(note(C, "new")),
            ]
        )

    assert failed.value.keys == {A}
    assert texts() == {"a": "old", "b": "old"}


def test_an_update_is_undone_where_its_transaction_fails() -> None:
    table.put(note(A, revision=1))

    with pytest.raises(ConditionFailed) as failed:
        table.transact([], updates=[(key, [Item.revision.set(2)]) for key in (A, C)])

    assert failed.value.keys == {C}
    assert [(each.SK, each.revision) for each in table.query("P")] == [("a", 1)]


def test_reasons_find_their_items_whatever_the_order_of_the_call() -> None:
    gone = Key("P", "gone")
    table.put(note(A, revision=1))
    table.put(note(B))

    with pytest.raises(ConditionFailed) as failed:
        table.transact(
            [Put(note(C)), Put(note(A), table.at_revision(2))],
            deletes=[B],
            updates=[(gone, [Item.GSI1PK.set("x")])],
        )

    assert failed.value.keys == {A, gone}
    assert "P a" in str(failed.value)


def test_deletes_and_updates_go_with_puts() -> None:
    table.put(note(A))
    table.put(note(B, by_owner=("O", "1")))

    table.transact([Put(note(C))], deletes=[A], updates=[(B, [Item.GSI2PK.remove(), Item.GSI2SK.remove()])])

    assert set(texts()) == {"b", "c"}
    assert table.page("by_owner", "O", limit=10, cursor=None).items == []


@pytest.mark.parametrize(
    ("error", "ours"),
    [
        (cancelled("TransactionConflict", "None"), Collision),
        (refusal("TransactionConflictException", "TransactWriteItems"), Collision),
        (cancelled("ThrottlingError", "None"), StorageUnavailable),
        (cancelled("None", "ProvisionedThroughputExceeded"), StorageUnavailable),
        (cancelled("ConditionalCheckFailed", "TransactionConflict"), ConditionFailed),
        (refusal("TransactionInProgressException", "TransactWriteItems"), StorageUnavailable),
        (refusal("ResourceNotFoundException", "TransactWriteItems"), StorageUnavailable),
        (ReadTimeoutError(endpoint_url="x"), StorageUnavailable),
        (ConnectionClosedError(endpoint_url="x"), StorageUnavailable),
        (ParamValidationError(report="x"), PynamoDBException),
        (cancelled("ValidationError", "None"), PynamoDBException),
        (refusal("ValidationException", "TransactWriteItems"), PynamoDBException),
        (refusal("AccessDeniedException", "TransactWriteItems"), PynamoDBException),
    ],
)
def test_a_refused_transaction_is_told_in_our_words(error: Exception, ours: type[Exception]) -> None:
    with watched(times(1, raising(error))), pytest.raises(ours):
        table.transact([Put(note(A)), Put(note(B))])

    assert texts() == {}


@pytest.mark.parametrize(
    ("operation", "act"),
    [
        ("GetItem", lambda: table.get(A)),
        ("BatchGetItem", lambda: table.batch_get([A])),
        ("Query", lambda: list(table.query("P"))),
        ("Query", lambda: table.page(None, "P", limit=1, cursor=None)),
        ("PutItem", lambda: table.put(note(A))),
        ("Scan", lambda: table.scan(0, 1, limit=1, place={})),
    ],
)
@pytest.mark.parametrize("error", [ReadTimeoutError(endpoint_url="x"), refusal("ThrottlingException", "any")])
def test_storage_that_is_away_says_when_to_come_again(
    operation: str, act: Callable[[], object], error: Exception
) -> None:
    with watched(times(1, raising(error), operation)), pytest.raises(StorageUnavailable) as away:
        act()

    assert away.value.retry_after == 2


@pytest.mark.parametrize("before", [None, 0])
def test_a_put_asks_for_its_condition(before: int | None) -> None:
    table.put(note(A, revision=1), table.at_revision(before))

    with pytest.raises(ConditionFailed) as failed:
        table.put(note(A, revision=1), table.at_revision(before))
    with pytest.raises(ConditionFailed):
        table.put(note(A), table.at_revision(2))

    assert failed.value.keys == {A}


def test_what_has_expired_is_as_good_as_absent(set_clock: SetClock) -> None:
    table.put(note(A, "old", expires_at=set_clock()))

    with pytest.raises(ConditionFailed):
        table.put(note(A, "new"), table.absent_or_expired(set_clock()))
    table.put(note(A, "new"), table.absent_or_expired(set_clock().replace(second=1)))

    assert texts() == {"a": "new"}


@pytest.mark.parametrize("count", [0, 1, 25, 26, 60])
def test_batches_of_any_size_are_written_and_deleted(count: int) -> None:
    items = [note(Key("P", f"{n:03d}")) for n in range(count)]

    with watched() as called:
        table.batch_put(items)
    assert len(texts()) == count
    table.batch_delete(items[1:])

    assert called == ["BatchWriteItem"] * -(-count // 25)
    assert len(texts()) == min(count, 1)


def test_values_come_back_as_they_were() -> None:
    document = {"decimal": Decimal("0.1"), "bytes": b"\x00\xff", "none": None, "list": [1, {"deep": "ş"}], "flag": True}
    table.put(item(A, "note", document))

    found = table.get(A)

    assert found is not None
    assert found.data | {"bytes": bytes(found.data["bytes"])} == document
    assert table.get(B) is None
    assert list(table.batch_get([A, B])) == [A]


def test_every_key_of_the_floor_begins_with_its_tenant(plant: Plant) -> None:
    plant.planner.post("/machines", {"id": "M1", "name": "Press"}, key="k")
    stage = plant.order()["stages"][0]["id"]
    for command in ("start", "pause", "start", "done", "issue"):
        body = {"type": "quality", "description": "Scratches."} if command == "issue" else {}
        assert plant.worker.post(f"/stages/{stage}/{command}", body, key=command).status in {200, 201}

    everything = list(Item.scan())

    assert {each.kind for each in everything} >= {"order", "session", "issue", "machine", "idempotency_key", "marker"}
    nobodys = {each.kind: each.PK.split("#")[0] for each in everything if not each.PK.startswith("T#")}
    assert nobodys == {"marker": "DIRTY", "outgoing": "OUTBOX", "timer": "TIMER"}
    for each in everything:
        partitions = {str(key) for key in (each.PK, each.GSI1PK, each.GSI2PK)} - {"None"}
        assert each.kind in nobodys or all(key.startswith("T#default#") for key in partitions)
        assert each.schema == WRITTEN
