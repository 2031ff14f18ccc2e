"""Grace: a device's clock may be slow. A time that is up to five minutes too early is moved. The answer says so."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime
from typing import Any

from chalicelib.domain.errors import refuse, together
from chalicelib.domain.floor.stages import Book, Pause, Report
from chalicelib.domain.instants import CLOCK_GRACE
from chalicelib.domain.orders.changes import Change, Decide
from chalicelib.domain.orders.command_checks import misdated
from chalicelib.domain.orders.commands import Command
from chalicelib.domain.orders.work_orders import Order, Stage
from chalicelib.domain.people.users import Actor
from chalicelib.domain.tenant_settings import TenantSettings

# When the sessions of a stage began that a command is about.
Starts = Callable[[Stage, Actor, Command[Any]], list[datetime]]


def no_starts(_stage: Stage, _actor: Actor, _command: Command[Any]) -> list[datetime]:
    """The command is about no open session."""
    return []


def starts_of_all(stage: Stage, _actor: Actor, _command: Command[Any]) -> list[datetime]:
    """The command is about all open sessions."""
    return [session.started_at for session in stage.open_sessions]


def start_of_worker(stage: Stage, actor: Actor, command: Command[Pause | Report]) -> list[datetime]:
    """The command is about the open session of the worker that it names, or else of the actor."""
    session = stage.session_of(command.payload.worker_id or actor.user_id)
    return [session.started_at] if session else []


def graceful(decide: Decide[Any], *, starts: Starts = no_starts) -> Decide[Any]:
    """Decide a command on a stage with its times moved within the grace; the change tells those that were moved.

    `starts` gives the starts of the sessions that the command is about. The audit trail keeps the time that the device
    named.
    """

    def decided(order: Order, actor: Actor, command: Command[Any], settings: TenantSettings) -> Change:
        moved = _within_grace(order, actor, command, starts)
        return replace(decide(order, actor, moved, settings), adjusted=_moved_times(command, moved))

    return decided


def corrected_times(command: Command[Any]) -> dict[str, datetime]:
    """The times of a command that were corrected because the clock of its device is wrong, by their field."""
    return _moved_times(command.as_sent, command)


def dated(decide: Decide[Any]) -> Decide[Any]:
    """Decide a command whose time decides nothing: it is kept, so it is judged as every other. Raises InvalidFields."""

    def decided(order: Order, actor: Actor, command: Command[Any], settings: TenantSettings) -> Change:
        def judge() -> None:
            refuse(misdated(order, actor, command.received_at, at=command.happened_at))

        return together(judge, lambda: decide(order, actor, command, settings))

    return decided


def _within_grace(order: Order, actor: Actor, command: Command[Any], starts: Starts) -> Command[Any]:
    """Move the times of a command that are up to five minutes before what they cannot be before.

    That is the creation of the order for a worker, and for everybody the start of the sessions that it is about.
    """
    known = [] if actor.plans else [order.created_at]
    if isinstance(command.payload, Book):
        payload = command.payload
        started_at, ended_at = _moved(payload.started_at, known), _moved(payload.ended_at, known)
        command = replace(command, payload=replace(payload, started_at=started_at, ended_at=ended_at))
    if command.at is None:
        return command
    stage = order.stage(command.target)
    return replace(command, at=_moved(command.at, [*known, *starts(stage, actor, command)]))


def _moved(at: datetime, earliest: Iterable[datetime]) -> datetime:
    """The latest of the earliest allowed times that lie at most five minutes after a time; else the time itself."""
    return max([at, *(each for each in earliest if at < each <= at + CLOCK_GRACE)])


def _moved_times(before: Command[Any], after: Command[Any]) -> dict[str, datetime]:
    """The times that are others than before, by their field."""
    former = _times(before)
    return {field: at for field, at in _times(after).items() if at is not None and at != former[field]}


def _times(command: Command[Any]) -> dict[str, datetime | None]:
    """The times in a command, by their field."""
    payload = command.payload
    own = {"started_at": payload.started_at, "ended_at": payload.ended_at} if isinstance(payload, Book) else {}
    return {"at": command.at, **own}
