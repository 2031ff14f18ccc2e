"""Spans of time as text: `90m`, `12h`, `1d12h`, or `0`."""

import re
from datetime import timedelta

_UNITS = {"d": timedelta(days=1), "h": timedelta(hours=1), "m": timedelta(minutes=1), "s": timedelta(seconds=1)}
_PARTS = "".join(f"(?:([0-9]{{1,6}}){unit})?" for unit in _UNITS)
_SPAN = re.compile(f"0|(?=.){_PARTS}")


def parsed(text: str) -> timedelta:
    """Read a span. Raises ValueError if the text is not one."""
    match = _SPAN.fullmatch(text)
    if match is None:
        raise ValueError(text)
    counts = zip(match.groups("0"), _UNITS.values(), strict=True)
    return sum((int(count) * unit for count, unit in counts), timedelta(0))


def written(span: timedelta) -> str:
    """Write a span of whole seconds so that `parsed` reads it."""
    text = ""
    for name, unit in _UNITS.items():
        count, span = divmod(span, unit)
        text += f"{count}{name}" if count else ""
    return text or "0"
