"""Decoding of JSON for all doors: no digit is lost, and no object has a key twice. And numbers as JSON has them."""

import json
from collections.abc import Callable, Iterable
from decimal import Decimal
from typing import Any

from chalicelib.domain.sentences import say

DEEPEST = 32
TOO_DEEP = say("is nested deeper than {most} levels", most=DEEPEST)


class Ambiguous:
    """Stands for a JSON object with a duplicate key. Every check refuses it."""

    def __init__(self, pairs: list[tuple[str, object]]) -> None:
        self.pairs = pairs


_NO_BRACKETS = bytes(set(range(256)) - set(b"[]{}"))
_HOLDERS = (dict, list, Ambiguous)  # a tuple, because a union would be made anew for each value


def decode(raw: bytes | str, fraction: Callable[[str], Any], whole: Callable[[str], Any] = int) -> object:
    """Decode JSON in UTF-8. `whole` reads whole numbers; `fraction` reads other numbers, NaN and Infinity.

    Raises ValueError if it is not JSON, or nested too deep.
    """
    text = raw.decode() if isinstance(raw, bytes) else raw
    try:
        decoded = json.loads(
            text,
            object_pairs_hook=_unambiguous,
            parse_float=fraction,
            parse_int=whole,
            parse_constant=fraction,
        )
    except RecursionError:
        raise ValueError(TOO_DEEP) from None
    if _may_be_deep(text):
        _refuse_depth(decoded)
    return decoded


def number(value: Decimal) -> int | float:
    """A decimal as a JSON number."""
    return int(value) if value == value.to_integral_value() else float(value)


def _may_be_deep(text: str) -> bool:
    """Whether JSON may be nested too deep; a bracket in a text of it counts too. Costs a tenth of a walk through it.

    Only the brackets are looked at, and empty pairs are taken away, level by level.
    """
    brackets = text.encode(errors="surrogatepass").translate(None, _NO_BRACKETS)
    for _ in range(DEEPEST):
        brackets = brackets.replace(b"{}", b"").replace(b"[]", b"")
    return bool(brackets)


def _refuse_depth(decoded: object) -> None:
    """Refuse what is nested deeper than anything that is asked for. Raises ValueError."""
    layer = [decoded] if isinstance(decoded, _HOLDERS) else []
    for _ in range(DEEPEST):
        layer = [value for holder in layer for value in _held(holder) if isinstance(value, _HOLDERS)]
        if not layer:
            return
    raise ValueError(TOO_DEEP)


def _held(holder: dict[str, object] | list[object] | Ambiguous) -> Iterable[object]:
    """The values that an object or a list holds."""
    if isinstance(holder, dict):
        return holder.values()
    return holder if isinstance(holder, list) else [value for _, value in holder.pairs]


def _unambiguous(pairs: list[tuple[str, object]]) -> object:
    """A JSON object as a dict, or `Ambiguous` if a key is there twice."""
    named = dict(pairs)
    return named if len(named) == len(pairs) else Ambiguous(pairs)
