"""Timers that are due: issues that wait too long, orders that become late, alarms, and counts to be booked.

Each timer is taken in one transaction with what follows from it, on the condition that what was looked at is unchanged.
So runs may overlap and crash: a step is written once. A timer that cannot be taken stays for the next minute.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta

from chalicelib import clock, ids
from chalicelib.clock import TimeLeft, in_time
from chalicelib.domain.andon.escalating import ended, escalated
from chalicelib.domain.orders.issues import Issue, IssueNotFound
from chalicelib.domain.orders.timers import at_lateness, of_issue
from chalicelib.domain.orders.work_orders import Order, OrderNotFound
from chalicelib.domain.telling import events_of_time
from chalicelib.domain.timers import Timer, Watched
from chalicelib.observability import logger
from chalicelib.services import outbox
from chalicelib.services.andon import alarms
from chalicelib.services.numbers import booking
from chalicelib.services.tenants import settings_of
from chalicelib.storage import timers, writes
from chalicelib.storage.conflicts import Collision, ConditionFailed
from chalicelib.storage.orders import issues, order_items, work_orders

ENOUGH = timedelta(seconds=20)
"""The time that one timer may take, if the table does not answer."""


@dataclass(frozen=True)
class Outcome:
    """The result of a run: steps of escalation, late orders and alarms that are told now, and timers that failed.

    `booked` are the counts of machines that are booked now.
    """

    steps: int = 0
    late: int = 0
    alarms: int = 0
    booked: int = 0
    failed: int = 0

    def __add__(self, other: "Outcome") -> "Outcome":
        """The sum of two timers."""
        return Outcome(
            self.steps + other.steps,
            self.late + other.late,
            self.alarms + other.alarms,
            self.booked + other.booked,
            self.failed + other.failed,
        )


def take_due(time_left: TimeLeft) -> Outcome:
    """Take the timers that are due, oldest first, while there is time. Raises StorageUnavailable.

    Costs a query for each shard. A timer costs a read and a transaction; that of an issue of a stage
    that waits a query more, those of machines what `alarms` says, and those of stages what `booking` says.
    """
    outcome = Outcome()
    for timer in in_time(timers.due(clock.now()), time_left, ENOUGH):
        outcome += _taken(timer)
    return outcome


def _taken(timer: Timer) -> Outcome:
    """Take a timer. One that fails is told, and stays."""
    told = {"tenant": timer.tenant, "subject": timer.subject, "id": timer.id, "due_at": timer.due_at.isoformat()}
    if timer.unreadable is not None:
        logger().error("a timer cannot be read", extra=told | {"reason": timer.unreadable})
        return Outcome(failed=1)
    try:
        return _TAKE[timer.subject](timer)
    except (ConditionFailed, Collision):
        # Another run took it, or a command came first. What is left is taken in the next minute.
        logger().info("a timer was overtaken", extra=told)
        return Outcome()
    except Exception:  # noqa: BLE001  whatever fails, the timer must stay and the others must be taken
        logger().exception("a timer failed", extra=told)
        return Outcome(failed=1)


def _of_issue(timer: Timer) -> Outcome:
    """Tell the steps that are due now, and write the next timer. Nothing is told of an issue that was answered."""
    tenant, now, taken = timer.tenant, clock.now(), timers.taken(timer)
    issue = issues.find(tenant, timer.id)
    if issue is None:
        writes.commit(taken)
        return Outcome()
    if issue.next_escalation_at != timer.due_at:
        writes.commit(taken + issues.unchanged(tenant, issue))
        return Outcome()
    order = _order_of(tenant, issue)
    over = not issue.on_machine and (order is None or order.status.closed)
    after, steps = (ended(issue), ()) if over else escalated(issue, settings_of(tenant), now)
    told = events_of_time.of_escalation(after, order, steps, tenant, ids.new())
    write = taken + issues.change(tenant, after) + timers.put(of_issue(tenant, issue, after))
    writes.commit(write + outbox.recorded(told, now))
    return Outcome(steps=len(steps))


def _of_order(timer: Timer) -> Outcome:
    """Tell that an order is late, if it is. The plant's grace is waited for."""
    tenant, now, taken = timer.tenant, clock.now(), timers.taken(timer)
    try:
        order = work_orders.load(tenant, timer.id)
    except OrderNotFound:
        writes.commit(taken)
        return Outcome()
    taken += order_items.unchanged(tenant, order)
    late_at = order.planned_end + settings_of(tenant).grace
    if order.status.closed or order.planned_end != timer.planned_end:
        writes.commit(taken)
        return Outcome()
    if now < late_at:
        writes.commit(taken + timers.put([at_lateness(tenant, order, late_at)]))
        return Outcome()
    writes.commit(taken + outbox.recorded(events_of_time.of_lateness(order, late_at, tenant, ids.new()), now))
    return Outcome(late=1)


def _order_of(tenant: str, issue: Issue) -> Order | None:
    """The order of an issue; None if it is not there, or if the issue is one of a machine."""
    if issue.on_machine:
        return None
    try:
        return work_orders.load_of_issue(tenant, issue.id)
    except IssueNotFound:
        return None


_TAKE: Mapping[Watched, Callable[[Timer], Outcome]] = {
    Watched.ISSUE: _of_issue,
    Watched.ORDER: _of_order,
    Watched.STAGE: lambda timer: Outcome(booked=booking.book(timer)),
    Watched.MACHINE: lambda timer: Outcome(alarms=alarms.look_for_silence(timer)),
    Watched.MACHINE_HOUR: lambda timer: Outcome(alarms=alarms.judge(timer)),
}
