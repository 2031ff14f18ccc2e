"""Commands: load → decide → commit; a repeated one is answered again, a lost race is run again."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, TypeVar

from chalicelib import ids
from chalicelib.domain.errors import Conflict, StaleVersion, together
from chalicelib.domain.markers import Marker
from chalicelib.domain.orders import issues
from chalicelib.domain.orders import work_orders as orders
from chalicelib.domain.orders.commands import Change, Command, CommandRecord, Subject
from chalicelib.domain.orders.transitions import allowed
from chalicelib.domain.orders.work_orders import Order
from chalicelib.domain.people.users import Actor
from chalicelib.domain.tenants import TenantSettings
from chalicelib.services import tenants
from chalicelib.services.idempotency import Answer, Once, Request, answered_before, once
from chalicelib.services.retries import until_won
from chalicelib.storage import idempotency, keys, markers
from chalicelib.storage.items import CONVERTER
from chalicelib.storage.orders import order_items, work_orders
from chalicelib.storage.table import Put

Payload = TypeVar("Payload")
Decide = Callable[[Order, Actor, Command[Payload], TenantSettings], Change]
Present = Callable[[Change, Actor], Any]
Prepare = Callable[[Order], Decide[Payload]]

_ORDER_ID_OF: Mapping[Subject, Callable[[str], str]] = {
    Subject.ORDER: str,
    Subject.STAGE: orders.order_id_of,
    Subject.ISSUE: issues.order_id_of,
}


def run(
    actor: Actor,
    decide: Decide[Payload],
    command: Command[Payload],
    request: Request,
    present: Present,
    check: Callable[[], None] = lambda: None,
) -> Answer:
    """Run a command, and answer what `present` makes of the change. `check` refuses what the plant does not know.

    Raises what `decide` and `check` raise, LostRace, StaleVersion, IdempotencyKeyReused, StorageUnavailable.
    Costs one query and one transaction; a refusal with a key one read more.
    """
    return run_prepared(actor, lambda _: decide, command, request, present, check)


def run_prepared(
    actor: Actor,
    prepare: Prepare[Payload],
    command: Command[Payload],
    request: Request,
    present: Present,
    check: Callable[[], None] = lambda: None,
) -> Answer:
    """Run a command as `run` does, where more than the order must be known before it is decided.

    `prepare` reads that after the order, whose version guards it too, and refuses what the actor may not know of.
    """
    order_id = _ORDER_ID_OF[command.subject](command.target)
    key = keys.idempotency_of_order(actor.tenant, order_id, actor.user_id, request.key) if request.key else None
    payload = [command.payload, command.at]
    single = once(key, command.name, command.target, payload, dry_run=request.dry_run)

    def attempt() -> Answer:
        before = _load(actor, command)
        decide = prepare(before)
        if not request.expects(before.version):
            raise StaleVersion("Read it again, then send the new ETag as If-Match.")
        change = together(check, lambda: _decided(before, actor, decide, command))
        answer = Answer(present(change, actor), change.created, change.order.version)
        if not request.dry_run:
            _commit(actor, before, change, command, answer, single)
        return answer

    return answered_before(single, lambda: until_won(attempt))


def _load(actor: Actor, command: Command[Payload]) -> Order:
    """Read the order that a command is about. Raises OrderNotFound or StageNotFound, also of what is not theirs.

    Raises IssueNotFound where there is no order of such an issue; whether it is theirs is seen when it is read.
    """
    if command.subject is Subject.ISSUE:
        return work_orders.load_of_issue(actor.tenant, command.target)
    if command.subject is Subject.ORDER:
        order = work_orders.load(actor.tenant, command.target)
        order.seen_by(actor)
        return order
    order = work_orders.load_of_stage(actor.tenant, command.target)
    order.stage_seen_by(actor, command.target)
    return order


def _decided(before: Order, actor: Actor, decide: Decide[Payload], command: Command[Payload]) -> Change:
    """Ask the domain, under what the plant has decided; whatever changes the order raises its version.

    A conflict says what would be allowed instead.
    """
    try:
        change = decide(before, actor, command, tenants.settings_of(actor.tenant))
    except Conflict as refusal:
        if refusal.allowed is None and command.subject is Subject.STAGE:
            refusal.allowed = tuple(allowed(before, before.stage(command.target), actor))
        raise
    return replace(change, order=replace(change.order, version=before.version + 1))


def _commit(
    actor: Actor, before: Order, change: Change, command: Command[Payload], answer: Answer, single: Once | None
) -> None:
    """Write everything in one transaction. Raises ConditionFailed, Collision, KeySeen."""
    puts, deletes = order_items.command(actor.tenant, before, change, _record(before, change, actor, command))
    if _touches_aggregates(before, change):
        puts.append(Put(markers.as_item(Marker(ids.new(), actor.tenant, order_ids=(before.id,)))))
    storing = single.storing(answer) if single else None
    idempotency.write(puts, once=storing, now=command.received_at, taken={}, deletes=deletes)


def _touches_aggregates(before: Order, change: Change) -> bool:
    """Whether the numbers of a day, or the lists of workers, come out differently now."""
    listed, now = ([(s.ended, s.planned_start, s.planned_end) for s in o.stages] for o in (before, change.order))
    return bool(change.sessions) or listed != now


def _record(before: Order, change: Change, actor: Actor, command: Command[Payload]) -> CommandRecord:
    """Write the command down for the audit trail."""
    source, to = _statuses(before, change, command)
    return CommandRecord(
        id=command.id,
        command=command.name,
        target=command.target,
        actor=actor.user_id,
        at=command.happened_at,
        received_at=command.received_at,
        changes=CONVERTER.unstructure(command.payload),
        source=source,
        to=to,
        reason=getattr(command.payload, "reason", None),
    )


def _statuses(before: Order, change: Change, command: Command[Payload]) -> tuple[str, str]:
    """From which status to which a command led what it is about."""
    if change.answered is not None:
        return change.answered.status, change.issues[0].status
    if command.subject is Subject.ORDER:
        return before.status, change.order.status
    return before.stage(command.target).status, change.order.stage(command.target).status
