"""The shapes of work orders and stages for the app of the old system."""

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import BeforeValidator, Field

from chalicelib.domain import instants
from chalicelib.domain.numbers.progress import progress_of
from chalicelib.domain.orders.statuses import OrderStatus, StageStatus
from chalicelib.domain.orders.work_orders import Order, Stage
from chalicelib.domain.planning import opening
from chalicelib.domain.planning.opening import ASSEMBLY, MAX_STAGES, MOULDING
from chalicelib.schemas.base import Out
from chalicelib.schemas.old_app import MayBeEmpty, OldBody, OldTime, amount, in_utc, instant, wall_clock
from chalicelib.schemas.values import Coded, Line, Many, NumberOut, Positive, ProductCode

ONE_STAGE, MANY_STAGES = "Üretim", "Aşama {n}"
# That app knows no other statuses. What was skipped or cancelled is no work any more, as what is done.
_STATUSES: Mapping[str, StageStatus] = {
    StageStatus.SKIPPED: StageStatus.DONE,
    StageStatus.CANCELLED: StageStatus.DONE,
}


def old_status(status: StageStatus) -> StageStatus:
    """What the old app is told of the status of a stage."""
    return _STATUSES.get(status, status)


class OldNewOrder(OldBody):
    """A new work order. Its stages share its time equally; without a count or names they are those of the product."""

    product_code: ProductCode
    lot_no: MayBeEmpty[Coded] = None
    qty: Annotated[Positive, BeforeValidator(amount)]
    planned_start: OldTime
    planned_end: OldTime
    stage_count: MayBeEmpty[Annotated[int, Field(ge=1, le=MAX_STAGES)]] = None
    stage_names: Annotated[Many[Line], Field(max_length=MAX_STAGES)] | None = None
    machine_id: MayBeEmpty[int] = None

    def payload(self, timezone: str) -> opening.NewOrder:
        """The fields of the order, with the stages that were asked for."""
        return opening.NewOrder(
            product_code=self.product_code,
            lot_no=self.lot_no,
            quantity=self.qty,
            planned_start=instant(self.planned_start, timezone),
            planned_end=instant(self.planned_end, timezone),
            stages=tuple(map(opening.NewStage, self._names())),
        )

    def _names(self) -> tuple[str, ...]:
        if self.stage_names:
            return self.stage_names
        if self.stage_count == 1:
            return (ONE_STAGE,)
        if self.stage_count is None:
            return ()
        if self.stage_count == len((MOULDING, ASSEMBLY)):
            return (MOULDING, ASSEMBLY)
        return tuple(MANY_STAGES.format(n=n) for n in range(1, self.stage_count + 1))


class OldOrderOut(Out):
    """A work order. `produced_qty` are the good pieces of its last stage."""

    id: int
    number: str
    product_code: str
    lot_no: str | None
    qty: NumberOut
    produced_qty: NumberOut | None
    status: OrderStatus
    planned_start: str
    planned_end: str
    created_by: int
    created_by_username: str | None
    machine_id: int | None


class OldOrdersOut(Out):
    """The work orders, and who asked for them."""

    total: int
    data: list[OldOrderOut]
    requested_by: str


class OldStageOut(Out):
    """A stage. `planned_*` are what the clock of the plant shows; all other times are in UTC."""

    id: int
    work_order_id: int
    stage_name: str
    status: StageStatus
    planned_start: str
    planned_end: str
    actual_start: str | None
    actual_end: str | None
    paused_at: str | None
    resumed_at: str | None
    machine_id: int | None


class OldOpenedStageOut(Out):
    """A stage of an order that was opened."""

    id: int
    name: str
    planned_start: str
    planned_end: str


class OldOpenedOut(Out):
    """A work order that was opened."""

    ok: bool = True
    work_order_id: int
    stages_created: int
    stages: list[OldOpenedStageOut]


class OldWorkedOut(Out):
    """A stage after a command on it."""

    ok: bool = True
    work_order_stage_id: int
    status: StageStatus
    actual_start: str | None
    actual_end: str | None


def opened(order: Order, timezone: str) -> dict[str, Any]:
    """An order that was opened, before its numbers are known: ids in their place."""
    stages = [
        {
            "id": stage.id,
            "name": stage.name,
            "planned_start": wall_clock(stage.planned_start, timezone),
            "planned_end": wall_clock(stage.planned_end, timezone),
        }
        for stage in order.stages
    ]
    return {"work_order_id": order.id, "stages_created": len(stages), "stages": stages}


def old_order_out(
    order: Order, numbers: Mapping[str, Mapping[str, int]], username: str | None, machine_id: str | None, timezone: str
) -> OldOrderOut:
    """Show an order. `numbers` are those of orders, users and machines, by kind and id."""
    return OldOrderOut(
        id=numbers["order"][order.id],
        number=order.number,
        product_code=order.product_code,
        lot_no=order.lot_no,
        qty=order.quantity,
        produced_qty=progress_of(order).good,
        status=order.status,
        planned_start=wall_clock(order.planned_start, timezone),
        planned_end=wall_clock(order.planned_end, timezone),
        created_by=numbers["user"][order.created_by],
        created_by_username=username,
        machine_id=numbers["machine"].get(machine_id or ""),
    )


def old_stage_out(order: Order, stage: Stage, numbers: Mapping[str, Mapping[str, int]], timezone: str) -> OldStageOut:
    """Show a stage. `numbers` are those of orders, stages and machines, by kind and id."""
    begun = min((session.started_at for session in stage.open_sessions), default=None)
    return OldStageOut(
        id=numbers["stage"][stage.id],
        work_order_id=numbers["order"][order.id],
        stage_name=stage.name,
        status=old_status(stage.status),
        planned_start=wall_clock(stage.planned_start, timezone),
        planned_end=wall_clock(stage.planned_end, timezone),
        actual_start=in_utc(stage.started_at),
        actual_end=in_utc(stage.ended_at),
        paused_at=in_utc(stage.idle_since),
        resumed_at=in_utc(begun if stage.last_session_end else None),
        machine_id=numbers["machine"].get(stage.machine_id or ""),
    )


def worked(stage: Mapping[str, Any], number: int) -> OldWorkedOut:
    """Show a stage after a command, which answered with it as today's doors show it."""
    started, ended = (stage[name] and in_utc(instants.parse(stage[name])) for name in ("started_at", "ended_at"))
    status = old_status(StageStatus(stage["status"]))
    return OldWorkedOut(work_order_stage_id=number, status=status, actual_start=started, actual_end=ended)
