"""Timers: what must be looked at again at an instant, written in the transaction of the command that makes it so.

No command deletes a timer. Whoever takes one that is due looks whether there is still something to do.
"""

from dataclasses import dataclass
from datetime import datetime

from chalicelib.domain.orders.commands import Subject
from chalicelib.domain.orders.issues import Issue
from chalicelib.domain.orders.work_orders import Order


@dataclass(frozen=True)
class Timer:
    """An order or an issue that must be looked at when it is due.

    `planned_end` is that of the order when the timer was written; None for an issue. `unreadable` says why the timer
    could not be read; only `due_at` and `id` are known then.
    """

    tenant: str
    subject: Subject
    id: str
    due_at: datetime
    planned_end: datetime | None = None
    unreadable: str | None = None


def of_order(tenant: str, before: Order | None, after: Order) -> tuple[Timer, ...]:
    """The timer at the planned end of an order that was opened, reopened, or got another planned end."""
    known = before is not None and not before.status.closed and before.planned_end == after.planned_end
    return () if after.status.closed or known else (at_lateness(tenant, after, after.planned_end),)


def at_lateness(tenant: str, order: Order, due_at: datetime) -> Timer:
    """The timer of an order that will be late at an instant, if its planned end stays."""
    return Timer(tenant, Subject.ORDER, order.id, due_at, order.planned_end)


def of_issue(tenant: str, before: Issue | None, after: Issue) -> tuple[Timer, ...]:
    """The timer at the next escalation of an issue, if that was not known before."""
    due_at = after.next_escalation_at
    known = due_at is None or (before is not None and before.next_escalation_at == due_at)
    return () if due_at is None or known else (Timer(tenant, Subject.ISSUE, after.id, due_at),)
