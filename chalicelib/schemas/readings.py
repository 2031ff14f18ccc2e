"""The shapes of readings: a machine's message, rollups, and messages in quarantine."""

from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from chalicelib.domain.machines import quarantine
from chalicelib.domain.machines.quarantine import Quarantined
from chalicelib.domain.machines.readings import moment
from chalicelib.domain.machines.rollups import HourRollup
from chalicelib.schemas.base import Instant, InstantOut, Out, Paged, left_out
from chalicelib.schemas.problems import FieldErrorOut

# A list shows only so much of a message in quarantine, so that a page of the largest still fits an answer.
REASONS_SHOWN = 20
CHARACTERS_SHOWN = 2_000


class NewReadings(BaseModel):
    """A machine's message: `readings`, or one bare reading. The domain checks it reading by reading."""

    model_config = ConfigDict(extra="allow", frozen=True)

    machine_id: Any = None
    readings: Any = None
    sensor: Any = None
    type: Any = None
    value: Any = None
    at: Any = None
    seq: Any = None


class ListRollups(Paged):
    """The filters of a machine's rollups: a window of device time, sensors and types."""

    sensor: tuple[str, ...] = ()
    type: tuple[str, ...] = ()
    since: Instant | None = Field(default=None, alias="from")
    until: Instant | None = Field(default=None, alias="to")


class SentOut(Out):
    """The result of a message of readings."""

    accepted: int
    quarantined: int
    errors: list[FieldErrorOut]


class InputsOut(Out):
    """The number of readings of a rollup, and a digest of them: equal digests mean equal readings."""

    count: int
    digest: str


class RollupOut(Out):
    """Statistics of one sensor's readings of one type in one hour.

    `sum`, `min`, `max` and `mean` are null for types with states. `produced` and `resets` are present only for
    counters, `seconds_by_state` only for states.
    """

    machine_id: str
    sensor: str
    type: str
    hour: InstantOut
    count: int
    sum: float | None
    min: float | None
    max: float | None
    mean: float | None
    first: float | str | None
    first_at: InstantOut
    last: float | str | None
    last_at: InstantOut
    conflicts: int
    inputs: InputsOut
    revision: int
    as_of: InstantOut
    complete: bool
    produced: float | None = left_out()
    resets: int | None = left_out()
    seconds_by_state: dict[str, float] | None = left_out()


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


def rollup_out(made: HourRollup, *, complete: bool) -> RollupOut:
    """Show a rollup."""
    rollup = made.rollup
    values = rollup.numbers or rollup.states
    return RollupOut(
        machine_id=made.machine_id,
        sensor=rollup.sensor,
        type=rollup.type,
        hour=made.hour,
        count=rollup.count,
        **{name: getattr(rollup.numbers, name, None) for name in ("sum", "min", "max", "mean")},
        first=values.first if values else None,
        first_at=moment(rollup.first_at),
        last=values.last if values else None,
        last_at=moment(rollup.last_at),
        conflicts=rollup.conflicts,
        inputs=InputsOut(count=rollup.count, digest=rollup.inputs),
        revision=made.revision,
        as_of=made.as_of,
        complete=complete,
        produced=rollup.counted.produced if rollup.counted else None,
        resets=rollup.counted.resets if rollup.counted else None,
        seconds_by_state=rollup.states.seconds if rollup.states else None,
    )


def quarantined_out(message: Quarantined) -> QuarantinedOut:
    """Show a message in quarantine."""
    reasons = quarantine.reasons(message)
    original, whole = quarantine.original(message)
    return QuarantinedOut(
        id=message.id,
        machine_id=message.machine_id or None,
        sent_at=message.sent_at,
        size_bytes=message.size_bytes,
        reasons_count=len(reasons),
        reasons=[FieldErrorOut.model_validate(reason) for reason in reasons[:REASONS_SHOWN]],
        original=original[:CHARACTERS_SHOWN],
        original_whole=whole and len(original) <= CHARACTERS_SHOWN,
    )
