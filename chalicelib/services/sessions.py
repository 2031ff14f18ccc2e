"""Sessions: commands that must look at what was recorded of a stage before. They cost one query more than others."""

from collections.abc import Callable, Sequence
from typing import TypeVar

from chalicelib.domain import corrections, late_words, stages
from chalicelib.domain.commands import Change, Command
from chalicelib.domain.corrections import Correct
from chalicelib.domain.records import Session
from chalicelib.domain.stages import Pause, Report
from chalicelib.domain.tenants import TenantSettings
from chalicelib.domain.users import Actor
from chalicelib.domain.work_orders import Order
from chalicelib.storage import work_orders

Said = TypeVar("Said", Pause, Report)
Now = Callable[[Order, Actor, Command[Said], TenantSettings], Change]
Late = Callable[[Order, Actor, Command[Said], TenantSettings, Session, Sequence[Session]], Change]


def correct(order: Order, actor: Actor, command: Command[Correct], settings: TenantSettings) -> Change:
    """Give a session that is over other values, or void it. Raises what `corrections.correct` does."""
    return corrections.correct(order, actor, command, settings, _recorded(order, actor, command))


def pause(order: Order, actor: Actor, command: Command[Pause], settings: TenantSettings) -> Change:
    """Close a worker's session, or trim the one that the server closed meanwhile. Raises what `stages.pause` does."""
    return _said(order, actor, command, settings, stages.pause, late_words.pause)


def report(order: Order, actor: Actor, command: Command[Report], settings: TenantSettings) -> Change:
    """Say what was made in a session that is open, or that the server closed meanwhile.

    Raises what `stages.report` does.
    """
    return _said(order, actor, command, settings, stages.report, late_words.report)


def _said(
    order: Order, actor: Actor, command: Command[Said], settings: TenantSettings, now: Now[Said], late: Late[Said]
) -> Change:
    """Decide a command as things stand; one that may be late, on what was recorded."""
    if late_words.may_be_late(order, actor, command):
        recorded = _recorded(order, actor, command)
        closed = late_words.closed_later(actor, command, recorded)
        if closed is not None:
            return late(order, actor, command, settings, closed, recorded)
    return now(order, actor, command, settings)


def _recorded(order: Order, actor: Actor, command: Command[object]) -> list[Session]:
    """Everything that was ever recorded of the stage that a command is about. Raises StageNotFound."""
    stage = order.stage_seen_by(actor, command.target)
    return work_orders.recorded_of_stage(actor.tenant, order.id, stage.position)
