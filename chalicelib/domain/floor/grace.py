"""Grace: a device's clock may be slow. A time that is up to five minutes too early is moved. The answer says so."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime
from typing import Any

from chalicelib.domain.errors import refuse, together
from chalicelib.domain.floor.stages import Book
from chalicelib.domain.instants import CLOCK_GRACE
from chalicelib.domain.orders.changes import Change
from chalicelib.domain.orders.command_checks import misdated
from chalicelib.domain.orders.commands import Command
from chalicelib.domain.orders.work_orders import Order
from chalicelib.domain.people.users import Actor
from chalicelib.domain.tenants import TenantSettings

Decide = Callable[[Order, Actor, Command[Any], TenantSettings], Change]


def graceful(decide: Decide) -> Decide:
    """Move a command's times within the grace, then decide it. The change holds the times that were moved.

    The audit trail keeps the times that the device sent.
    """

    def decided(order: Order, actor: Actor, command: Command[Any], settings: TenantSettings) -> Change:
        moved = within_grace(order, actor, command)
        before, after = _times(command), _times(moved)
        adjusted = {field: at for field, at in after.items() if at is not None and at != before[field]}
        return replace(decide(order, actor, moved, settings), adjusted=adjusted)

    return decided


def dated(decide: Decide) -> Decide:
    """A rule for commands whose time changes nothing. The time is stored, so it is checked. Raises InvalidFields."""

    def decided(order: Order, actor: Actor, command: Command[Any], settings: TenantSettings) -> Change:
        def judge() -> None:
            refuse(misdated(order, actor, command.received_at, at=command.happened_at))

        return together(judge, lambda: decide(order, actor, command, settings))

    return decided


def within_grace(order: Order, actor: Actor, command: Command[Any]) -> Command[Any]:
    """The command with its times moved, if they are up to five minutes before the earliest allowed time.

    The earliest allowed time is the start of the sessions that the command closes or reports on. For a worker, it is
    also the creation of the order.
    """
    known = [] if actor.plans else [order.created_at]
    if isinstance(command.payload, Book):
        payload = command.payload
        started_at, ended_at = _moved(payload.started_at, known), _moved(payload.ended_at, known)
        command = replace(command, payload=replace(payload, started_at=started_at, ended_at=ended_at))
    if command.at is None:
        return command
    return replace(command, at=_moved(command.at, [*known, *_starts(order, actor, command)]))


def _starts(order: Order, actor: Actor, command: Command[Any]) -> list[datetime]:
    """The starts of the open sessions that a command closes or reports on."""
    open_sessions = order.stage(command.target).open_sessions
    if command.name == "done":
        return [session.started_at for session in open_sessions]
    if command.name not in ("pause", "report"):
        return []
    worker_id = command.payload.worker_id or actor.user_id
    return [session.started_at for session in open_sessions if session.worker_id == worker_id]


def _moved(at: datetime, earliest: Iterable[datetime]) -> datetime:
    """The latest of the earliest allowed times that lie at most five minutes after a time; else the time itself."""
    return max([at, *(each for each in earliest if at < each <= at + CLOCK_GRACE)])


def _times(command: Command[Any]) -> dict[str, datetime | None]:
    """The times in a command, by their field."""
    payload = command.payload
    own = {"started_at": payload.started_at, "ended_at": payload.ended_at} if isinstance(payload, Book) else {}
    return {"at": command.at, **own}
