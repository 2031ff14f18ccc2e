"""Old ids in the table: an item for each number, one for each id, and the highest number of a kind."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from chalicelib.domain.old_ids import Kind, LastNumber, OldId
from chalicelib.storage import lookup, table
from chalicelib.storage.items import item
from chalicelib.storage.keys import old_ids as keys
from chalicelib.storage.table import Put
from chalicelib.storage.writes import Write

MOST_A_WRITE = 49
"""So many numbers fit a transaction of 100 actions: two items of each, and the highest."""


def find(tenant: str, kind: Kind, number: int) -> OldId | None:
    """Read what a number stands for, consistently; None if it stands for nothing."""
    return lookup.find(keys.by_number(tenant, kind, number), OldId)


def find_all(tenant: str, kind: Kind, ids: Iterable[str]) -> dict[str, int]:
    """Read the numbers of ids, 100 a request. Those without a number are left out."""
    items = table.batch_get(keys.by_id(tenant, kind, id_) for id_ in ids)
    found = [each.read(OldId) for each in items.values()]
    return {each.id: each.number for each in found}


def find_last(tenant: str, kind: Kind, wanted: Sequence[OldId]) -> tuple[LastNumber, list[OldId]]:
    """Read the highest number of a kind, and what is stored of these ids and these numbers, in one request.

    A number of 0 stands for none. `wanted` is at most `MOST_A_WRITE`.
    """
    at, numbered = keys.last(tenant, kind), [each.number for each in wanted if each.number]
    of_ids = [keys.by_id(tenant, kind, each.id) for each in wanted]
    items = table.batch_get([at, *of_ids, *(keys.by_number(tenant, kind, number) for number in numbered)])
    stored = [each.read(OldId) for key, each in items.items() if key != at]
    return lookup.among(items, at, LastNumber) or LastNumber(), stored


def creation(tenant: str, kind: Kind, given: Sequence[OldId], last: LastNumber) -> Write:
    """The write of numbers that nobody has, for ids without one, if the highest number is still `last`.

    `given` is at most `MOST_A_WRITE`; without any nothing is written.
    """
    if not given:
        return Write()
    highest = max(last.number, *(each.number for each in given))
    counted = replace(last, number=highest, revision=last.revision + 1)
    counter = item(keys.last(tenant, kind), "last_old_id", counted, revision=counted.revision)
    keyed = [
        (key, each)
        for each in given
        for key in (keys.by_number(tenant, kind, each.number), keys.by_id(tenant, kind, each.id))
    ]
    pairs = tuple(Put(item(key, "old_id", each), table.absent()) for key, each in keyed)
    return Write((Put(counter, table.follows(counter)), *pairs))
