"""What is taken along of an item: its data as plain JSON, without secrets, with packed bytes unpacked."""

import base64
import json
import re
import zlib
from collections.abc import Mapping
from contextlib import suppress
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

LEFT_OUT: Mapping[str, str] = {
    "login": "the hash of a password; the person is in user.ndjson",
    "badge": "the keyed digest of a badge",
    "badge_secret": "the key of these digests",
    "throttle": "a counter of failed sign-ins",
    "idempotency_key": "the answer to a request, kept for 30 days",
    "hint": "when a page was told last that something changed",
    "marker": "work that waits for the aggregation",
    "timer": "when the clock looks at something",
    "outgoing": "events that are about to be sent",
    "watch": "the boards that screens show",
    "board": "what a screen shows now, made of the rest",
}
"""The kinds of items that stay behind, and what each is."""

SECRETS: Mapping[str, frozenset[str]] = {
    "device": frozenset({"digest", "secret"}),
    "terminal": frozenset({"digest"}),
    "screen": frozenset({"digest"}),
    "machine_key": frozenset({"digest"}),
    "terminal_access": frozenset({"pin_hash", "badge"}),
    "webhook": frozenset({"secrets"}),
}
"""The fields that stay behind, by the kind of their item."""

# No text of Takip holds the character NUL, so it marks numbers that JSON shall have with all their digits.
_MARK = "\0"
_MARKED = re.compile(r'"\\u0000([-0-9.]+)"')


def taken(item: Mapping[str, Any]) -> dict[str, Any] | None:
    """An item without its secrets; None if it stays behind."""
    kind = item["kind"]
    if kind in LEFT_OUT:
        return None
    kept = {name: value for name, value in item["data"].items() if name not in SECRETS.get(kind, ())}
    counted = {"revision": int(item["revision"])} if item.get("revision") is not None else {}
    ends = item.get("expires_at")
    until = {"expires_at": datetime.fromtimestamp(int(ends), UTC).isoformat()} if ends else {}
    return {"kind": kind, "key": [item["PK"], item["SK"]], **counted, **until, "data": kept}


def line(value: object) -> str:
    """A value as one line of JSON. Decimals are numbers with all their digits, and bytes are unpacked."""
    return _MARKED.sub(r"\1", json.dumps(value, default=_plain, ensure_ascii=False))


def _plain(value: object) -> object:
    if isinstance(value, Decimal):
        return f"{_MARK}{value:f}"
    if isinstance(value, bytes):
        return _unpacked(value)
    if isinstance(value, set | frozenset):
        return sorted(value)
    raise TypeError(f"JSON has no {type(value).__name__}.")


def _unpacked(held: bytes) -> object:
    """What was packed with zlib, as text or as what its JSON holds; other bytes in base64."""
    with suppress(zlib.error, UnicodeDecodeError):
        text = zlib.decompressobj().decompress(held).decode()
        with suppress(ValueError):
            return json.loads(text, parse_float=Decimal)
        return text
    return base64.b64encode(held).decode()
