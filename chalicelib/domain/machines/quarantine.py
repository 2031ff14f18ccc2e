"""Quarantine: messages of machines with readings that cannot be used, with the reasons, until an admin decides."""

import json
import zlib
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

from chalicelib.domain.digests import digest
from chalicelib.domain.errors import FieldError
from chalicelib.domain.instants import wire

MAX_BYTES = 300 * 1024
PARTS = ("readings[", "metrics[")
"""How the places of readings begin."""


@dataclass(frozen=True, slots=True)
class Quarantined:
    """A message in quarantine: the digest and the size of its content, and its content and reasons, compressed.

    The compressed content is cut at 300 KB. The beginning can still be decompressed.
    """

    digest: str
    sent_at: datetime
    machine_id: str
    size_bytes: int
    original: bytes
    reasons: bytes

    @property
    def id(self) -> str:
        """The day on which it was sent and the digest of its content."""
        return f"{wire(self.sent_at)[:10]}-{self.digest}"


def set_aside(body: str, sent_at: datetime, machine_id: str, problems: Sequence[FieldError]) -> Quarantined:
    """Put a message into quarantine, as it came, with its errors. `machine_id` is empty if the message has none."""
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
    """The errors for which the message is in quarantine."""
    return [FieldError(**reason) for reason in json.loads(zlib.decompress(quarantined.reasons))]


def codes(quarantined: Quarantined) -> frozenset[str]:
    """The codes of the errors for which the message is in quarantine."""
    return frozenset(reason.code for reason in reasons(quarantined))


def wrong_places(quarantined: Quarantined) -> frozenset[str] | None:
    """The places of the readings for which the message is in quarantine; the others were accepted. None: all of them.

    What was accepted must not be judged again: with another tag map it would be another reading.
    """
    places = frozenset(reason.field.partition(".")[0] for reason in reasons(quarantined))
    return places if places and all(place.startswith(PARTS) for place in places) else None


def body(quarantined: Quarantined) -> str | None:
    """The message as it came; None if it was cut, so that it cannot be taken in again."""
    held = zlib.decompressobj().decompress(quarantined.original)
    return held.decode(errors="surrogatepass") if len(held) == quarantined.size_bytes else None


def original(quarantined: Quarantined) -> tuple[str, bool]:
    """The message as it came, to be shown, and whether it is complete."""
    held = zlib.decompressobj().decompress(quarantined.original)
    return held.decode(errors="replace"), len(held) == quarantined.size_bytes
