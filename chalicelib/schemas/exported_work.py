"""The shapes of exported work: a row for each stage, and for the part of each session that lies in a local day."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import ClassVar, Literal

from chalicelib.domain.numbers.day_facts import SessionFact, StageFact
from chalicelib.domain.numbers.dimensions import Dimension
from chalicelib.domain.numbers.metrics import Metric, minutes, ratio
from chalicelib.domain.numbers.stage_metrics import of_stage
from chalicelib.domain.orders.session_records import SessionKind
from chalicelib.domain.orders.statuses import StageStatus
from chalicelib.domain.orders.work_orders import Order, Stage, order_id_of
from chalicelib.domain.tenant_settings import TenantSettings
from chalicelib.schemas.exports import ListExport, RowOut, seconds
from chalicelib.schemas.values import InstantOut, NumberOut


class ListExportedStages(ListExport):
    """The days of an export of stages: in which they ended, or in which those that have not ended are due."""

    state: Literal["ended", "active"] = "ended"


class ExportedStageOut(RowOut):
    """A stage as a row. `run_reason` says why its times are empty: `not_aggregated` for a few minutes after its end.

    The sums of a day are the sums of its rows: of planned, run, labour and delay of what is done.
    """

    computed: ClassVar[Mapping[str, str]] = {
        "planned_seconds": "planned_duration",
        "run_seconds": "actual_duration",
        "labour_seconds": "labour",
        "start_delay_seconds": "start_delay",
        "delay_seconds": "delay",
        "is_late": "is_late",
        "efficiency_percent": "efficiency",
        "quality_percent": "quality",
    }

    id: str
    work_order_id: str
    order_number: str
    product_code: str
    lot_no: str | None
    customer: str | None
    position: int
    name: str
    status: StageStatus
    machine_id: str | None
    assignee_ids: list[str]
    quantity: NumberOut
    good: NumberOut
    scrap: NumberOut
    rework: NumberOut
    good_from_rework: NumberOut
    standard_seconds_per_unit: NumberOut | None
    planned_start: InstantOut
    planned_end: InstantOut
    baseline_start: InstantOut
    baseline_end: InstantOut
    started_at: InstantOut | None
    ended_at: InstantOut | None
    planned_seconds: NumberOut
    run_seconds: NumberOut | None
    run_reason: str | None
    labour_seconds: NumberOut | None
    start_delay_seconds: NumberOut | None
    delay_seconds: NumberOut | None
    delay_reason: str | None
    is_late: bool | None
    efficiency_percent: NumberOut | None
    efficiency_reason: str | None
    efficiency_doubt: str | None
    quality_percent: NumberOut | None
    quality_reason: str | None
    as_of: InstantOut
    formulas: dict[str, str]


class ExportedSessionOut(RowOut):
    """The part of a closed session that lies in a local day, as a row. What was made is in the row of its last day.

    Voided sessions have no row, and of a corrected one only the last correction. The labour and the pieces of a day are
    the sums of its rows. Run time is not: sessions overlap.
    """

    computed: ClassVar[Mapping[str, str]] = {"labour_seconds": "labour"}

    date: date
    id: str
    stage_id: str | None
    work_order_id: str | None
    stage_name: str | None
    product_code: str | None
    customer: str | None
    worker_id: str | None
    machine_id: str | None
    line: str | None
    kind: SessionKind
    started_at: InstantOut
    ended_at: InstantOut
    labour_seconds: NumberOut
    good: NumberOut
    scrap: NumberOut
    scrap_reasons: dict[str, NumberOut]
    rework: NumberOut
    pause_reason: str | None
    corrects: str | None
    formulas: dict[str, str]


def exported_stage(
    order: Order, stage: Stage, fact: StageFact | None, now: datetime, settings: TenantSettings
) -> ExportedStageOut:
    """Show a stage as a row. `fact` holds its times; they are known when it is done."""
    measured, efficiency = of_stage(order, stage, [], now, settings).metrics, _efficiency(stage, fact)
    own = {name: getattr(stage, name) for name in ExportedStageOut.model_fields if hasattr(stage, name)}
    delay = stage.ended_at or max(now, stage.planned_end)
    return ExportedStageOut.model_validate(
        own
        | {
            "work_order_id": order.id,
            "order_number": order.number,
            "rework": stage.open_rework,
            **{name: getattr(order, name) for name in ("product_code", "lot_no", "customer", "quantity")},
            "planned_seconds": seconds(stage.planned_end - stage.planned_start),
            "run_seconds": _seconds(fact.run) if fact else None,
            "run_reason": _unless(stage, fact),
            "labour_seconds": _seconds(fact.labour) if fact else None,
            "start_delay_seconds": seconds(stage.started_at - stage.planned_start) if stage.started_at else None,
            "delay_seconds": None if measured["delay"].reason else seconds(delay - stage.planned_end),
            "delay_reason": measured["delay"].reason,
            "is_late": measured["is_late"].value,
            "efficiency_percent": efficiency.value,
            "efficiency_reason": efficiency.reason,
            "efficiency_doubt": efficiency.doubt or measured["planned_duration"].doubt,
            "quality_percent": measured["quality"].value,
            "quality_reason": measured["quality"].reason,
            "as_of": now,
            "formulas": ExportedStageOut.formula_ids(),
        }
    )


def exported_session(day: date, session_id: str, fact: SessionFact) -> ExportedSessionOut:
    """Show the part of a session that lies in a day as a row."""
    groups = {group.dimension: group.value for group in fact.groups or ()}
    return ExportedSessionOut(
        date=day,
        id=session_id,
        stage_id=fact.stage_id,
        work_order_id=order_id_of(fact.stage_id) if fact.stage_id else None,
        stage_name=groups.get(Dimension.STAGE),
        product_code=groups.get(Dimension.PRODUCT),
        customer=groups.get(Dimension.CUSTOMER),
        worker_id=groups.get(Dimension.WORKER),
        machine_id=fact.machine_id,
        line=groups.get(Dimension.LINE),
        kind=fact.kind,
        started_at=fact.started_at,
        ended_at=fact.ended_at,
        labour_seconds=seconds(fact.ended_at - fact.started_at),
        good=fact.good,
        scrap=sum((fact.scrap or {}).values(), Decimal(0)),
        scrap_reasons=fact.scrap or {},
        rework=fact.rework,
        pause_reason=fact.pause_reason,
        corrects=fact.corrects,
        formulas=ExportedSessionOut.formula_ids(),
    )


def _efficiency(stage: Stage, fact: StageFact | None) -> Metric:
    """Plan ÷ run of a stage that is done."""
    planned, run = stage.planned_end - stage.planned_start, timedelta(milliseconds=fact.run if fact else 0)
    return ratio("efficiency", minutes(planned), minutes(run), empty="no_run", unless=_unless(stage, fact))


def _unless(stage: Stage, fact: StageFact | None) -> str | None:
    """Why a stage has no times yet; None if it has."""
    if fact is not None:
        return None
    if stage.status is StageStatus.DONE:
        return "not_aggregated"
    return stage.status.value if stage.ended else "not_done"


def _seconds(span: int) -> Decimal:
    """Milliseconds as seconds, exact."""
    return seconds(timedelta(milliseconds=span))
