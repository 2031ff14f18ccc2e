"""Signatures of webhooks, so that a receiver knows that a message is from Takip and was not changed.

https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
"""

import hmac
from base64 import b64encode
from collections.abc import Iterable, Mapping
from datetime import datetime

SECRET_BYTES = 32


def shown(secret: bytes) -> str:
    """A secret as receivers are given it."""
    return f"whsec_{b64encode(secret).decode()}"


def headers(identity: str, at: datetime, body: bytes, secrets: Iterable[bytes]) -> Mapping[str, str]:
    """The headers of a message: its id, the time in seconds since 1970, and a signature for each secret."""
    timestamp = str(int(at.timestamp()))
    signed = f"{identity}.{timestamp}.".encode() + body
    signatures = (b64encode(hmac.digest(secret, signed, "sha256")).decode() for secret in secrets)
    return {
        "webhook-id": identity,
        "webhook-timestamp": timestamp,
        "webhook-signature": " ".join(f"v1,{signature}" for signature in signatures),
    }
