"""The shapes of production: what the counter and the state of a machine come to in a window of device time."""

from pydantic import Field

from chalicelib.domain.machines.joined import Produced
from chalicelib.domain.machines.readings import DEFAULT_SENSOR
from chalicelib.schemas.base import Filters, Out
from chalicelib.schemas.metrics import WindowOut
from chalicelib.schemas.values import InstantOut, InstantParameter, Line


class ReadProduction(Filters):
    """The window of a machine's production, and the sensor that counts and tells the state."""

    sensor: Line = DEFAULT_SENSOR
    since: InstantParameter | None = Field(default=None, alias="from")
    until: InstantParameter | None = Field(default=None, alias="to")


class ProductionOut(Out):
    """What a machine did in a window.

    `produced` is null if no count came. `gaps` is how often no count came for longer than the last one holds; what was
    counted meanwhile is not in `produced`. `unknown_seconds` are those in which the state is not known.
    """

    machine_id: str
    sensor: str
    window: WindowOut
    produced: float | None
    resets: int
    gaps: int
    seconds_by_state: dict[str, float]
    unknown_seconds: float
    as_of: InstantOut
    complete: bool


def production_out(made: Produced) -> ProductionOut:
    """Show the production of a machine."""
    start, end = made.window
    did = made.production
    return ProductionOut(
        machine_id=made.machine_id,
        sensor=made.sensor,
        window=WindowOut(start=start, end=end, timezone=made.timezone),
        produced=did.produced,
        resets=did.resets,
        gaps=did.gaps,
        seconds_by_state={state: spent.total_seconds() for state, spent in did.by_state.items()},
        unknown_seconds=did.unknown.total_seconds(),
        as_of=made.as_of,
        complete=made.complete,
    )
