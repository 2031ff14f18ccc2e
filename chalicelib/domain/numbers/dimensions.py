"""Dimensions: by what the numbers of a day are summed, beside the plant as a whole."""

from datetime import date
from enum import StrEnum
from typing import NamedTuple

from chalicelib.domain.text import key_form


class Dimension(StrEnum):
    """By what numbers are summed. `none` is the whole plant."""

    NONE = "none"
    PRODUCT = "product"
    CUSTOMER = "customer"
    STAGE = "stage"
    WORKER = "worker"
    MACHINE = "machine"
    LINE = "line"


IDS = (Dimension.NONE, Dimension.WORKER, Dimension.MACHINE)
"""Dimensions whose values are ids, which are compared exactly. The values of others are texts that people write."""


class Group(NamedTuple):
    """A value of a dimension, such as one product. Texts are values as they were written."""

    dimension: Dimension
    value: str

    @property
    def key(self) -> "Group":
        """What all spellings of the value have in common: texts are compared without case and with one letter i."""
        return self if self.dimension in IDS else Group(self.dimension, key_form(self.value))


WHOLE = Group(Dimension.NONE, "")
"""The plant as a whole."""


class Place(NamedTuple):
    """Whose sums of which local day: those of a group, by its key."""

    day: date
    group: Group
