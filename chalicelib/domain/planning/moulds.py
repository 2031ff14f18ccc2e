"""Moulds: the tools that form a product. A product lists its own."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from chalicelib.domain.errors import FieldError, NotFound
from chalicelib.domain.kept import KEPT, Kept, given
from chalicelib.domain.sentences import say
from chalicelib.domain.text import folded, key_form

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


@dataclass(frozen=True)
class ChangeMould:
    """The fields of a mould to change. A field that is KEPT stays; a note of None is cleared."""

    name: str | Kept = KEPT
    note: str | Kept | None = KEPT
    status: MouldStatus | Kept = KEPT


class MouldNotFound(NotFound):
    """The product has no such mould."""

    code = "ERR_PRODUCT_MOULD_NOT_FOUND"
    title = "No such mould"


def with_changed(moulds: Sequence[Mould], code: str, wanted: ChangeMould) -> tuple[Mould, ...]:
    """The moulds with one of them changed. Raises MouldNotFound."""
    if folded(code) not in {folded(mould.code) for mould in moulds}:
        raise MouldNotFound(say("There is no mould {code} of this product.", code=code))
    values = given(wanted, "name", "note", "status")
    return tuple(replace(mould, **values) if folded(mould.code) == folded(code) else mould for mould in moulds)


def mould_id(product_code: str, code: str) -> str:
    """The id of a mould, which is its product's code and its own. No code has a line break in it."""
    return f"{key_form(product_code)}\n{key_form(code)}"


def parts_of(mould: str) -> tuple[str, str]:
    """The code of the product, and that of the mould, in the id of a mould."""
    product_code, _, code = mould.partition("\n")
    return product_code, code


def mould_errors(moulds: Sequence[Mould]) -> list[FieldError]:
    """The errors of moulds with a code that stands before in the list. Codes are compared as those of products are."""
    codes = [folded(mould.code) for mould in moulds]
    message = say("is there twice; give each mould once")
    return [
        FieldError(f"moulds[{index}].code", message, "duplicate")
        for index, code in enumerate(codes)
        if code in codes[:index]
    ]
