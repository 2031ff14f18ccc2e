"""Progress: how far an order is, from its head alone. A list of orders needs no further request for it."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from chalicelib.domain.numbers.adherence import order_adherence
from chalicelib.domain.numbers.metrics import Value
from chalicelib.domain.orders.flows import last_position
from chalicelib.domain.orders.statuses import StageStatus
from chalicelib.domain.orders.work_orders import Order
from chalicelib.domain.priorities import Priority
from chalicelib.domain.tenant_settings import TenantSettings

# The head was written by a release that did not store this.
NOT_RECORDED = "not_recorded"
SKIPPED = "skipped"


@dataclass(frozen=True)
class OrderProgress:
    """How far an order is. A field of None is not known; `reasons` gives the reason by the field's name.

    `good` are the good pieces of the last stage that is not skipped. `open_issues` are counted by priority.
    """

    good: Decimal | None
    stages_done: int | None
    stages_skipped: int | None
    stages_total: int | None
    open_issues: Mapping[Priority, int] | None
    reasons: Mapping[str, str]


@dataclass(frozen=True)
class OrderAdherence:
    """The delay of an order and whether it is late. A value of None has its reason in `reasons`, by its name."""

    delay_minutes: Value
    is_late: Value
    reasons: Mapping[str, str] = field(default_factory=dict)


def progress_of(order: Order) -> OrderProgress:
    """How far an order is, from the stages in its head."""
    stages = order.progress
    if not stages:
        names = ("good", "stages_done", "stages_skipped", "stages_total", "open_issues")
        return OrderProgress(None, None, None, None, None, dict.fromkeys(names, NOT_RECORDED))
    last = last_position(stages)
    statuses = Counter(stage.status for stage in stages)
    issues = _open_issues(order)
    unknown = {"good": SKIPPED if last is None else None, "open_issues": NOT_RECORDED if issues is None else None}
    return OrderProgress(
        good=None if last is None else stages[last - 1].good,
        stages_done=statuses[StageStatus.DONE],
        stages_skipped=statuses[StageStatus.SKIPPED],
        stages_total=len(stages),
        open_issues=issues,
        reasons={name: reason for name, reason in unknown.items() if reason is not None},
    )


def next_position(order: Order) -> int | None:
    """The position of the first stage that has not ended; None if all have, or if the head does not tell."""
    return next((n for n, stage in enumerate(order.progress, start=1) if not stage.status.ended), None)


def adherence_of(order: Order, now: datetime, settings: TenantSettings) -> OrderAdherence:
    """The delay of an order now and whether it is late: the values of the metrics `delay` and `is_late`."""
    metrics = order_adherence(order, now, settings)
    shown = {"delay_minutes": metrics["delay"], "is_late": metrics["is_late"]}
    reasons = {name: metric.reason for name, metric in shown.items() if metric.reason is not None}
    return OrderAdherence(shown["delay_minutes"].value, shown["is_late"].value, reasons)


def _open_issues(order: Order) -> Mapping[Priority, int] | None:
    """The open issues of all stages by priority. None if the head does not hold those of every stage."""
    counted: Counter[Priority] = Counter()
    for stage in order.progress:
        if stage.open_issues is None:
            return None
        counted.update(stage.open_issues)
    return {priority: counted[priority] for priority in Priority}
