"""The shapes of readings: a machine's message, rollups, and what is in quarantine."""

from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from chalicelib.domain.instants import wire
from chalicelib.domain.machines import quarantine
from chalicelib.domain.machines.quarantine import Quarantined
from chalicelib.domain.machines.readings import moment
from chalicelib.domain.machines.rollups import HourRollup
from chalicelib.schemas.base import Instant, Out, Paged

# What a list shows of one message in quarantine, so that a page of the largest still fits an answer.
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


class ReasonOut(Out):
    """What was wrong with one field of a message."""

    field: str
    code: str
    message: str


class SentOut(Out):
    """What became of a message's readings."""

    accepted: int
    quarantined: int
    errors: list[ReasonOut]


def rollup_out(made: HourRollup, *, complete: bool) -> dict[str, Any]:
    """Show a rollup; `produced` and `seconds_by_state` are those inside the hour, where there are any."""
    rollup = made.rollup
    values = rollup.numbers or rollup.states
    shown = {
        "machine_id": made.machine_id,
        "sensor": rollup.sensor,
        "type": rollup.type,
        "hour": wire(made.hour),
        "count": rollup.count,
        **{name: getattr(rollup.numbers, name, None) for name in ("sum", "min", "max", "mean")},
        "first": values.first if values else None,
        "first_at": wire(moment(rollup.first_at)),
        "last": values.last if values else None,
        "last_at": wire(moment(rollup.last_at)),
        "conflicts": rollup.conflicts,
        "inputs": {"count": rollup.count, "digest": rollup.inputs},
        "revision": made.revision,
        "as_of": wire(made.as_of),
        "complete": complete,
    }
    if rollup.counted:
        shown |= {"produced": rollup.counted.produced, "resets": rollup.counted.resets}
    if rollup.states:
        shown |= {"seconds_by_state": rollup.states.seconds}
    return shown


def quarantined_out(message: Quarantined) -> dict[str, Any]:
    """Show a message in quarantine: its first reasons and the beginning of what it held."""
    reasons = quarantine.reasons(message)
    original, whole = quarantine.original(message)
    return {
        "id": message.id,
        "machine_id": message.machine_id or None,
        "sent_at": wire(message.sent_at),
        "size_bytes": message.size_bytes,
        "reasons_count": len(reasons),
        "reasons": [ReasonOut.model_validate(reason).plain() for reason in reasons[:REASONS_SHOWN]],
        "original": original[:CHARACTERS_SHOWN],
        "original_whole": whole and len(original) <= CHARACTERS_SHOWN,
    }
