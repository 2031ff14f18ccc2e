"""Moulds: the tools that form a product. A product lists its own."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from chalicelib.domain.errors import FieldError
from chalicelib.domain.sentences import say
from chalicelib.domain.text import folded

MOST_MOULDS = 50


class MouldStatus(StrEnum):
    """Whether a mould may be used. A retired mould stays in the list, so that its code is not given again."""

    ACTIVE = "active"
    MAINTENANCE = "maintenance"
    RETIRED = "retired"


@dataclass(frozen=True)
class Mould:
    """A mould of a product."""

    code: str
    name: str
    note: str | None = None
    status: MouldStatus = MouldStatus.ACTIVE


def mould_errors(moulds: Sequence[Mould]) -> list[FieldError]:
    """The errors of moulds with a code that stands before in the list. Codes are compared as those of products are."""
    codes = [folded(mould.code) for mould in moulds]
    message = say("is there twice; give each mould once")
    return [
        FieldError(f"moulds[{index}].code", message, "duplicate")
        for index, code in enumerate(codes)
        if code in codes[:index]
    ]
