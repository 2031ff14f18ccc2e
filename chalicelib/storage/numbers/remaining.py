"""What remains, in the table: an item for each order, and the counts of its plant, changed in the same transaction."""

from dataclasses import dataclass
from datetime import datetime

from chalicelib.domain.numbers.remaining import OrderRemaining, Remaining
from chalicelib.storage import lookup, table
from chalicelib.storage.items import item
from chalicelib.storage.keys import numbers as keys
from chalicelib.storage.keys.shape import between_instants
from chalicelib.storage.table import Put


@dataclass(frozen=True)
class PlantRemaining:
    """The stored counts of what remains of a plant, and when they last changed."""

    counts: Remaining
    made_at: datetime
    revision: int


@dataclass(frozen=True)
class Recount:
    """A change of what remains of an order, with the counts of its plant that follow it."""

    order: OrderRemaining
    plant: PlantRemaining


def of_plant(tenant: str) -> PlantRemaining | None:
    """Read the counts of a plant, consistently; None if nothing was ever counted."""
    return lookup.find(keys.remaining(tenant), PlantRemaining)


def puts(tenant: str, order_id: str, recount: Recount) -> tuple[Put, Put]:
    """The writes of a change, on the condition that the plant's revision has not changed.

    The order's item is in the list of its plant if something remains, and in the list of all plants if more will be
    late.
    """
    order, plant = recount.order, recount.plant
    written = item(
        keys.remaining_of_order(tenant, order_id),
        "remaining",
        order,
        by_state=keys.late_after(order.late_after, tenant, order_id) if order.late_after else None,
        by_owner=(keys.remaining_orders(tenant), order_id) if order != OrderRemaining() else None,
    )
    counts = item(keys.remaining(tenant), "remaining_of_plant", plant, revision=plant.revision)
    return Put(written), Put(counts, table.follows(counts))


def late_by(now: datetime) -> list[tuple[str, str]]:
    """The orders of which more is late by now: tenant and id. The list is slightly behind the orders."""
    listed = table.page("by_state", keys.LATE, between=between_instants(None, now))
    return [keys.late_order(str(each.GSI1SK)) for each in listed.items]


def of_orders(tenant: str) -> dict[str, OrderRemaining]:
    """What is noted to remain of each order of a plant, by id. The list is slightly behind the orders."""
    listed = table.page("by_owner", keys.remaining_orders(tenant))
    return {str(each.GSI2SK): each.read(OrderRemaining) for each in listed.items}
