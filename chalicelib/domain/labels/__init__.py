"""What codes are called in Turkish and in English, by the name of their list."""

from collections.abc import Mapping
from typing import NamedTuple


class Label(NamedTuple):
    """What a code is called."""

    tr: str
    en: str


Labels = Mapping[str, Label]
"""The labels of a list, by code."""
