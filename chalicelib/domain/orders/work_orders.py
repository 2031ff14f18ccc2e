"""Work orders: an order with its stages is the consistency boundary. One version guards all of it."""

from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal

from chalicelib.domain.errors import NotFound
from chalicelib.domain.intervals import Interval
from chalicelib.domain.orders.flows import Flow, Progress, waits_for
from chalicelib.domain.orders.interruptions import Kept
from chalicelib.domain.orders.issues import IssueType, OpenIssue, priorities_of
from chalicelib.domain.orders.missing import NO_ORDER, NO_STAGE
from chalicelib.domain.orders.session_records import OpenSession
from chalicelib.domain.orders.statuses import OrderStatus, StageStatus
from chalicelib.domain.people.users import Actor
from chalicelib.domain.sentences import say


@dataclass(frozen=True)
class Held:
    """Why an order is held, since when, and by whom."""

    reason: str
    since: datetime
    by: str


@dataclass(frozen=True)
class Stage:
    """One step of a work order: its plan, status, people and totals (quantities over all its sessions).

    `closed_at` is when it was done, skipped or cancelled. `ended_at` is that instant, or the end of its last session if
    that is later. `interrupted_ids` are the workers whose session the server closed: their phones may still send late
    commands (see `floor/offline.py`), and they have no other right to the stage. `rework` is the pieces that needed
    rework less those that were reworked; it may be negative. `blocks` are the times for which it was blocked.
    """

    id: str
    position: int
    name: str
    planned_start: datetime
    planned_end: datetime
    baseline_start: datetime
    baseline_end: datetime
    status: StageStatus = StageStatus.PLANNED
    started_at: datetime | None = None
    ended_at: datetime | None = None
    closed_at: datetime | None = None
    last_session_end: datetime | None = None
    good: Decimal = Decimal(0)
    scrap: Decimal = Decimal(0)
    rework: Decimal = Decimal(0)
    good_from_rework: Decimal = Decimal(0)
    standard_seconds_per_unit: Decimal | None = None
    machine_id: str | None = None
    assignee_ids: tuple[str, ...] = ()
    open_sessions: tuple[OpenSession, ...] = ()
    open_issues: tuple[OpenIssue, ...] = ()
    interrupted_ids: tuple[str, ...] = ()
    blocks: Kept = None

    @property
    def ended(self) -> bool:
        """Whether the stage is done, skipped or cancelled."""
        return self.status.ended

    @property
    def window(self) -> Interval:
        """The planned start and end."""
        return self.planned_start, self.planned_end

    @property
    def open_rework(self) -> Decimal:
        """The number of pieces that still need rework, never negative."""
        return max(self.rework, Decimal(0))

    @property
    def taken(self) -> Decimal:
        """The number of pieces used from the stage before: good, scrap and open rework."""
        return self.good + self.scrap + self.open_rework

    @property
    def progress(self) -> Progress:
        """The progress of the stage, as the head of its order stores it."""
        return Progress(self.status, self.good, self.taken, priorities_of(self.open_issues))

    @property
    def idle_since(self) -> datetime | None:
        """The end of the last session, if no session is open."""
        return None if self.open_sessions else self.last_session_end

    @property
    def blockers(self) -> tuple[OpenIssue, ...]:
        """The open issues that block the stage."""
        return tuple(issue for issue in self.open_issues if issue.blocks_since is not None)

    @property
    def blocked_since(self) -> datetime | None:
        """When the first of its blocking issues began to block it; None if none does."""
        return min((issue.blocks_since for issue in self.open_issues if issue.blocks_since), default=None)

    @property
    def people(self) -> tuple[str, ...]:
        """The ids of its assignees and of the workers with an open session."""
        return tuple(dict.fromkeys([*self.assignee_ids, *(session.worker_id for session in self.open_sessions)]))

    def session_of(self, worker_id: str) -> OpenSession | None:
        """The open session of this worker; None if there is none."""
        return next((session for session in self.open_sessions if session.worker_id == worker_id), None)

    def open_issue(self, issue_type: IssueType) -> str | None:
        """The id of the open issue of this type; None if there is none."""
        return next((known.issue_id for known in self.open_issues if known.type is issue_type), None)

    def open_to(self, actor: Actor) -> bool:
        """Whether the actor may see the stage: planners all, workers those they are assigned to or at work on."""
        return actor.plans or actor.user_id in self.people


@dataclass(frozen=True)
class Order:
    """Make `quantity` of `product_code` (lot `lot_no`) for `customer` between `planned_start` and `planned_end`.

    `holds` are the times for which it was held.
    """

    id: str
    number: str
    product_code: str
    lot_no: str | None
    quantity: Decimal
    planned_start: datetime
    planned_end: datetime
    baseline_start: datetime
    baseline_end: datetime
    created_at: datetime
    created_by: str
    customer: str | None = None
    note: str | None = None
    priority: int = 5
    flow: Flow = Flow.FREE
    status: OrderStatus = OrderStatus.PLANNED
    started_at: datetime | None = None
    ended_at: datetime | None = None
    held: Held | None = None
    holds: Kept = None
    progress: tuple[Progress, ...] = ()
    version: int = 1
    stages: tuple[Stage, ...] = ()

    @property
    def window(self) -> Interval:
        """The planned start and end."""
        return self.planned_start, self.planned_end

    @property
    def is_cancelled(self) -> bool:
        """Whether the order is cancelled."""
        return self.status is OrderStatus.CANCELLED

    def stage(self, stage_id: str) -> Stage:
        """The stage with this id. Raises StageNotFound."""
        for stage in self.stages:
            if stage.id == stage_id:
                return stage
        raise StageNotFound(say(NO_STAGE, stage_id=stage_id))

    def with_stage(self, changed: Stage) -> "Order":
        """The order with a stage replaced, and with its status and times derived again."""
        return settled(replace(self, stages=tuple(changed if s.id == changed.id else s for s in self.stages)))

    def seen_by(self, actor: Actor) -> "Order":
        """The order with the stages that the actor may see. Raises OrderNotFound if there is none."""
        stages = tuple(stage for stage in self.stages if stage.open_to(actor))
        if not stages:
            raise OrderNotFound(say(NO_ORDER, order_id=self.id))
        return replace(self, stages=stages)

    def stage_seen_by(self, actor: Actor, stage_id: str) -> Stage:
        """The stage with this id, if the actor may see it. Raises StageNotFound."""
        stage = self.stage(stage_id)
        if not stage.open_to(actor):
            raise StageNotFound(say(NO_STAGE, stage_id=stage_id))
        return stage


class OrderNotFound(NotFound):
    """There is no such order, or the caller may not see it."""

    code = "ERR_ORDER_NOT_FOUND"
    title = "No such work order"


class StageNotFound(NotFound):
    """There is no such stage, or the caller may not see it."""

    code = "ERR_STAGE_NOT_FOUND"
    title = "No such stage"


def stage_id(order_id: str, position: int) -> str:
    """The id of a stage. It contains the order's id, so the order is found without a lookup."""
    return f"{order_id}-{position:02d}"


def awaited(order: Order, stage: Stage) -> str | None:
    """Name the stage that has yet to give what this one needs; None where it is ready. The order's head is enough."""
    before = waits_for(order.flow, order.progress, stage.position)
    return stage_id(order.id, before) if before else None


def order_id_of(stage: str) -> str:
    """The order's id in a stage's id. Raises StageNotFound if there is none."""
    order, _, position = stage.rpartition("-")
    if not (order and position.isascii() and position.isdigit()):
        raise StageNotFound(say(NO_STAGE, stage_id=stage))
    return order


def settled(order: Order) -> Order:
    """The order with its status and times derived from its stages.

    It starts with its first stage and is done with its last. A cancelled order stays cancelled.
    """
    starts = [stage.started_at for stage in order.stages if stage.started_at is not None]
    ends = [stage.ended_at for stage in order.stages if stage.ended_at is not None]
    status = _status(order, begun=bool(starts))
    return replace(
        order,
        status=status,
        started_at=min(starts, default=None),
        ended_at=max(ends, default=None) if status.closed else None,
        progress=tuple(stage.progress for stage in order.stages),
    )


def _status(order: Order, *, begun: bool) -> OrderStatus:
    if order.status is OrderStatus.CANCELLED:
        return OrderStatus.CANCELLED
    if all(stage.ended for stage in order.stages):
        return OrderStatus.DONE
    reopened = order.status is OrderStatus.DONE
    return OrderStatus.IN_PROGRESS if begun or reopened else order.status
