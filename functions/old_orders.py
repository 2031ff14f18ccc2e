"""The doors of work orders and stages for the app of the old system."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import Any

from chalicelib import ids
from chalicelib.domain.errors import Conflict, NotFound, Stale
from chalicelib.domain.floor.shifts import CloseSessions, ShiftOutcome
from chalicelib.domain.orders.commands import Command, Subject
from chalicelib.domain.orders.statuses import OrderStatus, StageStatus
from chalicelib.domain.orders.work_orders import Order, Stage
from chalicelib.domain.planning.opening import default_stages
from chalicelib.domain.tenant_settings import OTHER
from chalicelib.schemas.base import CommandBody
from chalicelib.schemas.old_orders import (
    OldNewOrder,
    OldOpenedOut,
    OldOrderOut,
    OldOrdersOut,
    OldStageOut,
    OldWorkedOut,
    old_order_out,
    old_stage_out,
    opened,
    worked,
)
from chalicelib.schemas.sessions import PauseStage, ReportStage, StartStage
from chalicelib.schemas.stages import stage_out
from chalicelib.schemas.values import LONGEST_PAGE
from chalicelib.services.floor import shifts, stages
from chalicelib.services.floor.stages import StageFilters
from chalicelib.services.idempotency import Answer, Request
from chalicelib.services.old_ids import id_of, number_of
from chalicelib.services.orders import work_orders
from chalicelib.services.orders.work_orders import OrderFilters
from chalicelib.services.people import known_people, users
from chalicelib.services.planning import opening, routes
from chalicelib.services.tenants import settings_of
from functions._commands import give
from functions._endpoint import Call, Doors
from functions._old import TAPS_SECONDS, every, numbers, rows
from functions._rules import ListOf

doors = Doors(__name__)

MOST_ORDERS = 500
DONE_FOR = timedelta(days=30)
"""Orders that were due longer ago, and are done, are in today's lists only."""


@doors.old("GET", "/v0/workorders", action="order.list", answers=OldOrdersOut)
def old_list_work_orders(call: Call) -> Answer:
    """List the work orders that go on, the next due first, then those done that were due in the last 30 days.

    Workers get those in which they have a stage that goes on, and then those of their last hundred that ended.
    """
    found = _every_order(call) if call.actor.plans else _own_orders(call)
    username = users.read(call.actor, call.actor.user_id).username
    return Answer(OldOrdersOut(total=len(found), data=_shown(call, found), requested_by=username).plain())


@doors.old(
    "POST",
    "/v0/workorders",
    action="order.create",
    body=OldNewOrder,
    answers=OldOpenedOut,
    refuses=(NotFound, Conflict),
)
def old_create_work_order(call: Call) -> Answer:
    """Open a work order with its stages, all on its machine if it has one."""
    number, timezone = call.body.machine_id, settings_of(call.tenant).timezone
    machine_id = None if number is None else id_of(call.tenant, "machine", number)
    new = call.body.payload(timezone)
    if machine_id is not None:
        stages = new.stages or routes.stages_for(call.actor, new) or default_stages(new)
        new = replace(new, stages=tuple(replace(stage, machine_id=machine_id) for stage in stages))
    made = opening.open_work_order(call.actor, new, call.request, lambda order: opened(order, timezone))
    order = number_of(call.tenant, "order", made.data["work_order_id"])
    known = numbers(call.tenant, "stage", (stage["id"] for stage in made.data["stages"]))
    numbered = [stage | {"id": known[stage["id"]]} for stage in made.data["stages"]]
    shown = OldOpenedOut.model_validate(made.data | {"work_order_id": order, "stages": numbered})
    return Answer(shown.plain(), replayed=made.replayed)


@doors.old("GET", "/v0/workorders/{order}", action="order.read", answers=OldOrderOut)
def old_read_work_order(call: Call, order: str) -> Answer:
    """Read a work order."""
    (shown,) = _shown(call, [work_orders.read(call.actor, order)])
    return Answer(shown.plain())


@doors.old("GET", "/v0/workorders/{order}/stages", action="order.read", answers=ListOf(OldStageOut))
def old_list_stages(call: Call, order: str) -> Answer:
    """List the stages of an order that the caller may see, by position."""
    seen = work_orders.read(call.actor, order).seen_by(call.actor)
    known = {
        "order": numbers(call.tenant, "order", [seen.id]),
        "stage": numbers(call.tenant, "stage", (stage.id for stage in seen.stages)),
        "machine": numbers(call.tenant, "machine", (stage.machine_id for stage in seen.stages)),
    }
    timezone = settings_of(call.tenant).timezone
    return rows(old_stage_out(seen, stage, known, timezone) for stage in seen.stages)


@doors.old("POST", "/v0/stages/{stage}/start", action="stage.start", answers=OldWorkedOut, refuses=(Conflict, Stale))
def old_start_stage(call: Call, stage: str) -> Answer:
    """Start work on a stage; opens a session."""
    return _unless_so(call, "start", stage, StartStage(), _works)


@doors.old("POST", "/v0/stages/{stage}/resume", action="stage.start", answers=OldWorkedOut, refuses=(Conflict, Stale))
def old_resume_stage(call: Call, stage: str) -> Answer:
    """Resume work on a stage; opens another session."""
    return _unless_so(call, "start", stage, StartStage(), _works)


@doors.old("POST", "/v0/stages/{stage}/pause", action="stage.pause", answers=OldWorkedOut, refuses=(Conflict, Stale))
def old_pause_stage(call: Call, stage: str) -> Answer:
    """Pause your own work on a stage or, as planner or admin, that of everybody."""
    if call.actor.plans and _everybody_pauses(call, stage):
        return _worked(call, stage_out(*work_orders.read_stage(call.actor, stage), call.actor).plain())
    return _unless_so(call, "pause", stage, PauseStage(), _rests)


@doors.old("POST", "/v0/stages/{stage}/done", action="stage.done", answers=OldWorkedOut, refuses=(Conflict, Stale))
def old_finish_stage(call: Call, stage: str) -> Answer:
    """Finish a stage; that app reports no pieces."""
    return _unless_so(call, "done", stage, ReportStage(), _is_done)


def _unless_so(call: Call, name: str, stage_id: str, body: CommandBody, so: Callable[[Call, Stage], bool]) -> Answer:
    """Give a command on a stage. If it is refused, and the stage already is as it wants, the answer is the stage.

    So a second tap is answered as the first, and who pauses, resumes and pauses again has paused.
    """
    try:
        return _worked(call, give(call.actor, name, stage_id, body, call.received_at, Request()).data)
    except Conflict:
        order, stage = work_orders.read_stage(call.actor, stage_id)
        if not so(call, stage):
            raise
    return _worked(call, stage_out(order, stage, call.actor).plain())


def _works(call: Call, stage: Stage) -> bool:
    return stage.session_of(call.actor.user_id) is not None


def _is_done(_: Call, stage: Stage) -> bool:
    return stage.status is StageStatus.DONE


def _rests(call: Call, stage: Stage) -> bool:
    """Whether nobody works on it any more, or the caller stopped a moment ago."""
    if stage.status is StageStatus.PAUSED:
        return True
    (last,) = stages.sessions_of(call.actor, None, None, limit=1, cursor=None).items or (None,)
    moment = timedelta(seconds=2 * TAPS_SECONDS)
    return last is not None and last.stage_id == stage.id and call.received_at - last.received_at < moment


def _everybody_pauses(call: Call, stage_id: str) -> bool:
    """Close all sessions of a stage, as at the end of a shift. Returns whether one was open."""
    wanted = CloseSessions(pause_reason=OTHER, stage_ids=(stage_id,))
    command = Command(ids.new(), "close_sessions", "", wanted, call.received_at, None, Subject.ORDER)
    closed = shifts.close_sessions(call.actor, command, Request(), lambda all_: [each.outcome for each in all_]).data
    return ShiftOutcome.CLOSED in closed


def _worked(call: Call, stage: Mapping[str, Any]) -> Answer:
    return Answer(worked(stage, number_of(call.tenant, "stage", stage["id"])).plain())


def _every_order(call: Call) -> list[Order]:
    over = OrderFilters(status=(OrderStatus.DONE,), due_after=call.received_at - DONE_FOR)
    found = _orders(call, OrderFilters(), MOST_ORDERS)
    return found + _orders(call, over, MOST_ORDERS - len(found))


def _orders(call: Call, filters: OrderFilters, most: int) -> list[Order]:
    return every(partial(work_orders.page, call.actor, filters), most)


def _own_orders(call: Call) -> list[Order]:
    going = StageFilters(mine=True)
    own = every(partial(stages.page, call.actor, going), MOST_ORDERS)
    over = replace(going, status=(StageStatus.DONE,))
    own += stages.page(call.actor, over, limit=LONGEST_PAGE, cursor=None).items
    return list({order.id: order for order, _ in own}.values())


def _shown(call: Call, orders: Sequence[Order]) -> list[OldOrderOut]:
    tenant, timezone = call.tenant, settings_of(call.tenant).timezone
    following = {
        order_id: stage.machine_id
        for start in range(0, len(orders), LONGEST_PAGE)
        for order_id, stage in work_orders.next_stages(call.actor, orders[start : start + LONGEST_PAGE]).items()
    }
    makers = {order.created_by for order in orders}
    known = {
        "order": numbers(tenant, "order", (order.id for order in orders)),
        "user": numbers(tenant, "user", sorted(makers)),
        "machine": numbers(tenant, "machine", following.values()),
    }
    people = known_people.find((tenant, user_id) for user_id in makers)
    names = {user_id: user.username for (_, user_id), user in people.items()}
    return [
        old_order_out(order, known, names.get(order.created_by), following.get(order.id), timezone) for order in orders
    ]
