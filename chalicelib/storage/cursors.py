"""Cursors: where a page ended, written down so that it is good for the same list only."""

import base64
import json
from typing import Any

from chalicelib.domain.errors import BadCursor

BEGIN_ANEW = "Send next_cursor unchanged with the same filters, or leave cursor out to read the first page."


def sealed(last: dict[str, Any], bound: str) -> str:
    """Write down where a page ended: the key attributes, all of them text."""
    plain = {name: value["S"] for name, value in last.items()}
    return base64.urlsafe_b64encode(json.dumps([bound, plain]).encode()).decode().rstrip("=")


def opened(cursor: str, bound: str) -> dict[str, Any]:
    """Read where a page ended. Raises BadCursor where the cursor is not of this list."""
    try:
        seal, last = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    except (ValueError, TypeError, RecursionError):
        seal, last = None, {}
    if seal != bound or not isinstance(last, dict):
        raise BadCursor(BEGIN_ANEW)
    return {name: {"S": str(value)} for name, value in last.items()}
