"""Batches: many writes in no order, 25 a request. What DynamoDB leaves over is sent again after a growing wait.

PynamoDB would send it again once and at once, when the table is still as busy as before.
"""

import time
from collections.abc import Sequence
from typing import Any

from pynamodb.exceptions import PutError

from chalicelib import ids
from chalicelib.storage.error_codes import BUSY, code_of
from chalicelib.storage.items import Item
from chalicelib.storage.keys.shape import Key

MOST_A_REQUEST = 25
# Seconds before each next round, at most 3.1 in all: a person may wait for it.
LONGEST_WAITS = (0.1, 0.2, 0.4, 0.8, 1.6)

Write = dict[str, Any]
"""One write, as DynamoDB has it in a batch."""


def putting(item: Item) -> Write:
    """The write of an item."""
    return {"PutRequest": {"Item": item.serialize()}}


def deleting(key: Key) -> Write:
    """The deletion of an item."""
    return {"DeleteRequest": {"Key": {"PK": {"S": key.pk}, "SK": {"S": key.sk}}}}


def send(model: type[Item], writes: Sequence[Write]) -> bool:
    """Send writes until none is left over. Returns whether that succeeded in time. Raises PutError."""
    left = _round(model, writes)
    for longest in LONGEST_WAITS:
        if not left:
            break
        time.sleep(ids.jitter(longest))
        left = _round(model, left)
    return not left


def _round(model: type[Item], writes: Sequence[Write]) -> list[Write]:
    """Send all of these once. Returns those that are left over."""
    return [
        left
        for start in range(0, len(writes), MOST_A_REQUEST)
        for left in _request(model, writes[start : start + MOST_A_REQUEST])
    ]


def _request(model: type[Item], writes: Sequence[Write]) -> Sequence[Write]:
    puts = [write["PutRequest"]["Item"] for write in writes if "PutRequest" in write]
    deletes = [write["DeleteRequest"]["Key"] for write in writes if "DeleteRequest" in write]
    try:
        # PynamoDB has no public name for the model's connection.
        answer = model._get_connection().batch_write_item(put_items=puts, delete_items=deletes)  # noqa: SLF001
    except PutError as error:
        if code_of(error) in BUSY:  # so busy that it took none of them
            return writes
        raise
    left: list[Write] = answer.get("UnprocessedItems", {}).get(model.Meta.table_name, [])
    return left
