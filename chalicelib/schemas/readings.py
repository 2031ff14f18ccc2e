"""The shapes of readings: a machine's message, and rollups."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Annotated, Any

from pydantic import ConfigDict, Field, PlainSerializer, model_validator

from chalicelib.domain import instants
from chalicelib.domain.errors import FieldError
from chalicelib.domain.machines.readings import Reading, moment
from chalicelib.domain.machines.rollups import HourRollup
from chalicelib.domain.plain_json import Ambiguous
from chalicelib.schemas.base import Deferred, Out, Paged, left_out
from chalicelib.schemas.languages import Language
from chalicelib.schemas.problems import FieldErrorOut, field_errors_out, more_than_shown
from chalicelib.schemas.values import InstantOut, InstantParameter, Line, digits

# The most readings of a page. With the longest names they are less than 4 MB.
MOST_READINGS = 10_000


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
    tag: Any = None
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


class ListReadings(ListRollups):
    """The filters of a machine's readings: a window of device time, sensors and types. Its pages may be large."""

    limit: Annotated[int, Field(ge=1, le=MOST_READINGS), digits] = 1_000


class SentOut(Out):
    """The result of a message with readings.

    `errors` are the first 20 errors. `errors_count` is the number of all errors, if there are more.
    """

    accepted: int
    quarantined: int
    errors: list[FieldErrorOut]
    errors_count: int | None = left_out()


class ReadingOut(Out):
    """A reading as it was sent: the value of a sensor at an instant of device time, to the microsecond."""

    machine_id: str
    sensor: str
    type: str
    value: float | str
    at: Annotated[datetime, PlainSerializer(instants.exact)]
    seq: int | None


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


def sent_out(accepted: int, quarantined: int, errors: Sequence[FieldError], language: Language) -> SentOut:
    """Show the result of a message with readings."""
    return SentOut(
        accepted=accepted,
        quarantined=quarantined,
        errors=field_errors_out(errors, language),
        errors_count=more_than_shown(errors),
    )


def reading_out(reading: Reading) -> ReadingOut:
    """Show a reading."""
    return ReadingOut(
        machine_id=reading.machine_id,
        sensor=reading.sensor,
        type=reading.type,
        value=reading.value,
        at=moment(reading.at),
        seq=reading.seq,
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
