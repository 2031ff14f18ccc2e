"""What remains: the counts of stages and orders that have not ended, and of issues that are not resolved."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from chalicelib.domain.numbers.adherence import order_delay, stage_delay
from chalicelib.domain.numbers.running_sums import combined
from chalicelib.domain.orders.issues import Issue
from chalicelib.domain.orders.work_orders import Order, Stage, order_id_of
from chalicelib.domain.priorities import Priority
from chalicelib.domain.tenant_settings import TenantSettings


@dataclass(frozen=True)
class IssueCounts:
    """The number of unresolved issues of each priority."""

    low: int = 0
    normal: int = 0
    high: int = 0
    critical: int = 0

    @property
    def by_priority(self) -> dict[Priority, int]:
        """The counts, by priority."""
        return {priority: getattr(self, priority.value) for priority in Priority}


@dataclass(frozen=True)
class Remaining:
    """What remains of an order or of a plant.

    `stages` and `orders` have not ended. `late_stages` and `blocked` are stages of these, `late_orders` and `held` are
    orders of these. `issues` are not resolved; their stage or order may have ended.
    """

    stages: int = 0
    orders: int = 0
    late_stages: int = 0
    late_orders: int = 0
    blocked: int = 0
    held: int = 0
    issues: IssueCounts = field(default_factory=IssueCounts)

    @property
    def inputs(self) -> int:
        """The number of stages, orders and issues that are counted."""
        return self.stages + self.orders + sum(self.issues.by_priority.values())


@dataclass(frozen=True)
class OrderRemaining:
    """What remains of an order, and the instant after which more of it is late; None if nothing more can be late."""

    counts: Remaining = field(default_factory=Remaining)
    late_after: datetime | None = None


def counted(
    orders: Iterable[Order],
    stages: Iterable[Stage],
    issues: Iterable[Priority],
    now: datetime,
    settings: TenantSettings,
) -> OrderRemaining:
    """Count what remains, from orders and stages and the priorities of unresolved issues. What has ended is left out.

    A stage or an order is late if its delay is beyond the plant's grace, as in the metrics.
    """
    open_orders = [order for order in orders if not order.status.closed]
    open_stages = [stage for stage in stages if stage.ended_at is None]
    counts = Remaining(
        stages=len(open_stages),
        orders=len(open_orders),
        late_stages=sum(stage_delay(stage, now) > settings.grace for stage in open_stages),
        late_orders=sum(order_delay(order, now) > settings.grace for order in open_orders),
        blocked=sum(stage.blocked_since is not None for stage in open_stages),
        held=sum(order.held is not None for order in open_orders),
        issues=IssueCounts(**Counter(priority.value for priority in issues)),
    )
    ends = [order.planned_end for order in open_orders] + [stage.planned_end for stage in open_stages]
    late_after = min((end + settings.grace for end in ends if end + settings.grace >= now), default=None)
    return OrderRemaining(counts, late_after)


def changed(plant: Remaining, before: Remaining, after: Remaining) -> Remaining:
    """What remains of a plant after what remains of one of its orders changed."""
    return combined(combined(plant, after, 1), before, -1)


def miscounted(
    orders: Iterable[Order],
    stages: Iterable[Stage],
    issues: Iterable[Issue],
    noted: Mapping[str, OrderRemaining],
    now: datetime,
    settings: TenantSettings,
) -> list[str]:
    """The ids of the orders whose noted counts are not those of these orders, stages and unresolved issues.

    Issues of machines belong to no order and are left out.
    """
    own = {order.id: [order] for order in orders}
    steps, wrong = defaultdict(list), defaultdict(list)
    for stage in stages:
        steps[order_id_of(stage.id)].append(stage)
    for issue in issues:
        if issue.work_order_id is not None:
            wrong[issue.work_order_id].append(issue.priority)
    nothing = OrderRemaining()
    return [
        order_id
        for order_id in dict.fromkeys([*own, *steps, *wrong, *noted])
        if counted(own.get(order_id, ()), steps[order_id], wrong[order_id], now, settings)
        != noted.get(order_id, nothing)
    ]
