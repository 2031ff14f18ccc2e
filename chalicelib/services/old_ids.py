"""Old ids: numbers that stay the same for ever, for the mobile app of the old system, which knows no texts as ids.

Who is shown through that app gets the next number of its kind, once. What comes over from the old database keeps its
number.
"""

from collections.abc import Iterable, Mapping, Sequence
from functools import partial

from chalicelib.domain import old_ids
from chalicelib.domain.errors import refuse
from chalicelib.domain.old_ids import Kind, OldId
from chalicelib.services.retries import until_won
from chalicelib.storage import old_ids as stored
from chalicelib.storage import writes


def id_of(tenant: str, kind: Kind, number: int) -> str:
    """Takip's id of what has this number. Raises OldIdNotFound. Costs one read."""
    found = stored.find(tenant, kind, number)
    if found is None:
        raise old_ids.missing(number)
    return found.id


def numbers_of(tenant: str, kind: Kind, ids: Iterable[str]) -> dict[str, int]:
    """The numbers of these ids, in their order. Those that have none are given the next ones, in this order.

    Raises LostRace, StorageUnavailable. Costs a read for each 100, and once for each id two writes in a transaction of
    49.
    """
    wanted = list(dict.fromkeys(ids))
    known = stored.find_all(tenant, kind, wanted)
    without = [id_ for id_ in wanted if id_ not in known]
    for start in range(0, len(without), stored.MOST_A_WRITE):
        known |= until_won(partial(_given, tenant, kind, without[start : start + stored.MOST_A_WRITE]))
    return {id_: known[id_] for id_ in wanted}


def number_of(tenant: str, kind: Kind, id_: str) -> int:
    """The number of one id; the next one, if it has none. Raises and costs as `numbers_of`."""
    return numbers_of(tenant, kind, [id_])[id_]


def registered(tenant: str, kind: Kind, numbers: Mapping[str, int]) -> None:
    """Keep the numbers of the old database, by Takip's ids. What is kept already is not written again.

    What is shown later gets numbers above the highest of these. Raises InvalidFields for numbers that cannot be one,
    OldIdTaken if a number or an id belongs to another; the transactions of 49 before that one are written. Raises
    LostRace, StorageUnavailable. Costs a read and a transaction for each 49.
    """
    refuse(old_ids.unusable(numbers))
    wanted = [OldId(id_, number) for id_, number in numbers.items()]
    for start in range(0, len(wanted), stored.MOST_A_WRITE):
        until_won(partial(_kept, tenant, kind, wanted[start : start + stored.MOST_A_WRITE]))


def _given(tenant: str, kind: Kind, ids: Sequence[str]) -> dict[str, int]:
    """Give the next numbers to those of these that still have none. Returns the numbers of all."""
    last, known = stored.find_last(tenant, kind, [OldId(id_, 0) for id_ in ids])
    numbers = {each.id: each.number for each in known}
    without = [id_ for id_ in ids if id_ not in numbers]
    given = [OldId(id_, number) for number, id_ in enumerate(without, last.number + 1)]
    writes.commit(stored.creation(tenant, kind, given, last))
    return numbers | {each.id: each.number for each in given}


def _kept(tenant: str, kind: Kind, wanted: Sequence[OldId]) -> None:
    last, known = stored.find_last(tenant, kind, wanted)
    for each in wanted:
        for other in known:
            if each != other and (each.id == other.id or each.number == other.number):
                raise old_ids.clash(kind, each, other)
    writes.commit(stored.creation(tenant, kind, [each for each in wanted if each not in known], last))
