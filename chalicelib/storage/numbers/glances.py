"""A glance at a plant: what remains of it, the sums and issues of a day, the heads of some orders, in one request."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from chalicelib.domain.numbers.dimensions import WHOLE, Group, Place
from chalicelib.domain.numbers.issue_days import IssuesOfDay
from chalicelib.domain.orders.work_orders import Order
from chalicelib.storage import lookup, table
from chalicelib.storage.keys import numbers as keys
from chalicelib.storage.keys.orders import order
from chalicelib.storage.numbers import daily_sums, issue_days
from chalicelib.storage.numbers.daily_sums import Daily
from chalicelib.storage.numbers.remaining import PlantRemaining


@dataclass(frozen=True)
class Glance:
    """What a glance shows. What is not stored is None; an order that is not known is left out.

    `groups` are the sums of the day of groups, those that have some.
    """

    remaining: PlantRemaining | None
    day: Daily | None
    issues: IssuesOfDay | None
    orders: dict[str, Order]
    groups: dict[Group, Daily]

    @property
    def numbers(self) -> dict[str, str]:
        """The numbers of the orders, by their id."""
        return {order_id: order.number for order_id, order in self.orders.items()}


def glance(tenant: str, day: date, order_ids: Iterable[str], groups: Iterable[Group] = ()) -> Glance:
    """Read what remains of a plant, a day, also of groups, and the heads of orders, consistently.

    Costs one request, and one more for each 100 orders and groups.
    """
    plant_at, day_at, issues_at = (
        keys.remaining(tenant),
        daily_sums.at(tenant, Place(day, WHOLE)),
        issue_days.at(tenant, day),
    )
    orders_at = {order_id: order(tenant, order_id) for order_id in order_ids}
    groups_at = {group: daily_sums.at(tenant, Place(day, group)) for group in groups}
    items = table.batch_get([plant_at, day_at, issues_at, *orders_at.values(), *groups_at.values()])
    return Glance(
        lookup.among(items, plant_at, PlantRemaining),
        lookup.among(items, day_at, Daily),
        lookup.among(items, issues_at, IssuesOfDay),
        {order_id: items[at].read(Order) for order_id, at in orders_at.items() if at in items},
        {group: items[at].read(Daily) for group, at in groups_at.items() if at in items},
    )
