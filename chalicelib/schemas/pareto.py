"""The shapes of Pareto: the reasons of losses, the largest first."""

from pydantic import Field

from chalicelib.domain.numbers.metrics import rounded
from chalicelib.domain.numbers.pareto import LossKind, Pareto, ParetoRow
from chalicelib.schemas.base import Out
from chalicelib.schemas.days import DayRange
from chalicelib.schemas.metrics import MetricOut, WindowOut, metrics_out
from chalicelib.schemas.values import Identifier, InstantOut, NumberOut, OneOf


class ReadPareto(DayRange):
    """What is lost, by whom, and in which local days, both included."""

    of: OneOf[LossKind]
    machine_id: Identifier | None = None


class LossOut(Out):
    """How often something was lost, null of scrap; and how much: minutes or pieces, as `unit` says."""

    count: int | None
    size: NumberOut


class ReasonOut(LossOut):
    """All losses of one reason; null if nobody gave one."""

    reason: str | None
    metrics: dict[str, MetricOut]


class ParetoOut(Out):
    """The losses of a window by reason, the largest first, and all of them together.

    `unrecorded_days` are days of which reasons are missing, because an earlier release did not record them. `watermark`
    is up to when changes are in the sums of days; null of stops, and if there are no sums.
    """

    of: LossKind
    unit: str
    machine_id: str | None
    window: WindowOut
    total: LossOut
    reasons: list[ReasonOut] = Field(description="The largest first; equal ones by their reason.")
    as_of: InstantOut
    watermark: InstantOut | None
    unrecorded_days: int
    complete: bool


def pareto_out(found: Pareto) -> ParetoOut:
    """Show the losses of a window by reason."""
    start, end = found.window
    return ParetoOut(
        of=found.of,
        unit=found.of.unit,
        machine_id=found.machine_id,
        window=WindowOut(start=start, end=end, timezone=found.timezone),
        total=LossOut(count=found.total.count, size=rounded(found.total.size)),
        reasons=list(map(_reason_out, found.rows)),
        as_of=found.as_of,
        watermark=found.watermark,
        unrecorded_days=found.unrecorded_days,
        complete=found.complete,
    )


def _reason_out(row: ParetoRow) -> ReasonOut:
    loss = row.loss
    return ReasonOut(count=loss.count, size=rounded(loss.size), reason=loss.reason, metrics=metrics_out(row.metrics))
