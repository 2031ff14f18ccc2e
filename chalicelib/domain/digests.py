"""Digests: short names for what some bytes hold."""

import hashlib


def digest(content: bytes, bits: int = 128) -> str:
    """The first bits of the SHA-256 of some bytes, in hex: 4 bits a character, 256 at most."""
    return hashlib.sha256(content).hexdigest()[: bits // 4]
