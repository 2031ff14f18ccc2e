"""Metrics of a stage and of an order."""

from collections.abc import Sequence
from datetime import datetime

from chalicelib import clock
from chalicelib.domain.numbers import order_metrics, stage_metrics
from chalicelib.domain.numbers.explained import Recorded, explained
from chalicelib.domain.numbers.inputs import Input
from chalicelib.domain.numbers.metrics import Measured
from chalicelib.domain.orders.work_orders import Stage
from chalicelib.domain.people.users import Actor
from chalicelib.services.pages import ListPage, part_of
from chalicelib.services.tenants import settings_of
from chalicelib.storage import cursors
from chalicelib.storage.orders import work_orders
from chalicelib.storage.orders.work_orders import Worked


def of_stage(actor: Actor, stage_id: str) -> Measured:
    """Measure a stage as of now, in one query. Raises StageNotFound."""
    worked = work_orders.load_worked_of_stage(actor.tenant, stage_id)
    stage = worked.order.stage_seen_by(actor, stage_id)
    return stage_metrics.of_stage(worked.order, stage, worked.sessions, clock.now(), settings_of(actor.tenant))


def of_order(actor: Actor, order_id: str) -> Measured:
    """Measure an order as of now, in one query. Workers may if they may see one of its stages. Raises OrderNotFound."""
    worked = work_orders.load_worked(actor.tenant, order_id)
    worked.order.seen_by(actor)
    return order_metrics.of_order(worked.order, worked.sessions, clock.now(), settings_of(actor.tenant))


def of_order_with_stages(actor: Actor, order_id: str) -> tuple[Measured, list[tuple[Stage, Measured]]]:
    """Measure an order and each of its stages that the actor may see, in one query. Raises OrderNotFound."""
    worked, now, settings = work_orders.load_worked(actor.tenant, order_id), clock.now(), settings_of(actor.tenant)
    seen = worked.order.seen_by(actor)
    of_stages = [
        (stage, stage_metrics.of_stage(worked.order, stage, worked.sessions, now, settings)) for stage in seen.stages
    ]
    return order_metrics.of_order(worked.order, worked.sessions, now, settings), of_stages


def explained_stage(actor: Actor, stage_id: str, *, limit: int, cursor: str | None) -> tuple[Measured, ListPage[Input]]:
    """Measure a stage, with a page of its inputs, in one query. Raises StageNotFound, BadCursor."""
    worked = work_orders.load_worked_of_stage(actor.tenant, stage_id)
    stage, now = worked.order.stage_seen_by(actor, stage_id), clock.now()
    measured = stage_metrics.of_stage(worked.order, stage, worked.sessions, now, settings_of(actor.tenant))
    return measured, _inputs(actor, worked, [stage], now, limit=limit, cursor=cursor)


def explained_order(actor: Actor, order_id: str, *, limit: int, cursor: str | None) -> tuple[Measured, ListPage[Input]]:
    """Measure an order, with a page of the inputs that the actor may see, in one query.

    Raises OrderNotFound, BadCursor.
    """
    worked = work_orders.load_worked(actor.tenant, order_id)
    seen, now = worked.order.seen_by(actor), clock.now()
    measured = order_metrics.of_order(worked.order, worked.sessions, now, settings_of(actor.tenant))
    return measured, _inputs(actor, worked, seen.stages, now, limit=limit, cursor=cursor)


def _inputs(
    actor: Actor, worked: Worked, stages: Sequence[Stage], now: datetime, *, limit: int, cursor: str | None
) -> ListPage[Input]:
    """A page of the inputs of some stages of an order."""
    recorded = Recorded(worked.order, worked.recorded, worked.reports)
    found = explained(stages, recorded, now, settings_of(actor.tenant))
    bound = cursors.list_id("inputs", actor.tenant, [stage.id for stage in stages])
    return part_of(found, lambda each: each.place, bound, limit=limit, cursor=cursor)
