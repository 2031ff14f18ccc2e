"""Grace: the clock of a device may be a little slow. A time that is up to five minutes too early is moved, and told."""

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
    """Decide a command on a stage with its times moved within the grace; the change tells those that were moved.

    The audit trail keeps the time that the device named.
    """

    def decided(order: Order, actor: Actor, command: Command[Any], settings: TenantSettings) -> Change:
        moved = within_grace(order, actor, command)
        before, after = _times(command), _times(moved)
        adjusted = {field: at for field, at in after.items() if at is not None and at != before[field]}
        return replace(decide(order, actor, moved, settings), adjusted=adjusted)

    return decided


def dated(decide: Decide) -> Decide:
    """Decide a command whose time decides nothing: it is kept, so it is judged as every other. Raises InvalidFields."""

    def decided(order: Order, actor: Actor, command: Command[Any], settings: TenantSettings) -> Change:
        def judge() -> None:
            refuse(misdated(order, actor, command.received_at, at=command.happened_at))

        return together(judge, lambda: decide(order, actor, command, settings))

    return decided


def within_grace(order: Order, actor: Actor, command: Command[Any]) -> Command[Any]:
    """Move the times of a command that are up to five minutes before what they cannot be before.

    That is the creation of the order for a worker, and for everybody the start of the sessions that it speaks of.
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
    """When the sessions began that a command speaks of."""
    open_sessions = order.stage(command.target).open_sessions
    if command.name == "done":
        return [session.started_at for session in open_sessions]
    if command.name not in ("pause", "report"):
        return []
    worker_id = command.payload.worker_id or actor.user_id
    return [session.started_at for session in open_sessions if session.worker_id == worker_id]


def _moved(at: datetime, earliest: Iterable[datetime]) -> datetime:
    """The latest of what a time may not be before, where it is so little earlier; else the time itself."""
    return max([at, *(each for each in earliest if at < each <= at + CLOCK_GRACE)])


def _times(command: Command[Any]) -> dict[str, datetime | None]:
    """The times that a command names, by their field."""
    payload = command.payload
    own = {"started_at": payload.started_at, "ended_at": payload.ended_at} if isinstance(payload, Book) else {}
    return {"at": command.at, **own}
