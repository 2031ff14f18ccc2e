"""Cursors: where a page ended, sealed with a signing key: only one that we gave is opened, and for its list only."""

import base64
import hmac
import json
from collections.abc import Mapping

from chalicelib import clock, settings
from chalicelib.domain.digests import digest
from chalicelib.domain.errors import BadCursor

BEGIN_ANEW = "Send next_cursor unchanged with the same filters, or leave cursor out to read the first page."
SEAL_BYTES = 16


def list_id(*asked: object) -> str:
    """Say in few characters which list was asked for: all that decides what is in it, and in which order."""
    return digest(json.dumps(asked, default=str).encode(), bits=64)


def sealed(place: Mapping[str, str], bound: str) -> str:
    """Write down where a page of the list `bound` ended. Raises SigningKeysUnavailable."""
    kid, secret = settings.signing_keys().signing(clock.now())
    written = json.dumps([kid, bound, dict(place)]).encode()
    return _text(_seal(secret, written) + written)


def opened(cursor: str, bound: str) -> dict[str, str]:
    """Read where a page ended. Raises BadCursor where we did not give the cursor for this list.

    It is good as long as the key that sealed it is in the ring. Raises SigningKeysUnavailable.
    """
    try:
        raw = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
        kid, list_of, place = json.loads(raw[SEAL_BYTES:])
    except (ValueError, TypeError, RecursionError):
        raise BadCursor(BEGIN_ANEW) from None
    secret = settings.signing_keys(str(kid)).secret(str(kid), clock.now())
    ours = secret is not None and hmac.compare_digest(raw[:SEAL_BYTES], _seal(secret, raw[SEAL_BYTES:]))
    # Base64 says the same in many ways; only the one that we gave is ours.
    if not ours or cursor != _text(raw) or list_of != bound:
        raise BadCursor(BEGIN_ANEW)
    return dict(place)


def _seal(secret: bytes, written: bytes) -> bytes:
    """The seal of a cursor. Its key is derived, so that no cursor passes for a token, and no token for a cursor."""
    key = hmac.digest(secret, b"cursors", "sha256")
    return hmac.digest(key, written, "sha256")[:SEAL_BYTES]


def _text(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")
