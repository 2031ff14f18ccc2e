"""The summary: the state of a plant now, at a glance."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from chalicelib.domain.numbers.metrics import order_delay, stage_delay
from chalicelib.domain.orders.issues import Issue, Priority
from chalicelib.domain.orders.session_records import OpenSession
from chalicelib.domain.orders.work_orders import Order, Stage, order_id_of
from chalicelib.domain.tenants import TenantSettings


@dataclass(frozen=True)
class Forgotten:
    """A session that is open for too long. Its order's number is None if the order is not known."""

    stage_id: str
    order_number: str | None
    session: OpenSession


@dataclass(frozen=True)
class Now:
    """The state of a plant now.

    `running`, `late_stages` and `blocked` count stages. `late_orders` and `held` count orders. `open_issues` are
    counted by priority. `inputs_count` is the number of stages, orders and issues that were read.
    """

    running: int
    late_stages: int
    late_orders: int
    blocked: int
    held: int
    open_issues: Mapping[Priority, int]
    forgotten: tuple[Forgotten, ...]
    as_of: datetime
    inputs_count: int


def as_it_stands(
    stages: Sequence[Stage], orders: Sequence[Order], issues: Sequence[Issue], now: datetime, settings: TenantSettings
) -> Now:
    """The state of a plant, from the stages and orders that have not ended and the issues that are not resolved.

    A stage or an order is late if its delay is beyond the plant's grace, as in the metrics.
    """
    by_priority = Counter(issue.priority for issue in issues)
    return Now(
        running=sum(bool(stage.open_sessions) for stage in stages),
        late_stages=sum(stage_delay(stage, now) > settings.grace for stage in stages),
        late_orders=sum(order_delay(order, now) > settings.grace for order in orders),
        blocked=sum(stage.blocked_since is not None for stage in stages),
        held=sum(order.held is not None for order in orders),
        open_issues={priority: by_priority[priority] for priority in Priority},
        forgotten=_forgotten(stages, orders, now, settings),
        as_of=now,
        inputs_count=len(stages) + len(orders) + len(issues),
    )


def _forgotten(
    stages: Sequence[Stage], orders: Sequence[Order], now: datetime, settings: TenantSettings
) -> tuple[Forgotten, ...]:
    """The sessions open for longer than the plant's `forgotten_after`, oldest first."""
    numbers = {order.id: order.number for order in orders}
    forgotten = [
        Forgotten(stage.id, numbers.get(order_id_of(stage.id)), session)
        for stage in stages
        for session in stage.open_sessions
        if now - session.started_at > settings.forgotten_after
    ]
    return tuple(sorted(forgotten, key=lambda each: (each.session.started_at, each.session.id)))
