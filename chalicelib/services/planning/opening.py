"""Opening a work order with the given stages or those of the product's route."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from chalicelib import clock, ids
from chalicelib.domain.errors import together
from chalicelib.domain.markers import Marker
from chalicelib.domain.orders.commands import CommandRecord
from chalicelib.domain.orders.timers import of_order
from chalicelib.domain.orders.work_orders import Order
from chalicelib.domain.people.users import Actor
from chalicelib.domain.planning.opening import NewOrder, open_order
from chalicelib.domain.telling import events
from chalicelib.services import outbox
from chalicelib.services.idempotency import Answer, Request
from chalicelib.services.orders.references import References
from chalicelib.services.planning import routes
from chalicelib.services.transactions import Prepared, carry_out
from chalicelib.storage import markers, timers
from chalicelib.storage.codec import CONVERTER
from chalicelib.storage.orders import order_items
from chalicelib.storage.writes import Rehearsal

# The fields of a new order that name people and machines.
NAMED = References(people=("stages.assignee_ids",), machines=("stages.machine_id",))


def open_work_order(
    actor: Actor,
    new: NewOrder,
    request: Request,
    present: Callable[[Order], Any],
    rehearsal: Rehearsal | None = None,
) -> Answer:
    """Open a work order with its stages: those given, else the product's route, else the plant's default.

    Dry runs that share a `rehearsal` refuse an id or a number that one before them would use.

    Costs a transaction, and a read if no stages are given. Raises InvalidFields, OrderIdTaken, OrderNumberTaken.
    """

    def prepare() -> Prepared:
        now, wanted = request.as_of or clock.now(), new
        if not new.stages:
            wanted = replace(new, stages=routes.stages_for(actor, new))
        order = together(
            lambda: NAMED.check(actor.tenant, wanted), lambda: open_order(wanted, actor, new.id or ids.new(), now)
        )
        record = CommandRecord(
            id=ids.new(),
            command="create",
            target=order.id,
            actor=actor.user_id,
            at=now,
            received_at=now,
            changes=CONVERTER.unstructure(new),
            to=order.status,
            terminal_id=actor.terminal_id,
        )
        answer = Answer(present(order), created=True, version=order.version)
        write = order_items.creation(actor.tenant, order, record)
        write += markers.put(Marker(ids.new(), actor.tenant, order_ids=(order.id,)))
        write += timers.put(request.to_ring(of_order(actor.tenant, None, order)))
        told = () if request.as_of else events.opened(order, actor, record.id)
        return Prepared(answer, write + outbox.recorded(told, now))

    return carry_out(actor, "create", new, request, prepare, rehearsal=rehearsal)
