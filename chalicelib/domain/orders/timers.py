"""The timers of orders, stages and issues, written in the transaction of the command that makes them necessary."""

from datetime import datetime

from chalicelib.domain.orders.issues import Issue
from chalicelib.domain.orders.work_orders import Order
from chalicelib.domain.tenant_settings import TenantSettings
from chalicelib.domain.timers import Timer, Watched


def of_order(tenant: str, before: Order | None, after: Order) -> tuple[Timer, ...]:
    """The timer at the planned end of an order that was opened, reopened, or got another planned end."""
    known = before is not None and not before.status.closed and before.planned_end == after.planned_end
    return () if after.status.closed or known else (at_lateness(tenant, after, after.planned_end),)


def at_lateness(tenant: str, order: Order, due_at: datetime) -> Timer:
    """The timer of an order that will be late at an instant, if its planned end stays."""
    return Timer(tenant, Watched.ORDER, order.id, due_at, order.planned_end)


def at_count(tenant: str, stage_id: str, since: datetime, settings: TenantSettings) -> Timer:
    """The timer of a stage that was done at `since`, when the last readings of its machines are in the numbers."""
    return Timer(tenant, Watched.STAGE, stage_id, since + 2 * settings.rollups_within, since=since)


def of_issue(tenant: str, before: Issue | None, after: Issue) -> tuple[Timer, ...]:
    """The timer at the next escalation of an issue, if that was not known before."""
    due_at = after.next_escalation_at
    known = due_at is None or (before is not None and before.next_escalation_at == due_at)
    return () if due_at is None or known else (Timer(tenant, Watched.ISSUE, after.id, due_at),)
