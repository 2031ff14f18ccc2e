"""Digests: short hexadecimal fingerprints of bytes."""

import hashlib


def digest(content: bytes, bits: int = 128) -> str:
    """The first `bits` bits of the SHA-256 of some bytes, in hexadecimal: 4 bits a character, at most 256 bits."""
    return hashlib.sha256(content).hexdigest()[: bits // 4]
