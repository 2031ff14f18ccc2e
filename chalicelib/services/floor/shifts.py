"""Shifts: closing the sessions of a shift order by order, in one request with one answer."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from chalicelib import ids
from chalicelib.domain.errors import InvalidFields, TakipError, refuse, together
from chalicelib.domain.floor import shifts
from chalicelib.domain.floor.shifts import CloseSessions, ShiftOutcome
from chalicelib.domain.orders.commands import Command
from chalicelib.domain.orders.missing import NO_STAGE
from chalicelib.domain.orders.work_orders import OrderNotFound, StageNotFound, order_id_of
from chalicelib.domain.people.users import Actor
from chalicelib.domain.sentences import say
from chalicelib.services import commands
from chalicelib.services.commands import Steps
from chalicelib.services.idempotency import Answer, Request, answered_before, commit, once
from chalicelib.services.orders.references import References
from chalicelib.services.retries import until_won
from chalicelib.services.tenants import settings_of
from chalicelib.storage.orders import stages
from chalicelib.storage.writes import Write


@dataclass(frozen=True)
class Closed:
    """The outcome on one stage, with the error if it was rejected."""

    stage_id: str
    outcome: ShiftOutcome
    error: TakipError | None = None


# The fields that name a machine. The machine may be out of use by now.
NAMED = References(machines=("machine_id",), neither=("stage_ids",), retired=True)


def close_sessions(
    actor: Actor, command: Command[CloseSessions], request: Request, present: Callable[[Sequence[Closed]], Any]
) -> Answer:
    """Close the open sessions at the end of a shift, and answer with the outcome on each stage.

    Each order is changed by a command of its own. Raises InvalidFields before anything is closed. Raises LostRace and
    StorageUnavailable when some orders may be closed: the same request with its key continues with the others.

    Costs a query and a transaction for each order. With a machine it costs a query of all active stages more, with a
    key a read and a write more.
    """
    single = once(actor, request, command.name, "", [command.payload, command.at])

    def act() -> Answer:
        mistakes = shifts.mistakes(command, settings_of(actor.tenant))
        together(lambda: refuse(mistakes), lambda: NAMED.check(actor.tenant, command.payload))
        answer = Answer(present(_closed(actor, command, request)))
        if single:
            until_won(lambda: commit(Write(), single, answer, command.received_at))
        return answer

    earlier = single.earlier() if single else None
    return earlier or answered_before(single, act)


def _closed(actor: Actor, command: Command[CloseSessions], request: Request) -> list[Closed]:
    """Close order by order. The outcomes are in the order of the named stages, or of the stages with open sessions."""
    meant = list(command.payload.stage_ids) or _with_sessions(actor, command)
    orders: dict[str, list[str]] = {}
    results: dict[str, Closed] = {}
    for stage_id in meant:
        try:
            orders.setdefault(order_id_of(stage_id), []).append(stage_id)
        except StageNotFound as refusal:
            results[stage_id] = Closed(stage_id, ShiftOutcome.REJECTED, refusal)
    for order_id, stage_ids in orders.items():
        results |= _on_order(actor, order_id, stage_ids, command, request)
    return [results[stage_id] for stage_id in dict.fromkeys([*meant, *results])]


def _with_sessions(actor: Actor, command: Command[CloseSessions]) -> list[str]:
    """The ids of the stages that seem to have sessions to close. The list may lag; the orders themselves decide."""
    return [stage.id for stage in stages.active(actor.tenant) if shifts.ending(stage, command)]


def _on_order(
    actor: Actor, order_id: str, stage_ids: Sequence[str], command: Command[CloseSessions], request: Request
) -> dict[str, Closed]:
    """Close the open sessions on these stages of one order in one transaction."""
    wanted = command.payload if command.payload.machine_id else replace(command.payload, stage_ids=tuple(stage_ids))
    own = replace(command, id=ids.new(), target=order_id, payload=wanted)
    steps = Steps(commands.by(shifts.close_sessions), lambda change, _: shifts.outcomes(change, stage_ids))
    try:
        known = commands.run(actor, own, replace(request.part(order_id), expected_versions=None), steps).data
    except OrderNotFound:
        known = {}
    except InvalidFields as refusal:
        return {stage_id: Closed(stage_id, ShiftOutcome.REJECTED, refusal) for stage_id in stage_ids}
    unknown = (stage_id for stage_id in stage_ids if stage_id not in known)
    return {stage_id: Closed(stage_id, ShiftOutcome(outcome)) for stage_id, outcome in known.items()} | {
        stage_id: Closed(stage_id, ShiftOutcome.REJECTED, StageNotFound(say(NO_STAGE, stage_id=stage_id)))
        for stage_id in unknown
    }
