"""People of an order: who its answers name, for those who may read it."""

from chalicelib.domain.people.users import Actor, User
from chalicelib.services.orders import work_orders
from chalicelib.services.people import known_people


def of_order(actor: Actor, order_id: str) -> list[User]:
    """Find who is assigned to a stage of an order or at work on one, who opened it and who holds it.

    A worker with a stage in the order may know the names of all of them, whatever their stage. People come stage by
    stage. Costs one query, and one read for those not seen in the last minute. Raises OrderNotFound.
    """
    order = work_orders.read(actor, order_id)
    named = [person for stage in order.stages for person in stage.people]
    named += [order.created_by, *([order.held.by] if order.held else [])]
    known = known_people.find((actor.tenant, person) for person in named)
    return [known[actor.tenant, person] for person in dict.fromkeys(named) if (actor.tenant, person) in known]
