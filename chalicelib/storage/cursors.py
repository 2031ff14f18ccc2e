"""Cursors: the place where a page ended, with a seal. Only an unchanged cursor of the same list is accepted."""

import base64
import hmac
import json
from collections.abc import Mapping

from chalicelib import clock, settings
from chalicelib.domain.digests import digest
from chalicelib.domain.errors import BadCursor
from chalicelib.domain.sentences import say

BEGIN_ANEW = say("Send next_cursor unchanged with the same filters, or leave cursor out to read the first page.")
SEAL_BYTES = 16


def list_id(*asked: object) -> str:
    """A short digest of everything that decides which items a list holds, and in which order."""
    return digest(json.dumps(asked, default=str).encode(), bits=64)


def sealed(place: Mapping[str, str], bound: str) -> str:
    """The cursor of the place where a page of the list `bound` ended. Raises SigningKeysUnavailable."""
    kid, secret = settings.signing_keys().signing(clock.now())
    written = json.dumps([kid, bound, dict(place)]).encode()
    return _text(_seal(secret, written) + written)


def opened(cursor: str, bound: str) -> dict[str, str]:
    """The place where a page ended. Raises BadCursor if the cursor is changed or belongs to another list.

    A cursor is valid as long as its key is in the ring. Raises SigningKeysUnavailable.
    """
    try:
        raw = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
        kid, list_of, place = json.loads(raw[SEAL_BYTES:])
    except (ValueError, TypeError, RecursionError):
        raise BadCursor(BEGIN_ANEW) from None
    secret = settings.signing_keys(str(kid)).secret(str(kid), clock.now())
    ours = secret is not None and hmac.compare_digest(raw[:SEAL_BYTES], _seal(secret, raw[SEAL_BYTES:]))
    # Several Base64 texts decode to the same bytes. Only the one that was sent is accepted.
    if not ours or cursor != _text(raw) or list_of != bound:
        raise BadCursor(BEGIN_ANEW)
    return dict(place)


def _seal(secret: bytes, written: bytes) -> bytes:
    """The seal of a cursor. Its key is derived, so that a cursor is never valid as a token, nor a token as a cursor."""
    key = hmac.digest(secret, b"cursors", "sha256")
    return hmac.digest(key, written, "sha256")[:SEAL_BYTES]


def _text(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")
