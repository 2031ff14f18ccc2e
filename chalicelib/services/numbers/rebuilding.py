"""Rebuilding: computes the numbers of past days again from the orders, issues and readings themselves.

It may run while commands go on: each write depends on a revision, and a lost race is tried again. What is right
already is not written. Whatever is done twice is done once.
"""

from collections.abc import Iterable
from datetime import date, timedelta
from functools import partial

from chalicelib.domain import intervals
from chalicelib.domain.intervals import Interval
from chalicelib.domain.machines.readings import hour_of
from chalicelib.domain.markers import MachineHour
from chalicelib.domain.numbers import hourly
from chalicelib.domain.numbers.issue_days import IssueOfDay, by_day
from chalicelib.domain.orders.work_orders import Order
from chalicelib.services import tenants
from chalicelib.services.machines import rollups
from chalicelib.services.numbers import daily_sums, issue_days, projections
from chalicelib.services.retries import until_won
from chalicelib.storage.machines import machines
from chalicelib.storage.numbers import aggregates
from chalicelib.storage.numbers import issue_days as stored_issue_days
from chalicelib.storage.orders import issues, work_orders


def begin(tenant: str) -> None:
    """Check that the tenant exists, and read its settings as they are now. Raises TenantNotFound."""
    tenants.require(tenant)
    tenants.forget_settings()


def days_of(first: date, last: date) -> list[date]:
    """The days from `first` to `last`, both included. Raises BadParameter."""
    intervals.refuse_wrong_days(first, last)
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]


def orders_of(tenant: str, days: Iterable[date]) -> list[str]:
    """The ids of the orders that may have facts in these days, sorted: those that say so, and those that have some.

    Reads the heads of all orders that were opened before the end of the days, page by page, and the facts of each day.
    """
    wanted = list(days)
    timezone = tenants.settings_of(tenant).timezone
    window = intervals.bounds(wanted[0], timezone)[0], intervals.bounds(wanted[-1], timezone)[1]
    touching = {order.id for order in work_orders.opened_before(tenant, window[1]) if _touches(order, window)}
    stored = {order_id for day in wanted for order_id in aggregates.orders_of(tenant, day)}
    return sorted(touching | stored)


def rebuild_order(tenant: str, order_id: str) -> None:
    """Write the facts of an order that are not as they should be, with their sums. Raises LostRace."""
    until_won(partial(projections.project, tenant, order_id, again=True))


def rebuild_day(tenant: str, day: date) -> int:
    """Write the sums of a day that are not those of its facts, and return how many. Raises LostRace."""
    return until_won(partial(daily_sums.repair, tenant, day))


def issues_of(tenant: str, days: Iterable[date]) -> list[tuple[date, str]]:
    """The days and ids of issues that are not in their day as they should be, in order of the days.

    Reads the issues that were created before the end of the days, page by page, and what each day keeps.
    """
    wanted = list(days)
    timezone = tenants.settings_of(tenant).timezone
    kept = {day.day: day for day in stored_issue_days.of_days(tenant, wanted[0], wanted[-1])}
    right: dict[date, dict[str, IssueOfDay]] = {day: {} for day in wanted}
    for issue in issues.created_before(tenant, intervals.bounds(wanted[-1], timezone)[1]):
        for day, became in by_day(issue, timezone).items():
            if day in right:
                right[day][issue.id] = became
    return [
        (day, issue_id)
        for day in wanted
        for standing in [{each.id: each for each in kept[day].issues} if day in kept else {}]
        for issue_id in sorted(standing.keys() | right[day].keys())
        if standing.get(issue_id) != right[day].get(issue_id)
    ]


def rebuild_issue(tenant: str, day: date, issue_id: str) -> None:
    """Write what became of an issue on a day. Raises LostRace."""
    until_won(partial(issue_days.remake, tenant, issue_id, day))


def hours_of(tenant: str, day: date) -> list[MachineHour]:
    """The hours of all machines of a tenant that a local day touches. Reads the machines."""
    window = intervals.bounds(day, tenants.settings_of(tenant).timezone)
    hours = [hour_of(start) for start, _ in hourly.hours_of(window)]
    return [MachineHour(machine.id, hour) for machine in machines.every(tenant) for hour in hours]


def rebuild_hour(tenant: str, hour: MachineHour) -> int:
    """Write the rollups of a machine-hour that are not those of its chunks, and return how many. Raises LostRace."""
    return until_won(partial(rollups.again, tenant, hour))


def _touches(order: Order, window: Interval) -> bool:
    """Whether an order may have facts in a window: it has not ended, or not before the window."""
    return order.ended_at is None or order.ended_at >= window[0]
