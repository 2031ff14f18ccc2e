"""Commands of planners on a whole order: hold, release, cancel. Each is a pure function from an order to a change."""

from dataclasses import replace

from chalicelib.domain import instants
from chalicelib.domain.errors import Conflict, refuse
from chalicelib.domain.floor import sessions
from chalicelib.domain.orders.changes import Change, What, changed_order
from chalicelib.domain.orders.commands import Because, Command
from chalicelib.domain.orders.interruptions import lengthened
from chalicelib.domain.orders.session_records import Cause
from chalicelib.domain.orders.state_machines import Transition, rows_for, without_reason
from chalicelib.domain.orders.statuses import OrderStatus, StageStatus
from chalicelib.domain.orders.work_orders import Held, Order, settled
from chalicelib.domain.people.users import PLANNING, Actor
from chalicelib.domain.sentences import say
from chalicelib.domain.tenant_settings import TenantSettings

PLANNED, IN_PROGRESS, DONE, CANCELLED = OrderStatus

# Held is a flag, not a status: a release changes nothing else.
# Statuses that follow from commands on stages are in `state_machines.OF_ORDERS`.
TRANSITIONS = (
    Transition(PLANNED, "hold", PLANNED, PLANNING, ("not_held",), needs_reason=True),
    Transition(IN_PROGRESS, "hold", IN_PROGRESS, PLANNING, ("not_held",), needs_reason=True),
    Transition(PLANNED, "release", PLANNED, PLANNING, ("held",), needs_reason=True),
    Transition(IN_PROGRESS, "release", IN_PROGRESS, PLANNING, ("held",), needs_reason=True),
    Transition(DONE, "release", DONE, PLANNING, ("held",), needs_reason=True),
    Transition(PLANNED, "replan", PLANNED, PLANNING, needs_reason=True),
    Transition(IN_PROGRESS, "replan", IN_PROGRESS, PLANNING, needs_reason=True),
    Transition(PLANNED, "cancel", CANCELLED, PLANNING, needs_reason=True),
    Transition(IN_PROGRESS, "cancel", CANCELLED, PLANNING, needs_reason=True),
)


class IllegalOrderTransition(Conflict):
    """The order's status does not allow this command."""

    code = "ERR_ORDER_ILLEGAL_TRANSITION"
    title = "The work order's status does not allow this"


def hold(order: Order, actor: Actor, command: Command[Because], _: TenantSettings) -> Change:
    """Hold an order: nobody may work on it, and open sessions are closed. Raises IllegalOrderTransition."""
    legal(order, actor, command)
    closing = sessions.by_server(actor, command, Cause.HOLD, command.payload.reason)
    after, ended = sessions.interrupted(order, order.stages, closing)
    held = Held(command.payload.reason, command.received_at, actor.user_id)
    return changed_order(order, replace(after, held=held), What.HELD, ended)


def release(order: Order, actor: Actor, command: Command[Because], _: TenantSettings) -> Change:
    """Release a held order. Nothing else changes. Raises IllegalOrderTransition."""
    legal(order, actor, command)
    return changed_order(order, _let_go(order, command), What.RELEASED)


def cancel(order: Order, actor: Actor, command: Command[Because], _: TenantSettings) -> Change:
    """Cancel an order: open sessions are closed and unfinished stages are cancelled. Raises IllegalOrderTransition."""
    legal(order, actor, command)
    closing = sessions.by_server(actor, command, Cause.CANCEL, command.payload.reason)
    after, ended = sessions.interrupted(order, order.stages, closing)
    at = command.received_at
    stages = tuple(stage if stage.ended else sessions.ended(stage, StageStatus.CANCELLED, at) for stage in after.stages)
    after = settled(replace(_let_go(after, command), status=CANCELLED, stages=stages))
    return changed_order(order, after, What.CANCELLED, ended)


def _let_go(order: Order, command: Command[Because]) -> Order:
    """The order not held any more, with the time for which it was."""
    over = [(order.held.since, command.received_at)] if order.held else []
    return replace(order, held=None, holds=lengthened(order.holds, over))


def allowed(order: Order, actor: Actor) -> list[str]:
    """The commands that the actor may give on the order now, in the order of the table."""
    rows = rows_for(TRANSITIONS, order.status, actor).values()
    return [row.command for row in rows if not _forbidden_by(order, row.guards)]


def legal(order: Order, actor: Actor, command: Command[object]) -> None:
    """Check that the table, its guards and the required reason allow the command.

    Raises IllegalOrderTransition, InvalidFields.
    """
    row = rows_for(TRANSITIONS, order.status, actor).get(command.name)
    if row is not None and not _forbidden_by(order, row.guards):
        refuse(without_reason(row, command))
        return
    form = "Order {order_id} is {order_status}, not held since {since}; {command} is not possible."
    if order.held:
        form = "Order {order_id} is {order_status}, held since {since}; {command} is not possible."
    since = order.ended_at or (order.held.since if order.held else None) or order.started_at or order.created_at
    raise IllegalOrderTransition(
        say(form, order_id=order.id, order_status=order.status.value, since=instants.wire(since), command=command.name),
        allowed=allowed(order, actor),
        since=since,
    )


def _forbidden_by(order: Order, guards: tuple[str, ...]) -> bool:
    return any({"held": order.held is None, "not_held": order.held is not None}[guard] for guard in guards)
