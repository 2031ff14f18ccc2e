"""Recounting: marks the orders of which something else remains than is noted."""

from chalicelib import clock, ids
from chalicelib.domain.markers import Marker
from chalicelib.domain.numbers.remaining import miscounted
from chalicelib.services import tenants
from chalicelib.storage import markers
from chalicelib.storage.numbers import remaining
from chalicelib.storage.orders import issues, stages, work_orders

ORDERS_A_MARKER = 20


def mark_late() -> None:
    """Mark the orders of which more is late by now. To mark an order again changes nothing.

    Costs one query, and one write for each 25 orders.
    """
    markers.write_all(
        [
            Marker(f"late-{order_id}", tenant, order_ids=(order_id,))
            for tenant, order_id in remaining.late_by(clock.now())
        ]
    )


def mark_miscounted(tenant: str) -> int:
    """Mark the orders of a plant whose counts are not what their stages and issues say, and return how many.

    Those are the orders of earlier releases, and all orders if the plant's grace changed. Reads the whole lists of what
    has not ended. An order that was marked needlessly is counted again, which changes nothing.
    """
    tenants.forget_settings()
    noted = remaining.of_orders(tenant)
    wrong = miscounted(
        work_orders.active_heads(tenant),
        stages.active(tenant),
        issues.unresolved(tenant),
        noted,
        clock.now(),
        tenants.settings_of(tenant),
    )
    groups = [wrong[start : start + ORDERS_A_MARKER] for start in range(0, len(wrong), ORDERS_A_MARKER)]
    markers.write_all([Marker(ids.new(), tenant, order_ids=tuple(group)) for group in groups])
    return len(wrong)


def mark_all_miscounted() -> None:
    """Mark the miscounted orders of all plants."""
    for tenant in tenants.every():
        mark_miscounted(tenant.id)
