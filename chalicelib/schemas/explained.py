"""The parameter that asks for an explanation of metrics, and how it is shown."""

from collections.abc import Callable
from typing import Any, Literal

from chalicelib.domain.numbers.explained import Explanation, Input
from chalicelib.domain.numbers.metrics import Measured, minutes, rounded
from chalicelib.schemas.base import Filters
from chalicelib.schemas.metrics import ExplanationOut, InputOut, StageMetricsOut


class ReadMetrics(Filters):
    """Whether the inputs of the metrics are told too."""

    explain: Literal["1"] | None = None


def explained_out(
    out: Callable[[Measured], StageMetricsOut], measured: Measured, explanation: Explanation
) -> dict[str, Any]:
    """Show metrics with their inputs."""
    told = ExplanationOut(inputs=[_input_out(each) for each in explanation.inputs], more=explanation.more)
    return out(measured).model_copy(update={"explanation": told}).plain()


def _input_out(each: Input) -> InputOut:
    return InputOut(
        kind=each.kind,
        id=each.id,
        stage_id=each.stage_id,
        used=each.used,
        why=each.why,
        started_at=each.started_at,
        ended_at=each.ended_at,
        minutes=rounded(minutes(each.length)),
        overlap_minutes=rounded(minutes(each.overlap)),
        good=each.good,
    )
