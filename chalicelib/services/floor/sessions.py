"""Commands that may need the recorded sessions of a stage, which costs one query more.

Each function prepares such a command: it refuses callers who may not give it, and returns the rule that decides.
"""

from collections.abc import Callable, Sequence
from functools import partial
from typing import TypeVar

from chalicelib.domain.floor import corrections, offline, stages
from chalicelib.domain.floor.corrections import Correct
from chalicelib.domain.floor.grace import graceful, start_of_worker
from chalicelib.domain.floor.stages import Pause, Report
from chalicelib.domain.orders.changes import Change, Decide
from chalicelib.domain.orders.commands import Command
from chalicelib.domain.orders.session_records import Session
from chalicelib.domain.orders.work_orders import Order, Stage
from chalicelib.domain.people.users import Actor
from chalicelib.domain.tenant_settings import TenantSettings
from chalicelib.storage.orders import work_orders

Wanted = TypeVar("Wanted", Pause, Report)
Late = Callable[[Order, Actor, Command[Wanted], TenantSettings, Session, Sequence[Session]], Change]


def correct(order: Order, actor: Actor, command: Command[Correct]) -> Decide[Correct]:
    """Correct or void a session that is over, knowing all that was recorded of its stage. Raises StageNotFound."""
    recorded = _recorded(actor, order, order.stage(command.target))
    corrections.stage_to_correct(order, actor, command, recorded)
    return partial(corrections.correct, recorded=recorded)


def pause(order: Order, actor: Actor, command: Command[Pause]) -> Decide[Pause]:
    """Close a worker's session, or trim the one that the server closed meanwhile. Raises StageNotFound, OtherWorker."""
    return _now_or_late(order, actor, command, graceful(stages.pause, starts=start_of_worker), offline.pause)


def report(order: Order, actor: Actor, command: Command[Report]) -> Decide[Report]:
    """Say what was made in a session that is open, or that the server closed meanwhile.

    Raises StageNotFound, OtherWorker.
    """
    return _now_or_late(order, actor, command, graceful(stages.report, starts=start_of_worker), offline.report)


def _now_or_late(
    order: Order, actor: Actor, command: Command[Wanted], now: Decide[Wanted], late: Late[Wanted]
) -> Decide[Wanted]:
    """Decide a command as things stand; one that speaks of a session the server closed, on that session.

    Only the second may come from a worker who may not know of the stage any more.
    """
    if offline.may_be_late(order, actor, command):
        recorded = _recorded(actor, order, order.stage(command.target))
        closed = offline.closed_later(actor, command, recorded)
        if closed is not None:
            return lambda order, actor, command, settings: late(order, actor, command, settings, closed, recorded)
    order.stage_seen_by(actor, command.target)
    return now


def _recorded(actor: Actor, order: Order, stage: Stage) -> list[Session]:
    """Every session ever recorded on a stage."""
    return work_orders.recorded_of_stage(actor.tenant, order.id, stage.position)
