"""Computing the numbers of past days again."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from chalicelib.services.numbers import rebuilding


def rebuild(given: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Rebuild the days from `first` to `last` of a `tenant`: the facts of orders, the sums of days, hours, then issues.

    Each part begins with its name and how much there is to do. `orders_done`, `days_done` and `hours_done` are the last
    order and the last days that an earlier run did; it goes on behind them. `changed` counts the sums of a day that
    were not right, and `rollups` the rollups of machines.
    """
    tenant = given["tenant"]
    rebuilding.begin(tenant)
    days = rebuilding.days_of(date.fromisoformat(given["first"]), date.fromisoformat(given["last"]))
    orders = [order_id for order_id in rebuilding.orders_of(tenant, days) if order_id > given["orders_done"]]
    yield {"part": "Orders", "total": len(orders)}
    for order_id in orders:
        rebuilding.rebuild_order(tenant, order_id)
        yield {"order": order_id}
    left = [day for day in days if day.isoformat() > given["days_done"]]
    yield {"part": "Days", "total": len(left)}
    for day in left:
        changed = rebuilding.rebuild_day(tenant, day)
        yield {"day": day.isoformat(), "changed": changed}
    hours_left = [day for day in days if day.isoformat() > given["hours_done"]]
    yield {"part": "Hours of machines, by day", "total": len(hours_left)}
    for day in hours_left:
        wrong_hours = [rebuilding.rebuild_hour(tenant, hour) for hour in rebuilding.hours_of(tenant, day)]
        yield {"hours_of": day.isoformat(), "rollups": sum(wrong_hours)}
    wrong = rebuilding.issues_of(tenant, days)
    yield {"part": "Issues", "total": len(wrong)}
    for day, issue_id in wrong:
        rebuilding.rebuild_issue(tenant, day, issue_id)
        yield {"issue": issue_id}
