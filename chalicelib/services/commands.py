"""Commands on an order: load → decide → commit → answer.

A repeated command gets its first answer again. A command that loses a race is run again.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, Generic, TypeVar

from chalicelib import clock, ids
from chalicelib.domain.errors import Conflict, together
from chalicelib.domain.markers import Marker, days_of
from chalicelib.domain.orders import issues
from chalicelib.domain.orders.changes import Change, Decide
from chalicelib.domain.orders.commands import Command, CommandRecord, Subject
from chalicelib.domain.orders.timers import of_order
from chalicelib.domain.orders.transitions import allowed
from chalicelib.domain.orders.work_orders import Order, order_id_of
from chalicelib.domain.people.users import Actor
from chalicelib.domain.telling import events
from chalicelib.domain.telling.concerned import concerned
from chalicelib.services import outbox, tenants
from chalicelib.services.idempotency import Answer, Once, Request, answered_before, commit, once
from chalicelib.services.retries import until_won
from chalicelib.storage import markers, timers
from chalicelib.storage.codec import CONVERTER
from chalicelib.storage.orders import order_items, work_orders

Payload = TypeVar("Payload")
Prepare = Callable[[Order], Decide[Payload]]
Present = Callable[[Change, Actor], Any]

_ORDER_ID_OF: Mapping[Subject, Callable[[str], str]] = {
    Subject.ORDER: str,
    Subject.STAGE: order_id_of,
    Subject.ISSUE: issues.order_id_of,
}


def by(decide: Decide[Payload]) -> Prepare[Payload]:
    """A `prepare` step that returns this rule and reads nothing."""
    return lambda _: decide


@dataclass(frozen=True)
class Steps(Generic[Payload]):
    """The steps that are particular to a command.

    `prepare` returns the rule that decides. It may read more than the order, and raises an error if the actor may not
    see what it reads. The order's version guards what it reads. `check` refuses people and machines that the plant does
    not know. `present` makes the answer from the change.
    """

    prepare: Prepare[Payload]
    present: Present
    check: Callable[[], None] = lambda: None


def run(actor: Actor, command: Command[Payload], request: Request, steps: Steps[Payload]) -> Answer:
    """Run a command once for each key, and again if others change the order at the same time.

    Raises what the steps raise, LostRace, StaleVersion, IdempotencyKeyReused, StorageUnavailable. Costs one query and
    one transaction. With a key, a refused command and a command without effect cost one read more.
    """
    single = _once(actor, command, request)
    return answered_before(single, lambda: until_won(partial(_attempt, actor, command, request, steps, single)))


def _attempt(
    actor: Actor, command: Command[Payload], request: Request, steps: Steps[Payload], single: Once | None
) -> Answer:
    """Load, decide, commit and answer. Raises ConditionFailed, Collision.

    If nothing happened, nothing is written.
    """
    before = _load(actor, command)
    decide = steps.prepare(before)
    request.refuse_stale(before.version)
    change = together(steps.check, lambda: _decided(before, actor, decide, command))
    answer = Answer(steps.present(change, actor), change.created, change.order.version)
    if not change.happened:
        return (single and single.earlier()) or answer
    if not request.dry_run:
        _commit(actor, before, change, command, answer, single=single, request=request)
    return answer


def _once(actor: Actor, command: Command[Payload], request: Request) -> Once | None:
    """The identity of the command for its idempotency key; None without a key. Raises StageNotFound, IssueNotFound."""
    order_id = _ORDER_ID_OF[command.subject](command.target)
    return once(actor, request, command.name, command.target, command.identity, order_id=order_id)


def _load(actor: Actor, command: Command[Payload]) -> Order:
    """Read the order of a command. Raises OrderNotFound, also if the actor may not see it.

    Raises StageNotFound or IssueNotFound if the order does not exist. Whether the actor may see the stage or the issue
    is checked by `Steps.prepare`.
    """
    if command.subject is Subject.ISSUE:
        return work_orders.load_of_issue(actor.tenant, command.target)
    if command.subject is Subject.ORDER:
        order = work_orders.load(actor.tenant, command.target)
        order.seen_by(actor)
        return order
    return work_orders.load_of_stage(actor.tenant, command.target)


def _decided(before: Order, actor: Actor, decide: Decide[Payload], command: Command[Payload]) -> Change:
    """The domain's decision under the tenant's settings, with the order's version raised by one.

    A conflict on a stage names the commands that are allowed instead.
    """
    try:
        change = decide(before, actor, command, tenants.settings_of(actor.tenant))
    except Conflict as refusal:
        if refusal.allowed is None and command.subject is Subject.STAGE:
            refusal.allowed = tuple(allowed(before, before.stage(command.target), actor))
        raise
    return replace(change, order=replace(change.order, version=before.version + 1))


def _commit(
    actor: Actor,
    before: Order,
    change: Change,
    command: Command[Payload],
    answer: Answer,
    *,
    single: Once | None,
    request: Request,
) -> None:
    """Write everything in one transaction. Raises ConditionFailed, Collision, KeySeen."""
    told = () if request.as_of else events.of_change(change, actor, command, ids.new())
    record = _record(change, actor, command)
    if not (told or request.as_of):
        record = replace(record, unheard=True, people=concerned(before, change))
    write = order_items.command(actor.tenant, before, change, record)
    timezone = tenants.settings_of(actor.tenant).timezone
    issue_days = tuple(day for each in change.happened for day in days_of(each.id, each.moments, timezone))
    if change.touches_numbers or issue_days:
        order_ids = (before.id,) if change.touches_numbers else ()
        marker = Marker(ids.new(), actor.tenant, order_ids, issue_days=issue_days, touched=change.touched)
        write += markers.put(marker)
    write += outbox.recorded(told, command.received_at)
    write += timers.put(request.to_ring([*change.timers, *of_order(actor.tenant, before, change.order)]))
    commit(write, single, answer, clock.now())


def _record(change: Change, actor: Actor, command: Command[Payload]) -> CommandRecord:
    """The command's record for the audit trail, with the status before and after of what the command was given for."""
    own = change.happened[0]
    return CommandRecord(
        id=command.id,
        command=command.name,
        target=command.target,
        actor=actor.user_id,
        at=command.as_sent.happened_at,
        received_at=command.received_at,
        changes=CONVERTER.unstructure(command.as_sent.payload),
        source=own.source,
        to=own.to,
        reason=getattr(command.payload, "reason", None),
        terminal_id=actor.terminal_id,
    )
