"""Batches: what DynamoDB leaves over is sent again after growing waits, and given up after the last one."""

from collections.abc import Callable
from itertools import pairwise
from typing import Any

import pytest
from botocore.exceptions import ReadTimeoutError

from chalicelib import ids
from chalicelib.domain.errors import StorageUnavailable
from chalicelib.storage import batches, table
from chalicelib.storage.items import item
from chalicelib.storage.keys.shape import Key
from tests.disturbances import raising, times
from tests.machines import refusal, watched

pytestmark = pytest.mark.usefixtures("table")

NOTES = [item(Key("P", f"{number:02d}"), "note", {"raw": bytes([number])}) for number in range(60)]
FIRST = NOTES[0]
MOST_REQUESTS = len(batches.LONGEST_WAITS) + 1


@pytest.fixture(autouse=True)
def waits(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The waits, each as long as it may be, and none of them waited for."""
    waited: list[float] = []
    monkeypatch.setattr(ids, "jitter", lambda longest: longest)
    monkeypatch.setattr("time.sleep", waited.append)
    return waited


def stored() -> dict[str, bytes]:
    return {each.SK: each.data["raw"] for each in table.query("P")}


Hook = Callable[[str, dict[str, Any]], Any]


def leaving_over(count: int) -> Hook:
    """A hook that leaves over all writes of the first so many requests."""
    left = [True] * count

    def hook(operation: str, parameters: dict[str, Any]) -> dict[str, Any] | None:
        if operation != "BatchWriteItem" or not left:
            return None
        left.pop()
        return {"UnprocessedItems": parameters["RequestItems"]}

    return hook


def throttled(count: int) -> Hook:
    """A hook that refuses the first so many requests."""
    return times(count, raising(refusal("ThrottlingException", "BatchWriteItem")), "BatchWriteItem")


@pytest.mark.parametrize("count", [1, 25, 60])
def test_what_is_left_over_is_sent_again(count: int, waits: list[float]) -> None:
    requests = -(-count // batches.MOST_A_REQUEST)
    with watched(leaving_over(requests)) as called:
        table.batch_put(NOTES[:count])

    assert stored() == {note.SK: note.data["raw"] for note in NOTES[:count]}
    assert len(called) == 2 * requests
    assert waits == [batches.LONGEST_WAITS[0]]


def test_deletions_are_sent_again_too() -> None:
    table.batch_put(NOTES[:2])
    with watched(leaving_over(2)):
        table.batch_delete(NOTES[:2])

    assert stored() == {}


@pytest.mark.parametrize("busy", [leaving_over, throttled])
def test_a_table_that_stays_busy_is_given_up_after_growing_waits(
    busy: Callable[[int], Hook], waits: list[float]
) -> None:
    with watched(busy(MOST_REQUESTS)) as called, pytest.raises(StorageUnavailable) as away:
        table.batch_put([FIRST])

    assert (called, away.value.retry_after) == (["BatchWriteItem"] * MOST_REQUESTS, 2)
    assert (waits, sum(waits) < 4) == (list(batches.LONGEST_WAITS), True)
    assert all(before < after for before, after in pairwise(waits))


@pytest.mark.parametrize("busy", [leaving_over, throttled])
def test_it_is_not_given_up_before(busy: Callable[[int], Hook]) -> None:
    with watched(busy(MOST_REQUESTS - 1)):
        table.batch_put([FIRST])

    assert list(stored()) == [FIRST.SK]


@pytest.mark.parametrize("write", [table.batch_put, table.batch_delete])
@pytest.mark.parametrize("error", [ReadTimeoutError(endpoint_url="x"), refusal("InternalServerError", "any")])
def test_a_table_that_does_not_answer_is_away_at_once(write: Any, error: Exception, waits: list[float]) -> None:
    with watched(times(1, raising(error), "BatchWriteItem")), pytest.raises(StorageUnavailable):
        write([FIRST])

    assert waits == []
