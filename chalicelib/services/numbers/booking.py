"""Booking: the clock makes what machines counted the good pieces of stages that were finished without any."""

from dataclasses import replace
from datetime import datetime

from chalicelib import clock, ids
from chalicelib.domain.errors import Conflict, StaleVersion
from chalicelib.domain.floor import corrections
from chalicelib.domain.floor.corrections import Correct
from chalicelib.domain.floor.sessions import within_allowed
from chalicelib.domain.numbers.booking import Booking, booking, is_awaited
from chalicelib.domain.orders.changes import Change
from chalicelib.domain.orders.commands import Command
from chalicelib.domain.orders.work_orders import Order, StageNotFound
from chalicelib.domain.people.users import TAKIP, Actor, Role
from chalicelib.domain.tenant_settings import CountedPieces, TenantSettings
from chalicelib.domain.timers import Timer
from chalicelib.observability import logger
from chalicelib.services import commands
from chalicelib.services.commands import Steps
from chalicelib.services.idempotency import Request
from chalicelib.services.numbers.attribution import machine_count
from chalicelib.services.tenants import settings_of
from chalicelib.storage import timers, writes
from chalicelib.storage.orders import work_orders
from chalicelib.storage.orders.work_orders import Worked

REASON = "counted by the machine"


def book(timer: Timer) -> int:
    """Book what machines counted for a stage that is done. Returns the number of bookings, 0 or 1.

    The stage is looked at again until no late reading is taken any more, after twice the time since it was done. A
    booking that the order refuses is tried again then. Costs a query of the order, what `machine_count` costs, and two
    transactions at most. Raises ConditionFailed, Collision, StorageUnavailable.
    """
    tenant = timer.tenant
    worked = _worked(timer)
    if worked is None or settings_of(tenant).counted_pieces is not CountedPieces.BOOKED:
        writes.commit(timers.taken(timer))
        return 0
    since, stage = timer.since or timer.due_at, worked.order.stage(timer.id)
    recorded = [each for each in worked.recorded if each.stage_id == stage.id]
    found = machine_count(tenant, stage, worked.sessions)
    awaited = is_awaited(found, recorded, since)
    wanted = booking(found, recorded, since) if awaited else None
    try:
        booked = _booked(tenant, worked, timer.id, wanted)
    except StaleVersion:
        return 0  # somebody changed the order meanwhile; the next minute looks at it again
    again = [] if found.complete or not awaited else [_later(timer, since)]
    writes.commit(timers.taken(timer) + timers.put(again))
    return booked


def _worked(timer: Timer) -> Worked | None:
    """The order of the stage with its sessions; None if it is not there."""
    try:
        return work_orders.load_worked_of_stage(timer.tenant, timer.id)
    except StageNotFound:
        return None


def _booked(tenant: str, worked: Worked, stage_id: str, wanted: Booking | None) -> int:
    """Correct the session, if the order is as it was read. Raises StaleVersion if it is not.

    A correction that the order refuses is told, and not done: also one beyond the quantity that the order allows, for
    which a planner would give a reason.
    """
    if wanted is None:
        return 0

    def decide(order: Order, actor: Actor, command: Command[Correct], settings: TenantSettings) -> Change:
        change = corrections.correct(order, actor, command, settings, worked.recorded)
        within_allowed(order.stage(stage_id), change.order.stage(stage_id), order, actor, None, settings)
        return change

    payload = Correct(wanted.session_id, REASON, good=wanted.good)
    command = Command(ids.new(), "correct", stage_id, payload, clock.now())
    steps = Steps(commands.by(decide), present=lambda *_: None)
    as_read = Request(expected_versions=frozenset({worked.order.version}))
    try:
        commands.run(Actor(tenant, TAKIP, Role.PLANNER), command, as_read, steps)
    except Conflict as refusal:
        told = {"tenant": tenant, "stage_id": stage_id, "code": refusal.code}
        logger().info("what machines counted cannot be booked", extra=told)
        return 0
    return 1


def _later(timer: Timer, since: datetime) -> Timer:
    """The timer after twice the time since the stage was done."""
    now = clock.now()
    return replace(timer, due_at=now + (now - since))
