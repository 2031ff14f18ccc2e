"""Quarantine: messages of machines with readings that cannot be used, with the reasons, until an admin decides."""

import json
import zlib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime

from chalicelib.domain.digests import digest
from chalicelib.domain.errors import Conflict, FieldError, NotFound
from chalicelib.domain.instants import wire

MAX_BYTES = 300 * 1024
MOST_EXPLAINED = 100
"""Of more reasons only the field and the code are kept: no item could hold the names of thousands of tags."""
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


@dataclass(frozen=True)
class Chosen:
    """Which messages: of a machine, with a reason of this code, sent in [since, until). What is None chooses all."""

    machine_id: str | None = None
    code: str | None = None
    since: datetime | None = None
    until: datetime | None = None

    def keeps(self, quarantined: Quarantined) -> bool:
        """Whether a message has the reason. Machine and time are chosen when messages are read."""
        return self.code is None or self.code in codes(quarantined)


@dataclass(frozen=True)
class Counts:
    """How many messages there are, by the codes of their reasons and by machine, the most frequent first.

    A message counts once for each of its codes. `since` is when the oldest counted message was sent, if there are more
    messages before it that were not counted (None: all are counted).
    """

    messages: int
    by_code: Mapping[str, int]
    by_machine: Mapping[str, int]
    since: datetime | None


class QuarantinedNotFound(NotFound):
    """There is no such message in quarantine."""

    code = "ERR_QUARANTINE_NOT_FOUND"
    title = "No such message in quarantine"


class MessageCut(Conflict):
    """The message was too large to be kept whole, so it cannot be taken in again."""

    code = "ERR_QUARANTINE_MESSAGE_CUT"
    title = "The message was not kept whole"


def set_aside(body: str, sent_at: datetime, machine_id: str, problems: Sequence[FieldError]) -> Quarantined:
    """Put a message into quarantine, as it came, with its errors. `machine_id` is empty if the message has none."""
    held = body.encode(errors="surrogatepass")
    kept = [*problems[:MOST_EXPLAINED], *(replace(problem, message="") for problem in problems[MOST_EXPLAINED:])]
    why = json.dumps([asdict(problem) for problem in kept], separators=(",", ":")).encode()
    return Quarantined(
        digest=digest(held),
        sent_at=sent_at,
        machine_id=machine_id,
        size_bytes=len(held),
        original=zlib.compress(held)[:MAX_BYTES],
        reasons=zlib.compress(why),
    )


def reasons(quarantined: Quarantined) -> list[FieldError]:
    """The errors for which the message is in quarantine; the first ones with their messages."""
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


def counted(messages: Iterable[Quarantined], *, all_read: bool) -> Counts:
    """Count messages by code and machine. `all_read`: there are no older ones."""
    by_code, by_machine, count = Counter[str](), Counter[str](), 0
    oldest: datetime | None = None
    for each in messages:
        count += 1
        by_code.update(codes(each))
        by_machine[each.machine_id] += 1
        oldest = min(each.sent_at, oldest or each.sent_at)
    return Counts(count, dict(by_code.most_common()), dict(by_machine.most_common()), None if all_read else oldest)


def original(quarantined: Quarantined) -> tuple[str, bool]:
    """The message as it came, to be shown, and whether it is complete."""
    held = zlib.decompressobj().decompress(quarantined.original)
    return held.decode(errors="replace"), len(held) == quarantined.size_bytes
