"""The shapes of metrics for the old system's app."""

from collections.abc import Mapping, Sequence

from chalicelib.domain.numbers.metrics import Measured
from chalicelib.domain.orders.statuses import StageStatus
from chalicelib.domain.orders.work_orders import Stage
from chalicelib.schemas.base import Out
from chalicelib.schemas.metrics import order_metrics_out, stage_metrics_out
from chalicelib.schemas.old_orders import old_status
from chalicelib.schemas.values import NumberOut


class OldNumbersOut(Out):
    """Today's numbers of a stage or an order, in minutes and percent. What cannot be computed is null."""

    planned_duration: NumberOut | None
    actual_duration: NumberOut | None
    delay_minutes: NumberOut | None
    efficiency_percent: NumberOut | None


class OldStageNumbersOut(OldNumbersOut):
    """The numbers of a stage among those of its order."""

    id: int
    stage_name: str
    status: StageStatus


class OldMetricsOut(OldNumbersOut):
    """The numbers of an order with those of its stages, or of a stage alone, which has no share that was on time."""

    on_time_percent: NumberOut | None = None
    stages: list[OldStageNumbersOut]


def old_stage_metrics_out(measured: Measured) -> OldMetricsOut:
    """Show the metrics of a stage."""
    return OldMetricsOut.model_validate({**dict(stage_metrics_out(measured)), "stages": []})


def old_order_metrics_out(
    measured: Measured, stages: Sequence[tuple[Stage, Measured]], numbers: Mapping[str, int]
) -> OldMetricsOut:
    """Show the metrics of an order, with those of its stages and their numbers."""
    shown = [
        OldStageNumbersOut.model_validate(
            {
                **dict(stage_metrics_out(of_stage)),
                "id": numbers[stage.id],
                "stage_name": stage.name,
                "status": old_status(stage.status),
            }
        )
        for stage, of_stage in stages
    ]
    return OldMetricsOut.model_validate({**dict(order_metrics_out(measured)), "stages": shown})
