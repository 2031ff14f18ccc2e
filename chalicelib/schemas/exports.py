"""The shapes of exports: one flat row for each order, stage, issue or day. Their fields are the columns, in this order.

Durations are in seconds, exact to the millisecond, so that sums of rows are exact. Instants are RFC 3339 in UTC.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, ClassVar

from pydantic import Field

from chalicelib.domain.instants import milliseconds
from chalicelib.domain.numbers.adherence import order_adherence, order_delay
from chalicelib.domain.numbers.progress import progress_of
from chalicelib.domain.orders.flows import Flow
from chalicelib.domain.orders.issues import Issue, IssueStatus, IssueType
from chalicelib.domain.orders.statuses import OrderStatus
from chalicelib.domain.orders.work_orders import Order
from chalicelib.domain.priorities import Priority
from chalicelib.domain.tenant_settings import TenantSettings
from chalicelib.schemas.base import Out, Paged
from chalicelib.schemas.values import Day, InstantOut, NumberOut, digits

# A row with the longest texts and all reasons has 10 KB, and Lambda answers with 6 MB at most.
MOST_ROWS = 400


class Separator(StrEnum):
    """What stands between the cells of CSV."""

    COMMA = "comma"
    SEMICOLON = "semicolon"


class ListExport(Paged):
    """The local days of an export, both included, and the size of its pages.

    `bom` and `separator` are for CSV that Excel opens. With `semicolon` numbers have a decimal comma.
    """

    first: Day | None = Field(default=None, alias="from")
    last: Day | None = Field(default=None, alias="to")
    limit: Annotated[int, Field(ge=1, le=MOST_ROWS), digits] = MOST_ROWS
    bom: bool = False
    separator: Separator | None = None


class RowOut(Out):
    """A row of an export. `formulas` names the formula of each column that is computed, by the column's name."""

    computed: ClassVar[Mapping[str, str]] = {}

    @classmethod
    def formula_ids(cls) -> dict[str, str]:
        """The formula ids of the computed columns."""
        return {column: f"{metric}.v1" for column, metric in cls.computed.items()}


class ExportedOrderOut(RowOut):
    """A work order as a row. Cancelled orders have no delay; `delay_reason` says why a delay is empty."""

    computed: ClassVar[Mapping[str, str]] = {
        "planned_seconds": "planned_duration",
        "delay_seconds": "delay",
        "is_late": "is_late",
        "lead_time_seconds": "lead_time",
    }

    id: str
    number: str
    product_code: str
    lot_no: str | None
    customer: str | None
    quantity: NumberOut
    status: OrderStatus
    held_since: InstantOut | None
    flow: Flow
    priority: int
    planned_start: InstantOut
    planned_end: InstantOut
    baseline_start: InstantOut
    baseline_end: InstantOut
    started_at: InstantOut | None
    ended_at: InstantOut | None
    created_at: InstantOut
    created_by: str
    note: str | None
    good: NumberOut | None
    stages_done: int | None
    stages_skipped: int | None
    stages_total: int | None
    planned_seconds: NumberOut
    delay_seconds: NumberOut | None
    delay_reason: str | None
    is_late: bool | None
    lead_time_seconds: NumberOut | None
    lead_time_reason: str | None
    as_of: InstantOut
    formulas: dict[str, str]


class ExportedIssueOut(RowOut):
    """An issue as a row. The times to acknowledge and to resolve are by the server's clock, since it was created.

    The metrics mtta and mttr are medians of them.
    """

    id: str
    work_order_id: str | None
    stage_id: str | None
    machine_id: str | None
    type: IssueType
    priority: Priority
    blocking: bool
    status: IssueStatus
    description: str
    created_at: InstantOut
    created_by: str
    reported_at: InstantOut
    assignee_id: str | None
    acknowledged_at: InstantOut | None
    acknowledged_by: str | None
    resolved_at: InstantOut | None
    resolved_by: str | None
    cause_code: str | None
    cause: str | None
    action: str | None
    reopened_count: int
    notes_count: int
    acknowledged_after_seconds: NumberOut | None
    resolved_after_seconds: NumberOut | None


def exported_order(order: Order, now: datetime, settings: TenantSettings) -> ExportedOrderOut:
    """Show an order as a row."""
    progress, adherence = progress_of(order), order_adherence(order, now, settings)
    lead = order.ended_at - order.started_at if order.started_at and order.ended_at else None
    own = {name: getattr(order, name) for name in ExportedOrderOut.model_fields if hasattr(order, name)}
    return ExportedOrderOut.model_validate(
        own
        | {name: getattr(progress, name) for name in ("good", "stages_done", "stages_skipped", "stages_total")}
        | {
            "held_since": order.held.since if order.held else None,
            "planned_seconds": seconds(order.planned_end - order.planned_start),
            "delay_seconds": None if order.is_cancelled else seconds(order_delay(order, now)),
            "delay_reason": adherence["delay"].reason,
            "is_late": adherence["is_late"].value,
            "lead_time_seconds": None if lead is None else seconds(lead),
            "lead_time_reason": None if lead is not None else "no_run" if order.ended_at else "not_done",
            "as_of": now,
            "formulas": ExportedOrderOut.formula_ids(),
        }
    )


def exported_issue(issue: Issue) -> ExportedIssueOut:
    """Show an issue as a row."""
    own = {name: getattr(issue, name) for name in ExportedIssueOut.model_fields if hasattr(issue, name)}
    return ExportedIssueOut.model_validate(
        own
        | {
            "acknowledged_after_seconds": _after(issue.created_at, issue.acknowledged_at),
            "resolved_after_seconds": _after(issue.created_at, issue.resolved_at),
        }
    )


def seconds(span: timedelta) -> Decimal:
    """A duration in seconds, exact."""
    return Decimal(milliseconds(span)).scaleb(-3)


def _after(since: datetime, until: datetime | None) -> Decimal | None:
    return None if until is None else seconds(until - since)
