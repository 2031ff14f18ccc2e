"""Commands on sessions that need the recorded sessions of a stage. They cost one query more than others."""

from collections.abc import Callable, Sequence
from typing import TypeVar

from chalicelib.domain.floor import corrections, offline, stages
from chalicelib.domain.floor.corrections import Correct
from chalicelib.domain.floor.grace import graceful
from chalicelib.domain.floor.stages import Pause, Report
from chalicelib.domain.orders.changes import Change
from chalicelib.domain.orders.commands import Command
from chalicelib.domain.orders.session_records import Session
from chalicelib.domain.orders.work_orders import Order
from chalicelib.domain.people.users import Actor
from chalicelib.domain.tenants import TenantSettings
from chalicelib.storage.orders import work_orders

Wanted = TypeVar("Wanted", Pause, Report)
Now = Callable[[Order, Actor, Command[Wanted], TenantSettings], Change]
Late = Callable[[Order, Actor, Command[Wanted], TenantSettings, Session, Sequence[Session]], Change]


def correct(order: Order, actor: Actor, command: Command[Correct], settings: TenantSettings) -> Change:
    """Correct or void a closed session. Raises what `corrections.correct` does."""
    return corrections.correct(order, actor, command, settings, _recorded(order, actor, command))


def pause(order: Order, actor: Actor, command: Command[Pause], settings: TenantSettings) -> Change:
    """Close a worker's session, or trim the one that the server closed meanwhile. Raises what `stages.pause` does."""
    return _now_or_late(order, actor, command, settings, graceful(stages.pause), offline.pause)


def report(order: Order, actor: Actor, command: Command[Report], settings: TenantSettings) -> Change:
    """Say what was made in a session that is open, or that the server closed meanwhile.

    Raises what `stages.report` does.
    """
    return _now_or_late(order, actor, command, settings, graceful(stages.report), offline.report)


def _now_or_late(
    order: Order, actor: Actor, command: Command[Wanted], settings: TenantSettings, now: Now[Wanted], late: Late[Wanted]
) -> Change:
    """Run a late command on the session that the server closed, any other command on the stage as it is now."""
    if offline.may_be_late(order, actor, command):
        recorded = _recorded(order, actor, command)
        closed = offline.closed_later(actor, command, recorded)
        if closed is not None:
            return late(order, actor, command, settings, closed, recorded)
    return now(order, actor, command, settings)


def _recorded(order: Order, actor: Actor, command: Command[object]) -> list[Session]:
    """Every session ever recorded on the command's stage. Raises StageNotFound."""
    stage = order.stage_seen_by(actor, command.target)
    return work_orders.recorded_of_stage(actor.tenant, order.id, stage.position)
