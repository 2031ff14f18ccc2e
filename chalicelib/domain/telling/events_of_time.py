"""Events of what only time does: an issue that waits, an order that becomes late. Nobody did it, so `by` is None."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from chalicelib.domain.orders.issues import Escalated, Issue
from chalicelib.domain.orders.work_orders import Order
from chalicelib.domain.telling.events import Event, EventType, of_issue, of_order

_NOBODY = {"by": None, "reason": None}


def of_escalation(
    issue: Issue, order: Order | None, steps: Sequence[Escalated], tenant: str, identity: str
) -> tuple[Event, ...]:
    """The event of each step that was told of an issue. Ids are made of `identity`."""
    return tuple(
        Event(
            f"{identity}-{n}",
            EventType.ISSUE_ESCALATED,
            tenant,
            step.at,
            issue.id,
            of_issue(issue, order) | _of_step(step),
        )
        for n, step in enumerate(steps, 1)
    )


def of_lateness(order: Order, at: datetime, tenant: str, identity: str) -> tuple[Event, ...]:
    """The event of an order that is late since an instant. Its id is made of `identity`."""
    return (Event(f"{identity}-1", EventType.ORDER_LATE, tenant, at, order.id, of_order(order) | _NOBODY),)


def _of_step(step: Escalated) -> dict[str, Any]:
    return {
        "awaited": step.awaited.value,
        "step": step.step,
        "roles": [role.value for role in step.roles],
        "user_ids": list(step.user_ids),
    } | _NOBODY
