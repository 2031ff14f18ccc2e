"""JSON as it comes in, decoded once for all doors so that nothing in it is lost or has two meanings."""

import json
from collections.abc import Callable
from typing import Any


class Ambiguous:
    """What stands where an object came that names something twice: no check accepts it, and it has no fields."""

    def __init__(self, pairs: list[tuple[str, object]]) -> None:
        self.pairs = pairs


def decode(raw: bytes | str, fraction: Callable[[str], Any], whole: Callable[[str], Any] = int) -> object:
    """Decode JSON in UTF-8; `whole` reads the whole numbers, `fraction` all others, and NaN and Infinity.

    Raises ValueError where it is no JSON, or nested without end.
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
    """A JSON object, each name once."""
    named = dict(pairs)
    return named if len(named) == len(pairs) else Ambiguous(pairs)
