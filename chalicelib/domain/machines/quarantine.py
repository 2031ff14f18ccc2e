"""Quarantine: what a machine's message held that cannot be used, kept with the reasons until somebody decides."""

import json
import zlib
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

from chalicelib.domain.digests import digest
from chalicelib.domain.errors import FieldError
from chalicelib.domain.instants import wire

MAX_BYTES = 300 * 1024


@dataclass(frozen=True, slots=True)
class Quarantined:
    """A message set aside: the digest of what it held, how many bytes that was, original and reasons compressed.

    The original is cut at 300 KB once compressed; what is left still opens to its beginning.
    """

    digest: str
    sent_at: datetime
    machine_id: str
    size_bytes: int
    original: bytes
    reasons: bytes

    @property
    def id(self) -> str:
        """The day it was sent and what it held: where it is kept."""
        return f"{wire(self.sent_at)[:10]}-{self.digest}"


def set_aside(body: str, sent_at: datetime, machine_id: str, problems: Sequence[FieldError]) -> Quarantined:
    """Quarantine content of a message as it came (`machine_id` empty where it names none) and what is wrong with it."""
    held = body.encode(errors="surrogatepass")
    why = json.dumps([asdict(problem) for problem in problems], separators=(",", ":")).encode()
    return Quarantined(
        digest=digest(held),
        sent_at=sent_at,
        machine_id=machine_id,
        size_bytes=len(held),
        original=zlib.compress(held)[:MAX_BYTES],
        reasons=zlib.compress(why),
    )


def reasons(quarantined: Quarantined) -> list[FieldError]:
    """Why the message was set aside, field by field."""
    return [FieldError(**reason) for reason in json.loads(zlib.decompress(quarantined.reasons))]


def original(quarantined: Quarantined) -> tuple[str, bool]:
    """The message as it came, and whether that is all of it."""
    held = zlib.decompressobj().decompress(quarantined.original)
    return held.decode(errors="replace"), len(held) == quarantined.size_bytes
