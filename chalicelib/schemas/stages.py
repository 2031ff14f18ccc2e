"""The shapes of stages, of the commands that are given on them, and of their sessions."""

from typing import Literal, Self

from pydantic import Field, ValidationInfo, field_validator, model_validator

from chalicelib.domain.flows import waits_for
from chalicelib.domain.records import Cause, Session, SessionKind
from chalicelib.domain.statuses import StageStatus
from chalicelib.domain.transitions import allowed
from chalicelib.domain.users import Actor
from chalicelib.domain.work_orders import Order, Stage, stage_id
from chalicelib.schemas.base import (
    Body,
    Filters,
    Identifier,
    Instant,
    InstantOut,
    Lived,
    LongText,
    NumberOut,
    Out,
    Paged,
    Positive,
    Quantity,
    Text,
)


class Timed(Body):
    """A command that may say when it happened."""

    at: Instant | None = None


class StartStage(Timed):
    """Open a session, one's own or (planner, admin) another worker's."""

    worker_id: Identifier | None = None
    machine_id: Identifier | None = None
    kind: SessionKind = SessionKind.RUN


class PauseStage(Timed):
    """Close a session."""

    worker_id: Identifier | None = None
    pause_reason: Text | None = None
    note: LongText | None = None


class Made(Body):
    """What was made: increments, never totals."""

    good: Quantity = Field(default=0)  # type: ignore[assignment]  # validated into a Decimal
    scrap: Quantity = Field(default=0)  # type: ignore[assignment]
    scrap_reason: Text | None = None
    rework: Quantity = Field(default=0)  # type: ignore[assignment]
    note: LongText | None = None
    reason: Text | None = None
    worker_id: Identifier | None = None

    @field_validator("scrap_reason")
    @classmethod
    def _reason_of_something(cls, reason: str | None, info: ValidationInfo) -> str | None:
        """Refuse a reason for scrap where there is no scrap; where scrap itself is wrong, that is told."""
        if reason is not None and not info.data.get("scrap", True):
            raise ValueError("needs scrap above 0")
        return reason


class ReportStage(Made, Timed):
    """Say what was made, or finish with it."""


class BookSession(Made):
    """A session that is over."""

    started_at: Instant
    ended_at: Instant
    machine_id: Identifier | None = None
    kind: SessionKind = SessionKind.RUN


class CorrectSession(Body):
    """New values of a session, not increments; what is left out stays. Or the session is void."""

    reason: Text
    void: bool = False
    started_at: Instant | None = None
    ended_at: Instant | None = None
    machine_id: Identifier | None = None
    kind: SessionKind | None = None
    good: Quantity | None = None
    scrap: Quantity | None = None
    scrap_reason: Text | None = None
    rework: Quantity | None = None
    note: LongText | None = None

    @model_validator(mode="after")
    def _void_or_values(self) -> Self:
        """Refuse to correct nothing, and to void what is given other values."""
        values = self.model_dump(exclude={"reason", "void"}, exclude_none=True)
        if bool(values) is self.void:
            raise ValueError("name the values to correct, or else `void`")
        return self


class Assign(Body):
    """Who may work on a stage."""

    user_ids: tuple[Identifier, ...]


class Reason(Body):
    """Why."""

    reason: Text


class ReplanStage(Reason):
    """What to change about a stage, and why."""

    name: Text | None = None
    planned_start: Instant | None = None
    planned_end: Instant | None = None
    machine_id: Identifier | None = None
    standard_seconds_per_unit: Positive | None = None


class ListStages(Paged):
    """The filters of a list of stages."""

    assignee: Literal["me"] | None = None
    status: tuple[StageStatus, ...] = ()
    due_before: Instant | None = None


class ListSessions(Filters):
    """Which sessions of a stage are listed: those that count, or every one that was ever recorded."""

    every: bool = False


class HeldOut(Out):
    """Why nobody may work on an order."""

    reason: str
    since: InstantOut
    by: str


class OpenSessionOut(Out):
    """A session that goes on."""

    id: str
    worker_id: str
    started_at: InstantOut
    machine_id: str | None
    kind: SessionKind


class StageOut(Lived):
    """A stage with what its worker needs to know of its order, and the commands that the caller may give now."""

    id: str
    work_order_id: str
    position: int
    name: str
    status: StageStatus
    planned_start: InstantOut
    planned_end: InstantOut
    baseline_start: InstantOut
    baseline_end: InstantOut
    product_code: str
    lot_no: str
    order_number: str
    quantity: NumberOut
    good: NumberOut
    scrap: NumberOut
    rework: NumberOut
    standard_seconds_per_unit: NumberOut | None
    machine_id: str | None
    assignee_ids: list[str]
    held: HeldOut | None
    ready: bool
    waits_for: str | None
    open_issues: list[str]
    blocked_by: list[str]
    open_sessions: list[OpenSessionOut]
    allowed: list[str]
    version: int


class SessionOut(Out):
    """A closed session with all that was made in it; one that `corrects` another stands in its place."""

    id: str
    stage_id: str
    worker_id: str
    machine_id: str | None
    kind: SessionKind
    started_at: InstantOut
    ended_at: InstantOut
    good: NumberOut
    scrap: NumberOut
    scrap_reasons: dict[str, NumberOut]
    rework: NumberOut
    pause_reason: str | None
    cause: Cause | None
    note: str | None
    booked_by: str
    received_at: InstantOut
    corrects: str | None
    voided: bool


def stage_out(order: Order, stage: Stage, actor: Actor) -> StageOut:
    """Show a stage to somebody."""
    of_order = {
        "work_order_id": order.id,
        "product_code": order.product_code,
        "lot_no": order.lot_no,
        "order_number": order.number,
        "quantity": order.quantity,
        "held": order.held,
        "version": order.version,
    }
    before = waits_for(order.flow, order.progress, stage.position)
    of_caller = {
        "ready": not stage.ended and before is None,
        "waits_for": stage_id(order.id, before) if before else None,
        "allowed": allowed(order, stage, actor),
    }
    shown = {
        "open_issues": [issue.issue_id for issue in stage.open_issues],
        "blocked_by": [issue.issue_id for issue in stage.blockers],
        "rework": stage.open_rework,
    }
    return StageOut.model_validate(vars(stage) | of_order | of_caller | shown)


def session_out(session: Session) -> SessionOut:
    """Show a session with all that was made in it."""
    made = session.made
    quantities = {"good": made.good, "scrap": made.scrapped, "scrap_reasons": made.scrap or {}, "rework": made.rework}
    return SessionOut.model_validate(vars(session) | quantities)
