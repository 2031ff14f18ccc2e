"""Old ids: the numbers by which the mobile app of the old system knows what Takip knows by its own ids."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from chalicelib.domain.errors import Conflict, FieldError, NotFound
from chalicelib.domain.sentences import say

Kind = Literal["user", "order", "stage", "issue", "machine", "product", "mould", "notification", "reading"]

MOST = 2**53 - 1
"""The highest number that JavaScript, in which the app is written, holds exactly."""


class OldIdNotFound(NotFound):
    """Nothing of this kind has the number."""

    code = "ERR_OLD_ID_NOT_FOUND"
    title = "Nothing here has this number"


class OldIdTaken(Conflict):
    """Something else has the number already, or it has another number: numbers never change."""

    code = "ERR_OLD_ID_TAKEN"
    title = "Another record has this number"


@dataclass(frozen=True)
class OldId:
    """Takip's id of something, and the number that stands for it."""

    id: str
    number: int


@dataclass(frozen=True)
class LastNumber:
    """The highest number of a kind. `revision` counts the writes."""

    number: int = 0
    revision: int = 0


def unusable(numbers: Mapping[str, int]) -> list[FieldError]:
    """Field errors of numbers by id: each is from 1 to `MOST`, and no two ids have the same."""
    times = Counter(numbers.values())
    bounds = say("must be from {least} to {most}", least=1, most=MOST)
    twice = say("stands for several records; give each its own number")
    return [
        FieldError(id_, bounds, "bad_id") if not 1 <= number <= MOST else FieldError(id_, twice, "duplicate")
        for id_, number in numbers.items()
        if not 1 <= number <= MOST or times[number] > 1
    ]


def missing(number: int) -> OldIdNotFound:
    """The error of a number that stands for nothing."""
    return OldIdNotFound(say("Nothing here has the number {number}; read the list again.", number=number))


def clash(kind: Kind, wanted: OldId, stored: OldId) -> OldIdTaken:
    """The error of a number and an id of which one belongs to another already."""
    form = (
        "{kind} {number} cannot be {id}: {stored_number} is {stored_id} already. "
        "Import into a tenant of its own, or leave this one out."
    )
    return OldIdTaken(
        say(form, kind=kind, number=wanted.number, id=wanted.id, stored_number=stored.number, stored_id=stored.id)
    )
