"""The shapes of quarantine: which messages are asked for, messages with their reasons, and counts."""

from typing import Annotated

from pydantic import Field

from chalicelib.domain.machines import quarantine
from chalicelib.domain.machines.quarantine import Chosen, Counts, Quarantined
from chalicelib.schemas.base import Body, Filters, Out, Paged
from chalicelib.schemas.languages import Language
from chalicelib.schemas.problems import FieldErrorOut, field_errors_out
from chalicelib.schemas.values import Identifier, Instant, InstantOut, InstantParameter

# The part of a message that a list shows. A page of the largest messages still fits an answer.
CHARACTERS_SHOWN = 2_000
# The part of a message that is shown when it alone is read: all of any message that is not too large to be used.
CHARACTERS_READ = 256 * 1024
# The machines with the most messages.
MACHINES_SHOWN = 50

ReasonCode = Annotated[str, Field(pattern="^[a-z_]{1,40}$")]


class ChooseQuarantined(Filters):
    """Which messages: of a machine, with a reason of this code, sent in [from, to)."""

    machine_id: Identifier | None = None
    code: ReasonCode | None = None
    since: InstantParameter | None = Field(default=None, alias="from")
    until: InstantParameter | None = Field(default=None, alias="to")

    def chosen(self) -> Chosen:
        """The choice."""
        return Chosen(self.machine_id, self.code, self.since, self.until)


class ListQuarantined(Paged, ChooseQuarantined):
    """The filters of the list of messages."""


class ReplayQuarantined(Body):
    """Which messages are judged again: of a machine, with a reason of this code, sent in [from, to). Default: all."""

    machine_id: Identifier | None = None
    code: ReasonCode | None = None
    since: Instant | None = Field(default=None, alias="from")
    until: Instant | None = Field(default=None, alias="to")

    def payload(self) -> Chosen:
        """The choice."""
        return self.made_into(Chosen)


class QuarantinedOut(Out):
    """A message in quarantine: its first reasons and the beginning of its content.

    `reasons_count` is the number of reasons. `original_whole` is true if `original` is the whole message.
    """

    id: str
    machine_id: str | None
    sent_at: InstantOut
    size_bytes: int
    reasons_count: int
    reasons: list[FieldErrorOut]
    original: str
    original_whole: bool


class CodeCountOut(Out):
    """How many messages have a reason of this code."""

    code: str
    count: int


class MachineCountOut(Out):
    """How many messages a machine has; null for messages that name none."""

    machine_id: str | None
    count: int


class QuarantineCountsOut(Out):
    """How many messages are in quarantine, by the codes of their reasons and by machine, the most frequent first.

    A message counts once for each of its codes. Of more than 50 machines the 50 with the most messages are shown. If
    there are more messages than can be counted at once, the newest are counted, and `counted_from` is when the oldest
    of them was sent; otherwise it is null.
    """

    messages: int
    by_code: list[CodeCountOut]
    by_machine: list[MachineCountOut]
    counted_from: InstantOut | None


class ReplayedOut(Out):
    """What came of a message: whether it was taken in, and otherwise its first reasons of now."""

    id: str
    taken_in: bool
    reasons_count: int
    reasons: list[FieldErrorOut]


class ClearingOut(Out):
    """The messages for which it will be done soon."""

    machine_id: str | None
    code: str | None
    since: InstantOut | None = Field(alias="from")
    until: InstantOut | None = Field(alias="to")


def quarantined_out(
    message: Quarantined, most: int = CHARACTERS_SHOWN, language: Language = Language.EN
) -> QuarantinedOut:
    """Show a message in quarantine, with the first characters of its content."""
    reasons = quarantine.reasons(message)
    original, whole = quarantine.original(message)
    return QuarantinedOut(
        id=message.id,
        machine_id=message.machine_id or None,
        sent_at=message.sent_at,
        size_bytes=message.size_bytes,
        reasons_count=len(reasons),
        reasons=field_errors_out(reasons, language),
        original=original[:most],
        original_whole=whole and len(original) <= most,
    )


def counts_out(counts: Counts) -> QuarantineCountsOut:
    """Show counts."""
    machines = list(counts.by_machine.items())[:MACHINES_SHOWN]
    return QuarantineCountsOut(
        messages=counts.messages,
        by_code=[CodeCountOut(code=code, count=count) for code, count in counts.by_code.items()],
        by_machine=[MachineCountOut(machine_id=machine_id or None, count=count) for machine_id, count in machines],
        counted_from=counts.since,
    )


def replayed_out(before: Quarantined, after: Quarantined | None, language: Language = Language.EN) -> ReplayedOut:
    """Show what came of a message that was judged again; it stays as `after`, or was taken in."""
    reasons = quarantine.reasons(after) if after else []
    return ReplayedOut(
        id=before.id, taken_in=after is None, reasons_count=len(reasons), reasons=field_errors_out(reasons, language)
    )
