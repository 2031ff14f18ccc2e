"""The shapes of readings: a machine's message, rollups, and messages in quarantine."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from pydantic import ConfigDict, Field, model_validator

from chalicelib.domain.errors import FieldError
from chalicelib.domain.machines import quarantine
from chalicelib.domain.machines.quarantine import Quarantined
from chalicelib.domain.machines.readings import moment
from chalicelib.domain.machines.rollups import HourRollup
from chalicelib.domain.plain_json import Ambiguous
from chalicelib.schemas.base import Deferred, Out, Paged, left_out
from chalicelib.schemas.problems import FieldErrorOut, field_errors_out, more_than_shown
from chalicelib.schemas.values import InstantOut, InstantParameter, Line

# The part of a message in quarantine that a list shows. A page of the largest messages still fits an answer.
CHARACTERS_SHOWN = 2_000


def _as_measured(given: object) -> object:
    if isinstance(given, Decimal):
        return float(given)
    if isinstance(given, dict):
        return {name: _as_measured(each) for name, each in given.items()}
    if isinstance(given, list):
        return [_as_measured(each) for each in given]
    return [list(map(_as_measured, pair)) for pair in given.pairs] if isinstance(given, Ambiguous) else given


class NewReadings(Deferred):
    """A machine's message: `readings`, or one bare reading. The domain checks it reading by reading."""

    model_config = ConfigDict(extra="allow")

    machine_id: Any = None
    readings: Any = None
    sensor: Any = None
    type: Any = None
    value: Any = None
    at: Any = None
    seq: Any = None

    @model_validator(mode="before")
    @classmethod
    def _measured(cls, given: object) -> object:
        """Convert numbers to floats. A JSON object with a duplicate key becomes a list of pairs."""
        return _as_measured(given) if isinstance(given, dict) else given


class ListRollups(Paged):
    """The filters of a machine's rollups: a window of device time, sensors and types."""

    sensor: tuple[Line, ...] = ()
    type: tuple[Line, ...] = ()
    since: InstantParameter | None = Field(default=None, alias="from")
    until: InstantParameter | None = Field(default=None, alias="to")


class SentOut(Out):
    """The result of a message with readings.

    `errors` are the first 20 errors. `errors_count` is the number of all errors, if there are more.
    """

    accepted: int
    quarantined: int
    errors: list[FieldErrorOut]
    errors_count: int | None = left_out()


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


def sent_out(accepted: int, quarantined: int, errors: Sequence[FieldError]) -> SentOut:
    """Show the result of a message with readings."""
    return SentOut(
        accepted=accepted,
        quarantined=quarantined,
        errors=field_errors_out(errors),
        errors_count=more_than_shown(errors),
    )


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
        reasons=field_errors_out(reasons),
        original=original[:CHARACTERS_SHOWN],
        original_whole=whole and len(original) <= CHARACTERS_SHOWN,
    )
