"""The shapes of production: what a machine's counter and state come to, its stops, and the count of a stage."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Literal

from pydantic import Field

from chalicelib.domain.machines import stops
from chalicelib.domain.machines.joined import Produced
from chalicelib.domain.machines.readings import DEFAULT_SENSOR
from chalicelib.domain.machines.stops import StopPart
from chalicelib.domain.numbers.attribution import CountedOfStage, CountedThere
from chalicelib.schemas.base import Body, Filters, Out, Paged
from chalicelib.schemas.metrics import WindowOut
from chalicelib.schemas.values import Identifier, Instant, InstantOut, InstantParameter, Line, Note, NumberOut


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
        seconds_by_state=_seconds(did.by_state),
        unknown_seconds=did.unknown.total_seconds(),
        as_of=made.as_of,
        complete=made.complete,
    )


class ListStops(Paged):
    """The filters of stops: a machine, those with a reason (`any`) or without (`none`), and a window of device time."""

    machine_id: Identifier | None = None
    reason: Literal["none", "any"] | None = None
    since: InstantParameter | None = Field(default=None, alias="from")
    until: InstantParameter | None = Field(default=None, alias="to")


class ExplainStop(Body):
    """Why a machine was stopped from one instant to another. A reason of null takes back what was said before."""

    started_at: Instant
    ended_at: Instant
    reason: Line | None
    note: Note | None = None

    def payload(self) -> stops.ExplainStop:
        """The times, the reason and the note."""
        return self.made_into(stops.ExplainStop)


class StopExplanationOut(Out):
    """Why a machine was stopped in a time, who said so, and when."""

    id: str
    machine_id: str
    started_at: InstantOut
    ended_at: InstantOut
    reason: str | None
    note: str | None
    explained_at: InstantOut
    explained_by: str


class StopOut(Out):
    """A stop of a machine, or a part of one that has a reason of its own.

    `ended_at` is null if it goes on at the end of the window's last hour, or now.
    """

    machine_id: str
    started_at: InstantOut
    ended_at: InstantOut | None
    seconds: float
    reason: str | None
    note: str | None
    explained_at: InstantOut | None
    explained_by: str | None


def stop_out(part: StopPart) -> StopOut:
    """Show a stop, with what was said about it."""
    said = ("reason", "note", "explained_at", "explained_by")
    return StopOut(
        machine_id=part.machine_id,
        started_at=part.started_at,
        ended_at=part.ended_at,
        seconds=part.seconds,
        **{name: getattr(part.explanation, name, None) for name in said},
    )


class CountedThereOut(Out):
    """What a machine did for a stage: `counted` is null if no count came.

    `shared` was counted for other stages that were worked on there at the same time. `before_first_start`,
    `between_sessions` and `after_last_end` were counted while nobody worked there. `stopped_seconds` are those of stops
    that ask for a reason, `stopped_seconds_by_reason` those that were explained.
    """

    machine_id: str
    counted: NumberOut | None
    shared: NumberOut
    before_first_start: NumberOut
    between_sessions: NumberOut
    after_last_end: NumberOut
    resets: int
    gaps: int
    seconds_by_state: dict[str, float]
    unknown_seconds: float
    stopped_seconds: float
    stopped_seconds_by_reason: dict[str, float]


class CountedOut(Out):
    """What machines counted for a stage, beside what people reported.

    `counted` is null with a `reason`: no_machine, no_data or too_long. `difference` is what was counted and not
    reported as good, scrap or rework. `proposed_good` is what is left to report as good, if the tenant wants proposals.
    """

    stage_id: str
    counted: NumberOut | None
    reason: str | None
    good: NumberOut
    scrap: NumberOut
    rework: NumberOut
    difference: NumberOut | None
    proposed_good: NumberOut | None
    machines: list[CountedThereOut]
    as_of: InstantOut
    complete: bool


def counted_out(found: CountedOfStage) -> CountedOut:
    """Show what machines counted for a stage."""
    stage = found.stage
    return CountedOut(
        stage_id=stage.id,
        counted=found.counted,
        reason=found.reason,
        good=stage.good,
        scrap=stage.scrap,
        rework=stage.open_rework,
        difference=found.difference,
        proposed_good=found.proposed,
        machines=list(map(_there_out, found.machines)),
        as_of=found.as_of,
        complete=found.complete,
    )


def _there_out(there: CountedThere) -> CountedThereOut:
    did = there.production
    return CountedThereOut(
        machine_id=there.machine_id,
        counted=there.counted,
        shared=there.shared,
        before_first_start=there.before,
        between_sessions=there.between,
        after_last_end=there.after,
        resets=did.resets,
        gaps=did.gaps,
        seconds_by_state=_seconds(did.by_state),
        unknown_seconds=did.unknown.total_seconds(),
        stopped_seconds=there.stopped.total_seconds(),
        stopped_seconds_by_reason=_seconds(there.by_reason),
    )


def _seconds(spent: Mapping[str, timedelta]) -> dict[str, float]:
    return {name: each.total_seconds() for name, each in spent.items()}
