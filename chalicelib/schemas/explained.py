"""The parameters that ask for an explanation of metrics, and how it is shown."""

from collections.abc import Sequence
from typing import Annotated, Any, Literal, Self

from pydantic import Field, model_validator

from chalicelib.domain.numbers.inputs import MOST_INPUTS, Input, Use, seconds
from chalicelib.domain.numbers.metrics import minutes, rounded
from chalicelib.schemas.base import Filters
from chalicelib.schemas.metrics import ExplanationOut, InputOut, StageMetricsOut
from chalicelib.schemas.values import digits


class ReadMetrics(Filters):
    """Whether the inputs of the metrics are told too, and which page of them."""

    explain: Literal["1"] | None = None
    limit: Annotated[int, Field(ge=1, le=MOST_INPUTS), digits] = MOST_INPUTS
    cursor: str | None = None

    @model_validator(mode="after")
    def _page_only_inputs(self) -> Self:
        if self.cursor is not None and self.explain is None:
            raise ValueError("cursor is that of a page of inputs: it needs explain=1")
        return self


def explained_out(measured: StageMetricsOut, inputs: Sequence[Input], next_cursor: str | None) -> dict[str, Any]:
    """Show the metrics of a stage or an order with a page of their inputs."""
    return measured.model_copy(update={"explanation": explanation_out(inputs, next_cursor)}).plain()


def explanation_out(inputs: Sequence[Input], next_cursor: str | None) -> ExplanationOut:
    """Show a page of inputs."""
    told = [_input_out(each) for each in inputs]
    return ExplanationOut(inputs=told, more=next_cursor is not None, next_cursor=next_cursor)


def _input_out(each: Input) -> InputOut:
    return InputOut(
        kind=each.kind,
        id=each.id,
        stage_id=each.stage_id,
        used=each.use is not Use.LEFT_OUT,
        use=each.use,
        why=each.why,
        left_out_of=dict(each.left_out_of),
        started_at=each.started_at,
        ended_at=each.ended_at,
        seconds=seconds(each.length),
        minutes=rounded(minutes(each.length)),
        overlap_minutes=rounded(minutes(each.overlap)),
        good=each.good,
        scrap=each.scrap,
        rework=each.rework,
        amounts=dict(each.amounts),
        times=dict(each.times),
        facts=dict(each.facts),
    )
