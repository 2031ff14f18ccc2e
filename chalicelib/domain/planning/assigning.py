"""Commands of planners on a stage: assign people, skip it, reopen it."""

from dataclasses import dataclass, replace

from chalicelib.domain.errors import refuse
from chalicelib.domain.floor.sessions import ended
from chalicelib.domain.orders.changes import Change, What, changed_stage
from chalicelib.domain.orders.commands import Because, Command
from chalicelib.domain.orders.statuses import StageStatus
from chalicelib.domain.orders.transitions import legal, target_of
from chalicelib.domain.orders.work_orders import Order
from chalicelib.domain.people.users import Actor
from chalicelib.domain.planning import opening
from chalicelib.domain.tenant_settings import TenantSettings


@dataclass(frozen=True)
class Assign:
    """The people who may work on a stage."""

    user_ids: tuple[str, ...]


def assign(order: Order, actor: Actor, command: Command[Assign], _: TenantSettings) -> Change:
    """Set the people who may work on a stage. Raises IllegalTransition, InvalidFields, StageNotFound."""
    stage = legal(order, actor, command, "assign")
    change = changed_stage(order, opening.with_assignees(stage, command.payload.user_ids), What.ASSIGNED)
    refuse([replace(error, field="user_ids") for error in opening.limits_of(change.order)])
    return change


def skip(order: Order, actor: Actor, command: Command[Because], _: TenantSettings) -> Change:
    """Skip a stage. Quantities made on it stay booked.

    Raises IllegalTransition, UpstreamShort, InvalidFields, StageNotFound.
    """
    stage = legal(order, actor, command, "skip")
    return changed_stage(order, ended(stage, StageStatus.SKIPPED, command.received_at), What.SKIPPED)


def reopen(order: Order, actor: Actor, command: Command[Because], _: TenantSettings) -> Change:
    """Reopen a stage that is done or skipped. A done order is in progress again.

    Raises IllegalTransition, OrderIsCancelled, UpstreamShort, InvalidFields, StageNotFound.
    """
    stage = legal(order, actor, command, "reopen")
    after = replace(stage, status=target_of(stage, actor, "reopen"), ended_at=None, closed_at=None)
    return changed_stage(order, after, What.REOPENED)
