"""Quarantine: what a machine's message held that cannot be used, kept with the reasons until somebody decides."""

import json
import zlib
from collections.abc import Sequence
from dataclasses import asdict, dataclass

from chalicelib.domain.chunks import digest
from chalicelib.domain.errors import FieldError

MAX_BYTES = 300 * 1024


@dataclass(frozen=True, slots=True)
class Quarantined:
    """A message set aside: the digest of what it held, how many bytes that was, original and reasons compressed.

    The original is cut at 300 KB once compressed; what is left still opens to its beginning.
    """

    digest: str
    machine_id: str
    size_bytes: int
    original: bytes
    reasons: bytes


def set_aside(machine_id: str, body: str, problems: Sequence[FieldError]) -> Quarantined:
    """Quarantine content of a message as it came (`machine_id` empty where it names none) and what is wrong with it."""
    held = body.encode(errors="surrogatepass")
    reasons = json.dumps([asdict(problem) for problem in problems], separators=(",", ":")).encode()
    return Quarantined(digest(held), machine_id, len(held), zlib.compress(held)[:MAX_BYTES], zlib.compress(reasons))


def reasons(quarantined: Quarantined) -> list[FieldError]:
    """Why the message was set aside, field by field."""
    return [FieldError(**reason) for reason in json.loads(zlib.decompress(quarantined.reasons))]


def original(quarantined: Quarantined) -> tuple[str, bool]:
    """The message as it came, and whether that is all of it."""
    held = zlib.decompressobj().decompress(quarantined.original)
    return held.decode(errors="replace"), len(held) == quarantined.size_bytes
