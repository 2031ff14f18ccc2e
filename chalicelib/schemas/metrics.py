"""The shapes of metrics: flat numbers for the mobile app, and the formula and inputs of each number."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, TypedDict

from pydantic import Field

from chalicelib.domain.numbers.inputs import Use
from chalicelib.domain.numbers.metrics import Measured, Metric
from chalicelib.schemas.base import Out, left_out
from chalicelib.schemas.values import InstantOut, NumberOut

# The flat names of the contract, and the metric that each shows.
FLAT_NAMES = {
    "planned_duration": "planned_duration",
    "actual_duration": "actual_duration",
    "elapsed_minutes": "elapsed",
    "labour_minutes": "labour",
    "start_delay_minutes": "start_delay",
    "delay_minutes": "delay",
    "is_late": "is_late",
    "efficiency_percent": "efficiency",
    "on_time_percent": "on_time_percent",
    "lead_time_minutes": "lead_time",
}


class MetricOut(Out):
    """A number with its formula and inputs. `reason` tells why the value is null.

    `doubt` tells what makes no sense about a plan or a standard in it, so that it is `implausible`.
    """

    value: NumberOut | bool | InstantOut | None
    unit: str
    formula: str
    numerator: NumberOut | None
    denominator: NumberOut | None
    reason: str | None
    implausible: bool
    doubt: str | None


class WindowOut(Out):
    """A window of time, and the plant's time zone that defines its local days.

    The field `from` has an alias because it is a reserved word in Python.
    """

    start: InstantOut = Field(alias="from")
    end: InstantOut = Field(alias="to")
    timezone: str


class MeasuredOut(Out):
    """Metrics with their window, their freshness, their completeness and the number of their inputs."""

    metrics: dict[str, MetricOut]
    window: WindowOut
    as_of: InstantOut
    watermark: InstantOut | None
    revision: int
    complete: bool
    inputs_count: int


class InputOut(Out):
    """A thing of which metrics are made, or that was left out (`used` is false), for the reason `why`.

    `use` is used, clipped or left_out. `left_out_of` names metrics that do not use it, each with its reason. `seconds`
    is the length that counts, of stages and orders that of their plan; `minutes` is the same, rounded.
    `overlap_minutes` is the part of a session in which one that began before it was open too. The pieces of a session
    are those of its reports and of its closing. The catalogue explains the kinds and reasons, and the names in
    `amounts`, `times` and `facts`.
    """

    kind: str
    id: str
    stage_id: str | None
    used: bool
    use: Use
    why: str | None
    left_out_of: dict[str, str]
    started_at: InstantOut | None
    ended_at: InstantOut | None
    seconds: NumberOut
    minutes: NumberOut
    overlap_minutes: NumberOut
    good: NumberOut
    scrap: NumberOut
    rework: NumberOut
    amounts: dict[str, NumberOut]
    times: dict[str, InstantOut]
    facts: dict[str, str]


class ExplanationOut(Out):
    """A page of the inputs of metrics: stages first, then sessions by start, then all others.

    With `more` there are more; `next_cursor` is the cursor of the next page.
    """

    inputs: list[InputOut]
    more: bool
    next_cursor: str | None


class StageMetricsOut(MeasuredOut):
    """The metrics of a stage, and the flat numbers of the contract in minutes and percent.

    `explanation` is there with `explain=1`.
    """

    explanation: ExplanationOut | None = left_out()

    planned_duration: NumberOut | None
    actual_duration: NumberOut | None
    elapsed_minutes: NumberOut | None
    labour_minutes: NumberOut | None
    start_delay_minutes: NumberOut | None
    delay_minutes: NumberOut | None
    is_late: bool | None
    efficiency_percent: NumberOut | None


class OrderMetricsOut(StageMetricsOut):
    """The metrics of an order, and the flat numbers of the contract in minutes and percent."""

    on_time_percent: NumberOut | None
    lead_time_minutes: NumberOut | None


class IssueSumsOut(Out):
    """How many issues were reported, acknowledged and resolved."""

    reported: int
    acknowledged: int
    resolved: int


def stage_metrics_out(measured: Measured) -> StageMetricsOut:
    """Show the metrics of a stage."""
    return StageMetricsOut(**_flat(measured), **around(measured))


def order_metrics_out(measured: Measured) -> OrderMetricsOut:
    """Show the metrics of an order."""
    return OrderMetricsOut(**_flat(measured), **around(measured))


class Around(TypedDict):
    """The fields of `MeasuredOut`, to make a shape that has more of them."""

    metrics: dict[str, MetricOut]
    window: WindowOut
    as_of: datetime
    watermark: datetime | None
    revision: int
    complete: bool
    inputs_count: int


def metrics_out(metrics: Mapping[str, Metric]) -> dict[str, MetricOut]:
    """Show metrics by their names."""
    return {name: MetricOut.model_validate(metric) for name, metric in metrics.items()}


def around(measured: Measured) -> Around:
    """The metrics, and what is around them."""
    start, end = measured.window
    return Around(
        metrics=metrics_out(measured.metrics),
        window=WindowOut(start=start, end=end, timezone=measured.timezone),
        as_of=measured.as_of,
        watermark=measured.watermark,
        revision=measured.revision,
        complete=measured.complete,
        inputs_count=measured.inputs_count,
    )


def _flat(measured: Measured) -> dict[str, Any]:
    """The flat numbers of a stage or an order."""
    known = measured.metrics
    return {name: known[metric].value for name, metric in FLAT_NAMES.items() if metric in known}
