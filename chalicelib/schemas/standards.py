"""The shapes of suggested standards."""

from datetime import timedelta

from chalicelib.domain.numbers.metrics import rounded
from chalicelib.domain.numbers.standards import DoneStage
from chalicelib.domain.planning.standards import StageStandard, Standards
from chalicelib.schemas.base import Out
from chalicelib.schemas.metrics import MetricOut, metrics_out
from chalicelib.schemas.values import InstantOut, NumberOut


class DoneStageOut(Out):
    """A stage that was done: when it ended, its run time and its pieces. `seconds_a_piece` is null without pieces."""

    stage_id: str
    ended_at: InstantOut
    run_seconds: float
    pieces: NumberOut
    seconds_a_piece: NumberOut | None


class StageLeftOutOut(DoneStageOut):
    """A stage that tells nothing about a standard. The `reason` is no_output, no_run or implausible."""

    reason: str


class StageStandardOut(Out):
    """A stage of a product: what its route says, and what is suggested.

    The fields of the route are null if the stage is not in it. `orders` is how many orders are used.
    """

    name: str
    in_route: bool
    standard_seconds_per_unit: NumberOut | None
    cycle_seconds: NumberOut | None
    cavities: int | None
    orders: int
    metrics: dict[str, MetricOut]
    used: list[DoneStageOut]
    left_out: list[StageLeftOutOut]


class StandardsOut(Out):
    """The stages of a product with their standards and what is suggested, those of its route first."""

    product_code: str
    stages: list[StageStandardOut]
    as_of: InstantOut


def standards_out(found: Standards) -> StandardsOut:
    """Show the standards of a product."""
    return StandardsOut(product_code=found.product_code, stages=list(map(_stage_out, found.stages)), as_of=found.as_of)


def _stage_out(stage: StageStandard) -> StageStandardOut:
    known, suggestion = stage.in_route, stage.suggestion
    return StageStandardOut(
        name=suggestion.name,
        in_route=known is not None,
        standard_seconds_per_unit=known.standard if known else None,
        cycle_seconds=known.cycle_seconds if known else None,
        cavities=known.cavities if known else None,
        orders=suggestion.orders,
        metrics=metrics_out(suggestion.metrics),
        used=list(map(_done_out, suggestion.used)),
        left_out=[StageLeftOutOut(**dict(_done_out(each)), reason=reason) for each, reason in suggestion.left_out],
    )


def _done_out(stage: DoneStage) -> DoneStageOut:
    return DoneStageOut(
        stage_id=stage.stage_id,
        ended_at=stage.ended_at,
        run_seconds=timedelta(milliseconds=stage.run).total_seconds(),
        pieces=stage.pieces,
        seconds_a_piece=rounded(stage.pace) if stage.pieces else None,
    )
