"""Decoding of JSON for all doors. No digit is lost, and no object has a key twice."""

import json
from collections.abc import Callable
from typing import Any


class Ambiguous:
    """Stands for a JSON object with a duplicate key. Every check refuses it."""

    def __init__(self, pairs: list[tuple[str, object]]) -> None:
        self.pairs = pairs


def decode(raw: bytes | str, fraction: Callable[[str], Any], whole: Callable[[str], Any] = int) -> object:
    """Decode JSON in UTF-8. `whole` reads whole numbers; `fraction` reads other numbers, NaN and Infinity.

    Raises ValueError if it is not JSON or is nested too deep.
    """
    text = raw.decode() if isinstance(raw, bytes) else raw
    try:
        return json.loads(
            text,
            object_pairs_hook=_unambiguous,
            parse_float=fraction,
            parse_int=whole,
            parse_constant=fraction,
        )
    except RecursionError:
        raise ValueError("is nested too deep") from None


def _unambiguous(pairs: list[tuple[str, object]]) -> object:
    """A JSON object as a dict, or `Ambiguous` if a key is there twice."""
    named = dict(pairs)
    return named if len(named) == len(pairs) else Ambiguous(pairs)
