"""Dimensions: by what the numbers of a day are summed, beside the plant as a whole."""

from datetime import date
from enum import StrEnum
from typing import NamedTuple


class Dimension(StrEnum):
    """By what numbers are summed. `none` is the whole plant."""

    NONE = "none"
    PRODUCT = "product"
    CUSTOMER = "customer"
    STAGE = "stage"
    WORKER = "worker"
    MACHINE = "machine"
    LINE = "line"


class Group(NamedTuple):
    """A value of a dimension, such as one product. Texts are values as they were written."""

    dimension: Dimension
    value: str


WHOLE = Group(Dimension.NONE, "")
"""The plant as a whole."""


class Place(NamedTuple):
    """Whose sums of which local day: those of a group."""

    day: date
    group: Group
